"""Forms of the formal check and of the district's step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Field, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from grants.eligibility.domain import CorrectionItem
from grants.web.fields import ChoiceField, ChoicesField, MoneyField, RadioChoiceField, YesNoField
from grants.web.forms import StageForm

MAX_REASON = 2_000
MAX_ITEM_REASON = 300
OWN_ITEMS = 10  # everything is told at once, so there must be room for it
_TOO_LONG = _l("不超过 2000 字。")
_REASON = Length(max=MAX_REASON, message=_TOO_LONG)


class AcceptForm(StageForm):
    """Accept, with a reason where the findings speak against it."""

    reason = TextAreaField(
        _l("理由"), [Optional(), _REASON], description=_l("有核验为不符合的条款时必须写明。只有工作人员能看到。")
    )


class ReturnForm(StageForm):
    """Return for correction: everything at once. ``build_return_form`` adds the items."""

    reason = TextAreaField(
        _l("总体说明"),
        [InputRequired(_l("请写明总体说明。")), _REASON],
        description=_l("申报单位会看到这段文字和上面的每一项。"),
    )

    def own_items(self) -> list[tuple[Field, Field]]:
        """The officer's own items: place and reason."""
        return [(self[f"place_{number}"], self[f"words_{number}"]) for number in range(1, OWN_ITEMS + 1)]

    def validate(self, extra_validators: Any = None) -> bool:
        """An own item has both its place and its reason."""
        sound = super().validate(extra_validators)
        for place, words in self.own_items():
            if bool(place.data) != bool((words.data or "").strip()):
                missing = words if place.data else place
                missing.errors = [*missing.errors, _l("请同时选择内容并写明原因。")]
                sound = False
        return bool(sound)


class RejectForm(StageForm):
    """Confirm a rejection. ``build_reject_form`` adds the rules it may rest on."""

    reason = TextAreaField(
        _l("理由"), [InputRequired(_l("请写明理由。")), _REASON], description=_l("申报单位会看到这段文字。")
    )


class OpinionForm(StageForm):
    """The district's word."""

    recommended = YesNoField(_l("是否推荐"), [InputRequired(_l("请选择是否推荐。"))], yes=_l("推荐"), no=_l("不推荐"))
    match_fen = MoneyField(
        _l("区级配套"), [Optional()], unit="wan_yuan", description=_l("推荐并承诺配套的，填写配套金额。")
    )
    opinion = TextAreaField(
        _l("初审意见"), [Optional(), _REASON], description=_l("不推荐的必须写明原因。市级审查时会看到。")
    )


def build_return_form(items: Sequence[tuple[CorrectionItem, str]], places: Sequence[tuple[str, str]]) -> ReturnForm:
    """The form with the items that the findings ask for, ticked, and places for the officer's own.

    ``items``: each with its label. ``places``: value and label of everything that can be asked for.
    """
    fields: dict[str, Any] = {}
    if items:
        options = [(item_value(item), label) for item, label in items]
        fields["chosen"] = ChoicesField(
            _l("核验发现的内容"), options=options, default=[value for value, _label in options]
        )
    for number in range(1, OWN_ITEMS + 1):
        fields[f"place_{number}"] = ChoiceField(_l("补正内容"), [Optional()], options=places, blank=_l("不增加"))
        fields[f"words_{number}"] = TextAreaField(
            _l("原因"), [Optional(), Length(max=MAX_ITEM_REASON, message=_l("不超过 300 字。"))]
        )
    form: ReturnForm = type("ReturnFormWithItems", (ReturnForm,), fields)()
    return form


def build_reject_form(grounds: Sequence[tuple[str, str]]) -> RejectForm:
    """The form with the rules on which a rejection may rest: key and words."""
    rule = RadioChoiceField(_l("不予受理的依据"), [InputRequired(_l("请选择据以不予受理的条款。"))], options=grounds)
    form: RejectForm = type("RejectFormWithGrounds", (RejectForm,), {"rule": rule})()
    return form


def item_value(item: CorrectionItem) -> str:
    """An item as the value of a checkbox; the same place has the same value whenever the form is made."""
    return "|".join((item.path or "", item.row or "", item.document or ""))


def read_items(form: ReturnForm, offered: Sequence[tuple[CorrectionItem, str]]) -> list[dict[str, str | None]]:
    """What the officer asks for: the ticked items, and their own."""
    chosen = set(form["chosen"].data if "chosen" in form else ())
    items = [item.to_json() for item, _label in offered if item_value(item) in chosen]
    for place, words in form.own_items():
        if place.data:
            path, row, document = place.data.split("|")
            own = CorrectionItem(path or None, row or None, document or None, words.data.strip())
            items.append(own.to_json())
    return items
