"""The base of every form."""

from __future__ import annotations

from flask_wtf import FlaskForm

from grants.db import refuse
from grants.kernel.errors import DomainError
from grants.web.wording import reason_text


class StageForm(FlaskForm):
    """A form with its token; errors of the process are shown among those of the form."""

    def show(self, error: DomainError) -> None:
        """Show a refused service call above the form (``form.form_errors``); nothing of the request is kept."""
        refuse()
        self.form_errors.append(reason_text(error.code, error.facts))


class ActionForm(StageForm):
    """A form that carries nothing but its token: one button, one verb."""
