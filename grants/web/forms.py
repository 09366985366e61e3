"""The base of every form."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms.form import BaseForm
from wtforms.meta import DefaultMeta

from grants.db import refuse
from grants.kernel.errors import DomainError
from grants.web.wording import reason_text


class StageForm(FlaskForm):
    """A form with its token; errors of the process are shown among those of the form."""

    class Meta(FlaskForm.Meta):
        """The library's own messages are read once per process; Flask-WTF looks for their file at every request."""

        locales = ("zh",)

        def get_translations(self, form: BaseForm) -> Any:
            """WTForms' texts in Chinese."""
            return DefaultMeta.get_translations(self, form)

    def show(self, error: DomainError) -> None:
        """Show a refused service call above the form (``form.form_errors``); nothing of the request is kept."""
        refuse()
        self.form_errors.append(reason_text(error.code, error.facts))


class ActionForm(StageForm):
    """A form that carries nothing but its token: one button, one verb."""
