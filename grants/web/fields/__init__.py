"""Form fields WTForms does not have: dates in three inputs, money in fen, exact numbers, lists, codes, files.

Every field takes what people really type or paste (full-width digits, thousands separators, spaces), returns one exact
type, and answers what it cannot read with a Chinese sentence. ``control`` names how the macros of
``templates/components/form.html`` show it.
"""

from grants.web.fields.amounts import MoneyField, MoneyUnit, capitals
from grants.web.fields.choices import ChoiceField, ChoicesField, RadioChoiceField, UndertakingField, YesNoField, choices
from grants.web.fields.dates import DatePartsField, parse_date
from grants.web.fields.numbers import DecimalTextField, PercentField, WholeNumberField
from grants.web.fields.texts import CodeField, ListField, UsccField
from grants.web.fields.times import TimeField
from grants.web.fields.uploads import UploadField, limits_in_words, megabytes

__all__ = [
    "ChoiceField",
    "ChoicesField",
    "CodeField",
    "DatePartsField",
    "DecimalTextField",
    "ListField",
    "MoneyField",
    "MoneyUnit",
    "PercentField",
    "RadioChoiceField",
    "TimeField",
    "UndertakingField",
    "UploadField",
    "UsccField",
    "WholeNumberField",
    "YesNoField",
    "capitals",
    "choices",
    "limits_in_words",
    "megabytes",
    "parse_date",
]
