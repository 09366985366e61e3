"""The style guide renders every macro; what it shows is wired as assistive technology needs it."""

from collections import Counter
from html.parser import HTMLParser
from types import SimpleNamespace

import pytest
from flask import Flask, render_template, render_template_string
from flask_babel import Babel
from flask_bootstrap import Bootstrap5

from grants.web import styleguide
from grants.web.filters import install_filters
from grants.web.styleguide.sample_form import SampleForm
from grants.web.wording import add_wording, install_wording

ERROR_PAGES = (400, 401, 403, 404, 405, 409, 413, 422, 429, 500, 503)


class Page(HTMLParser):
    """The elements of a page in order: (tag, attributes)."""

    def __init__(self, text):
        super().__init__()
        self.elements = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def ids(self):
        return Counter(attributes["id"] for _, attributes in self.elements if "id" in attributes)


@pytest.fixture(scope="module")
def bare_app():
    """Only what templates need: no database, no sign-in."""
    app = Flask("grants", template_folder="../templates", static_folder="../static")
    app.config.update(TESTING=True, SECRET_KEY="test")
    Babel(app, default_locale="zh_Hans_CN")
    Bootstrap5(app)
    install_wording(app)
    add_wording(app, {}, {"application.returned": ("act", "退回补正")})
    install_filters(app)
    app.register_blueprint(styleguide.bp)
    return app


@pytest.fixture(scope="module")
def page(bare_app):
    response = bare_app.test_client().get("/styleguide")
    assert response.status_code == 200
    return Page(response.text)


@pytest.fixture
def show(bare_app):
    """Render a template text within a request."""

    def render(text, **context):
        with bare_app.test_request_context():
            return render_template_string(text, **context)

    return render


def test_it_is_not_served_in_production(bare_app):
    app = bare_app
    app.testing = False
    try:
        assert app.test_client().get("/styleguide").status_code == 404
    finally:
        app.testing = True


def test_every_id_is_given_once(page):
    assert [name for name, times in page.ids.items() if times > 1] == []


def test_every_link_within_the_page_leads_somewhere(page):
    targets = {link["href"][1:] for link in page.all("a") if link.get("href", "").startswith("#")}

    assert targets - set(page.ids) == set()


@pytest.mark.parametrize("attribute", ["aria-describedby", "aria-labelledby", "for"])
def test_every_reference_between_elements_holds(page, attribute):
    named = {name for _, attributes in page.elements for name in (attributes.get(attribute) or "").split()}

    assert named - set(page.ids) == set()


def test_every_input_has_a_label(page):
    labelled = {label.get("for") for label in page.all("label")}
    inputs = [*page.all("input"), *page.all("select"), *page.all("textarea")]
    bare = [i for i in inputs if i.get("type") != "hidden" and i.get("id") not in labelled and "aria-label" not in i]

    assert bare == []


def test_every_drawing_that_means_something_is_named(page):
    drawings = page.all("svg")

    assert [svg for svg in drawings if svg.get("aria-hidden") != "true" and not svg.get("aria-label")] == []


def test_every_error_of_a_form_is_linked_to_its_field(show):
    form = SampleForm(prefix="faulty_").with_errors()
    html = show(
        '{% from "components/form.html" import error_summary, field %}{{ error_summary(form) }}'
        "{% for f in form %}{% if f.errors %}{{ field(f) }}{% endif %}{% endfor %}",
        form=form,
    )
    shown = Page(html)

    assert len(shown.all("a")) == len(form.SHOWN_ERRORS)
    assert {link["href"][1:] for link in shown.all("a")} <= set(shown.ids)
    assert "有 6 处需要改正" in html


def test_a_form_without_errors_has_no_summary(show):
    summary = '{% from "components/form.html" import error_summary %}{{ error_summary(form) }}'

    assert show(summary, form=SampleForm()).strip() == ""


def test_a_disabled_button_says_why(show):
    html = show(
        '{% from "components/form.html" import submit_button %}'
        '{{ submit_button("提交", disabled=true, reason="受理已截止") }}'
    )

    assert Page(html).all("button")[0]["aria-describedby"] == "why-submit"
    assert 'id="why-submit"' in html
    assert "受理已截止" in html


def test_a_state_has_its_one_wording_and_tone(show):
    html = show('{% from "components/status.html" import state_badge %}{{ state_badge("application.returned") }}')

    assert "state--act" in html
    assert "#back" in html
    assert "退回补正" in html


@pytest.mark.parametrize(
    ("verdict", "severity", "due", "words"),
    [
        ("pass", "return", True, "符合"),
        ("fail", "reject", True, "不符合"),
        ("fail", "warn", True, "提示"),
        ("unknown", "return", True, "暂不能判断"),
        ("not_applicable", "return", True, "不适用"),
        ("unknown", "return", False, "尚未到核验时点"),
    ],
)
def test_a_verdict_is_put_into_words(show, verdict, severity, due, words):
    finding = {"rule": "SBC-1", "title": "规则", "verdict": verdict, "severity": severity, "due": due}
    html = show('{% from "components/status.html" import finding_mini %}{{ finding_mini(finding) }}', finding=finding)

    assert f"<b>{words}</b>" in html


@pytest.mark.parametrize(
    ("family", "call"),
    [
        ("status.html", "kv(((bad, bad),))"),
        ("status.html", 'timeline(({"title": bad, "text": bad, "at": bad, "by": bad},))'),
        (
            "status.html",
            'finding_card({"rule": bad, "title": bad, "verdict": "fail", "message": bad, "read": ((bad, bad),)})',
        ),
        ("status.html", "fingerprint(bad)"),
        ("status.html", "masked(bad)"),
        ("diff.html", 'diff_table(({"label": bad, "old": bad, "new": ""},), bad, bad)'),
        ("page.html", "empty_state(bad, bad, bad, bad)"),
        ("table.html", "search_form(bad, bad, bad, bad, hidden={bad: bad})"),
        ("chart.html", "bar_chart(bad, ((bad, 1),), unit=bad)"),
    ],
)
def test_what_was_typed_is_escaped(show, family, call):
    macro = call.partition("(")[0]
    page = f'{{% from "components/{family}" import {macro} %}}{{{{ {call} }}}}'

    assert "<script>" not in show(page, bad="<script>alert(1)</script>")


@pytest.mark.parametrize("status", ERROR_PAGES)
def test_error_pages_say_what_happened_what_is_kept_and_what_next(bare_app, status):
    with bare_app.test_request_context():
        html = render_template(f"errors/{status}.html", status=status, code=str(status), reason="")

    assert html.count("<h1") == 1
    assert "怎样办" in html
    assert "btn-primary" in html


def test_an_error_page_gives_the_reason_it_was_told(bare_app):
    with bare_app.test_request_context():
        html = render_template("errors/409.html", status=409, code="state_changed", reason="这条记录刚刚已被改变。")

    assert "这条记录刚刚已被改变。" in html
    assert "state_changed" in html


@pytest.mark.parametrize("layout", ["public", "enterprise", "expert", "office"])
def test_layouts_bear_an_empty_context_and_a_full_one(bare_app, show, layout):
    page = f'{{% extends "layouts/{layout}.html" %}}{{% block main %}}<h1>页</h1>{{% endblock %}}'
    link = SimpleNamespace(label="待办", url="/x", is_current=True)
    full = show(
        page,
        current_actor=SimpleNamespace(is_anonymous=False, name="陈某"),
        navigation=lambda side, actor: [link] if side == layout else [],
        unread_count=3,
        inbox_url="/inbox",
        demo_clock={"text": "2026年12月1日", "url": "/clock"},
    )

    assert '<html lang="zh-CN"' in show(page)
    for words in ("待办", "陈某", "3 条未读通知", "2026年12月1日", 'href="#main"'):
        assert words in full
    assert Page(full).ids["main"] == 1
