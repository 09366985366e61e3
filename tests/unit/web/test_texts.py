"""Texts stand in the compiled template where there is one language, and are looked up where there are several."""

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from flask import Flask, render_template_string
from flask_babel import Babel, gettext, lazy_gettext
from markupsafe import Markup

from grants.web.texts import has_catalogues, install_texts

TEMPLATES = (
    "{{ _('编号') }}",
    "<b title=\"{{ _('满分 100%%') }}\">",
    "{{ _('a < b') }}",
    "{{ _('第') ~ 3 ~ _('行') }} {{ _('甲') if 1 else _('乙') }}",
    "{{ _('退回')|upper }}{{ _('退回').startswith('退') }}{{ not _('退回') }}",
    "{% set words = {'a': _('甲'), 'b': _('乙')} %}{{ words['b'] }}",
    "{% macro m(text=_('丙')) %}{{ text }}{% endmacro %}{{ m() }}",
    "{{ _('第 %(n)s 行', n='<i>') }}",
    "{{ _( '空格' ) }}{{ gettext('直接') }}",
)


def make_app(folder):
    app = Flask("texts", root_path=str(folder))
    Babel(app, default_locale="zh_Hans_CN")
    return app


def show(app, template):
    with app.test_request_context():
        return render_template_string(template)


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_page_reads_as_if_every_text_were_looked_up(tmp_path, template):
    ours, plain = make_app(tmp_path), make_app(tmp_path)
    install_texts(ours)

    assert show(ours, template) == show(plain, template)


def test_the_compiled_template_looks_nothing_up(tmp_path):
    app = make_app(tmp_path)
    install_texts(app)

    compiled = app.jinja_env.compile("<b>{{ _('编号') }}</b>", raw=True)

    assert "<b>编号</b>" in compiled
    assert "gettext" not in compiled


def test_code_gets_the_text_itself_with_its_values(tmp_path):
    app = make_app(tmp_path)
    install_texts(app)

    with app.test_request_context():
        assert (gettext("编号"), gettext("第 %(n)s 行", n=3), str(lazy_gettext("甲"))) == ("编号", "第 3 行", "甲")
        assert not isinstance(gettext("编号"), Markup)


def test_with_a_catalogue_every_text_is_looked_up(tmp_path):
    folder = tmp_path / "translations" / "zh_Hans_CN" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    catalogue = Catalog(locale="zh_Hans_CN")
    catalogue.add("编号", "号码")
    with (folder / "messages.mo").open("wb") as file:
        write_mo(file, catalogue)
    app = make_app(tmp_path)
    install_texts(app)

    with app.test_request_context():
        assert has_catalogues(app)
        assert render_template_string("{{ _('编号') }}") == gettext("编号") == "号码"
