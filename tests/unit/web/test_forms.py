"""The library's own messages are in Chinese, as Flask-WTF has them, and looked for once."""

import pytest
from flask import Flask
from flask_babel import Babel
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import IntegerField, StringField
from wtforms.validators import InputRequired, Length

from grants.web.forms import StageForm


class Asked:
    name = StringField(validators=[InputRequired()])
    note = StringField(validators=[Length(max=2)])
    number = IntegerField()


class Theirs(Asked, FlaskForm):
    pass


class Ours(Asked, StageForm):
    pass


@pytest.fixture
def app():
    app = Flask("forms")
    app.config.update(SECRET_KEY="test", WTF_CSRF_ENABLED=False)
    Babel(app, default_locale="zh_Hans_CN")
    return app


def errors_of(app, form):
    with app.test_request_context(method="POST"):
        made = form(MultiDict({"name": "", "note": "三个字", "number": "x"}))
        made.validate()
        return made.errors, made.meta.get_translations(made)


def test_the_same_messages_as_the_library(app):
    ours, theirs = errors_of(app, Ours)[0], errors_of(app, Theirs)[0]

    assert ours == theirs
    assert all(not text.isascii() for errors in ours.values() for text in errors)


def test_they_are_read_once(app):
    assert errors_of(app, Ours)[1] is errors_of(app, Ours)[1]
