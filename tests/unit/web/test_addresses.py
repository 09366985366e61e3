"""Addresses that are remembered are the ones that would be worked out."""

import pytest
from flask import Blueprint, Flask, url_for

from grants.web.addresses import install_addresses


@pytest.fixture
def app():
    app = Flask("addresses")
    bp = Blueprint("desk", __name__, static_folder=".", static_url_path="/desk-static")
    bp.add_url_rule("/staff/", "worklist", lambda: url_for(".worklist"))
    bp.add_url_rule("/cases/<ref>", "case", lambda ref: url_for("desk.case", ref=ref))
    other = Blueprint("public", __name__)
    other.add_url_rule("/all", "worklist", lambda: url_for(".worklist"))
    app.register_blueprint(bp)
    app.register_blueprint(other)
    install_addresses(app)
    return app


ASKED = [
    ("desk.worklist", {}),
    ("desk.worklist", {"view": "all"}),
    ("desk.worklist", {"_external": True}),
    ("desk.worklist", {"_anchor": "foot"}),
    ("desk.case", {"ref": "SBC-1"}),
    ("desk.case", {"ref": "SBC-2"}),
    ("static", {"filename": "css/base.css"}),
    ("static", {"filename": "css/forms.css"}),
    ("desk.static", {"filename": "css/base.css"}),
    ("static", {"filename": "css/base.css", "v": "2"}),
]


@pytest.mark.parametrize(("endpoint", "values"), ASKED)
def test_twice_the_same_and_as_flask_has_it(app, endpoint, values):
    for host in ("one.example", "two.example"):
        with app.test_request_context(base_url=f"http://{host}"):
            expected = Flask.url_for(app, endpoint, **values)
            assert [url_for(endpoint, **values), app.jinja_env.globals["url_for"](endpoint, **values)] == [expected] * 2


def test_one_that_begins_with_a_dot_depends_on_the_page(app):
    browser = app.test_client()

    assert [browser.get(path).text for path in ("/staff/", "/all", "/staff/")] == ["/staff/", "/all", "/staff/"]


def test_a_site_below_another_path_has_addresses_of_its_own(app):
    seen = []
    for root in ("", "/below", ""):
        with app.test_request_context(base_url=f"http://one.example{root}"):
            seen.append(url_for("desk.worklist"))

    assert seen == ["/staff/", "/below/staff/", "/staff/"]


def test_outside_of_a_request_there_is_no_address(app):
    with app.test_request_context():
        url_for("desk.worklist")

    with app.app_context(), pytest.raises(RuntimeError):
        url_for("desk.worklist")
