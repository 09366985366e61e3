"""Who may reach what, and in which transaction."""

from collections import Counter
from pathlib import Path

from grants.factory import create_app
from grants.web.guards import access_of
from tests.support.databases import dispose, make_settings
from tests.support.walking.crawling import PARTS, TABLE, get_endpoints, pages_table

LISTED = Path(__file__).with_name("public_endpoints.txt")
READING = {"GET", "HEAD", "OPTIONS"}


def test_every_endpoint_says_whom_it_serves(structure):
    unmarked = [endpoint for endpoint in structure.view_functions if access_of(structure, endpoint) is None]

    assert unmarked == [], "mark the view with @requires(...) or @public"


def test_what_everybody_may_reach_is_written_down(structure):
    public = {endpoint for endpoint in structure.view_functions if access_of(structure, endpoint).anybody}

    assert public == set(LISTED.read_text().split()), f"a public endpoint is a decision: keep {LISTED.name} in step"


def test_every_view_that_writes_has_its_transaction(structure):
    writing = {rule.endpoint for rule in structure.url_map.iter_rules() if rule.methods - READING}
    bare = [name for name in writing if not getattr(structure.view_functions[name], "is_transactional", False)]

    assert bare == [], "put @transactional directly above the view"


def test_an_unmarked_view_is_refused(databases, worker_id):
    folder = databases.folder / "unmarked" / worker_id
    url = databases.copy("sqlite", f"unmarked_{worker_id}")
    app = create_app(make_settings(url, folder))
    app.add_url_rule("/unmarked", "unmarked", lambda: "secret")
    try:
        answer = app.test_client().get("/unmarked")
    finally:
        dispose(app)

    assert (answer.status_code, "secret" in answer.text) == (403, False)


def test_every_page_is_looked_at_in_a_browser(structure):
    table = pages_table()
    placed = Counter(endpoint for endpoints in table.values() for endpoint in endpoints)

    assert sorted(get_endpoints(structure) - placed.keys()) == [], f"say in {TABLE.name} which part looks at it"
    assert sorted(placed.keys() - get_endpoints(structure)) == []
    assert [endpoint for endpoint, count in placed.items() if count > 1] == []
    assert sorted(table) == sorted((*PARTS, "seen_elsewhere", "no_pages"))
