"""What a file's sender says of it before the first byte."""

from __future__ import annotations

from wtforms import IntegerField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from grants.web.forms import StageForm

MAX_SAID_BYTES = 2**40


class NewUploadForm(StageForm):
    """Slot and row, name and size in bytes; ``mark`` tells it from another file of that name and size."""

    slot = StringField(validators=[InputRequired(), Length(max=32)])
    row = StringField(validators=[Length(max=36)])
    name = StringField(validators=[InputRequired(), Length(max=1_000)])
    size = IntegerField(validators=[InputRequired(), NumberRange(min=0, max=MAX_SAID_BYTES)])
    mark = StringField(validators=[Length(max=40)])
