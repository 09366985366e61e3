"""Forms of the formal check and of the district's step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from grants.eligibility.domain import CorrectionItem
from grants.programmes.domain import Parameter
from grants.web.fields import ChoiceField, ChoicesField, MoneyField, RadioChoiceField, YesNoField, choices
from grants.web.forms import StageForm

MAX_REASON = 2_000
MAX_ITEM_REASON = 500
_TOO_LONG = _l("不超过 2000 字。")
_REASON = Length(max=MAX_REASON, message=_TOO_LONG)


class AcceptForm(StageForm):
    """Accept, with a reason where the findings speak against it."""

    reason = TextAreaField(
        _l("理由"), [Optional(), _REASON], description=_l("有核验为不符合的条款时必须写明。只有工作人员能看到。")
    )


class ReturnForm(StageForm):
    """Return for correction: everything at once. ``build_return_form`` adds the places and their reasons."""

    reason = TextAreaField(
        _l("总体说明"),
        [InputRequired(_l("请写明总体说明。")), _REASON],
        description=_l("申报单位会看到这段文字和上面选中的每一项。"),
    )

    def why(self, value: str) -> Field:
        """The reason of one place."""
        return self[f"why-{value}"]

    @property
    def marked(self) -> tuple[str, ...]:
        """The places that are ticked."""
        return tuple(self["chosen"].data or ())

    def validate(self, extra_validators: Any = None) -> bool:
        """A place that is ticked has its reason; what is written for one that is not ticked is not lost in silence."""
        sound = super().validate(extra_validators)
        if not self.marked:
            self["chosen"].errors = [*self["chosen"].errors, _l("请至少选择一项需要补正的内容。")]
            sound = False
        for choice in self["chosen"].choices:
            value, why = choice.value, self.why(choice.value)
            written = (why.data or "").strip()
            if value in self.marked and not written:
                why.errors = [*why.errors, _l("请写明这一项为什么要补正。")]
            elif value not in self.marked and written and written != (why.default or ""):
                why.errors = [*why.errors, _l("写了原因但没有勾选。请勾选这一项，或删去原因。")]
            sound = sound and not why.errors
        return bool(sound)


class RejectForm(StageForm):
    """Confirm a rejection. ``build_reject_form`` adds the rules it may rest on."""

    reason = TextAreaField(
        _l("理由"), [InputRequired(_l("请写明理由。")), _REASON], description=_l("申报单位会看到这段文字。")
    )


class AskReconsiderationForm(StageForm):
    """What an applicant says against a rejection."""

    statement = TextAreaField(
        _l("申请复核的理由"),
        [InputRequired(_l("请写明理由。")), _REASON],
        description=_l("写明哪一项事实或条款有误、依据是什么。受理部门会看到这段文字，提交后不能修改。"),
    )


class AnswerForm(StageForm):
    """What a second officer says of a rejection; ``decision``: the one that was shown. ``build_answer_form`` adds what
    can be said."""

    decision = HiddenField()
    reason = TextAreaField(
        _l("理由"), [InputRequired(_l("请写明理由。")), _REASON], description=_l("申报单位会看到这段文字。")
    )


class OverruleForm(StageForm):
    """Another verdict than the machine's, with reason and clause. ``build_overrule_form`` adds the verdicts."""

    clause = StringField(
        _l("依据的条款"),
        [InputRequired(_l("请写明依据的条款。")), Length(max=200, message=_l("不超过 200 字。"))],
        description=_l("可以从列出的条款中选择，也可以自行填写。"),
    )
    reason = TextAreaField(
        _l("理由"),
        [InputRequired(_l("请写明理由。")), _REASON],
        description=_l(
            "写明核对了什么、看到了什么。计入改判统计，只有工作人员能看到；作为不予受理依据的，申报单位会看到。"
        ),
    )


class WithdrawOverruleForm(StageForm):
    """Take an overrule back, with the reason."""

    reason = TextAreaField(_l("理由"), [InputRequired(_l("请写明理由。")), _REASON])


class DecideRevocationForm(StageForm):
    """What a second person says to a proposal that an acceptance be revoked; ``proposal``: the one that was shown."""

    proposal = HiddenField()
    note = TextAreaField(
        _l("意见"), [Optional(), _REASON], description=_l("不同意的，必须写明理由。只有工作人员能看到。")
    )


def build_revocation_form(decisions: Sequence[tuple[str, str]], proposal: str) -> DecideRevocationForm:
    """The form with what this person may decide."""
    only = decisions[0][0] if len(decisions) == 1 else None
    decision = RadioChoiceField(_l("决定"), [InputRequired(_l("请选择。"))], options=decisions, default=only)
    form: DecideRevocationForm = type(
        "DecideRevocationFormWithChoices", (DecideRevocationForm,), {"decision": decision}
    )(proposal=proposal)
    return form


def build_answer_form(answers: Sequence[tuple[str, str]], decision: str) -> AnswerForm:
    """The form with what can be said of this rejection; where it is one thing alone, that is chosen."""
    only = answers[0][0] if len(answers) == 1 else None
    answer = RadioChoiceField(_l("决定"), [InputRequired(_l("请选择。"))], options=answers, default=only)
    form: AnswerForm = type("AnswerFormWithChoices", (AnswerForm,), {"answer": answer})(decision=decision)
    return form


def build_overrule_form(verdicts: Sequence[tuple[str, str]], clause: str) -> OverruleForm:
    """The form with the verdicts that may be given, and the rule's own clause to begin with."""
    verdict = RadioChoiceField(_l("您认为"), [InputRequired(_l("请选择您的结论。"))], options=verdicts)
    form: OverruleForm = type("OverruleFormWithVerdicts", (OverruleForm,), {"verdict": verdict})(
        clause=clause  # what was sent goes before it
    )
    return form


def build_share_form(officers: Sequence[tuple[str, str]]) -> StageForm:
    """The officers among whom cases are shared out, all of them ticked."""
    field = ChoicesField(
        _l("参加分配的经办人"),
        [InputRequired(_l("请至少选择一位经办人。"))],
        options=officers,
        default=[value for value, _name in officers],
    )
    form: StageForm = type("ShareForm", (StageForm,), {"officers": field})()
    return form


class OpinionForm(StageForm):
    """The district's word."""

    recommended = YesNoField(_l("是否推荐"), [InputRequired(_l("请选择是否推荐。"))], yes=_l("推荐"), no=_l("不推荐"))
    match_fen = MoneyField(
        _l("区级配套"), [Optional()], unit="wan_yuan", description=_l("推荐并承诺配套的，填写配套金额。")
    )
    opinion = TextAreaField(
        _l("区级初审意见"), [Optional(), _REASON], description=_l("不推荐的必须写明原因。市级审查时会看到。")
    )


def build_return_form(found: Sequence[tuple[str, str, str]], places: Sequence[tuple[str, str]]) -> ReturnForm:
    """The form with every place that can be asked for, and a reason for each.

    ``found``: value, label and reason of what the findings ask for, ticked. ``places``: value and label of the rest.
    """
    labels = {value: label for value, label, _reason in found} | dict(places)
    reasons = {value: reason[:MAX_ITEM_REASON] for value, _label, reason in found}
    fields: dict[str, Any] = {
        "chosen": ChoicesField(_l("补正内容"), options=list(labels.items()), default=list(reasons))
    }
    for value, label in labels.items():
        fields[f"why-{value}"] = TextAreaField(
            _l("原因：%(label)s", label=label),
            [Optional(), Length(max=MAX_ITEM_REASON, message=_l("不超过 500 字。"))],
            default=reasons.get(value),
        )
    form: ReturnForm = type("ReturnFormWithPlaces", (ReturnForm,), fields)()
    return form


def build_reject_form(grounds: Sequence[tuple[str, str]]) -> RejectForm:
    """The form with the rules on which a rejection may rest: key and words."""
    rule = RadioChoiceField(_l("不予受理的依据"), [InputRequired(_l("请选择据以不予受理的条款。"))], options=grounds)
    form: RejectForm = type("RejectFormWithGrounds", (RejectForm,), {"rule": rule})()
    return form


def read_items(form: ReturnForm) -> list[dict[str, str | None]]:
    """What the officer asks for, in the order of the form."""
    items = []
    for value in form.marked:
        path, row, document = value.split("|")
        reason = form.why(value).data.strip()
        items.append(CorrectionItem(path or None, row or None, document or None, reason).to_json())
    return items


class DecideDraftForm(StageForm):
    """A definition's draft published, or sent back with a reason; ``seen``: fingerprint of the text that was shown."""

    seen = HiddenField()
    decision = RadioChoiceField(
        _l("决定"),
        [InputRequired(_l("请选择。"))],
        options={"approve": _l("同意，发布为新版本"), "refuse": _l("不同意，退回修改")},
    )
    note = TextAreaField(
        _l("意见"), [Length(max=2_000, message=_l("不超过 2000 字。"))], description=_l("不同意的，请写明理由。")
    )


class ImpactForm(StageForm):
    """Which text is tried (``draft``, or a version's number) on which cases (a call's reference, or all)."""

    content = ChoiceField(_l("用哪个版本"), [InputRequired(_l("请选择。"))])
    call = ChoiceField(_l("看哪些申报"), blank=_l("本专项的全部申报"))


def build_impact_form(
    contents: Sequence[tuple[str, str]], calls: Sequence[tuple[str, str]], parameters: Sequence[Parameter]
) -> ImpactForm:
    """The form with an input for each parameter that may be replaced: named ``p-`` and its key, empty for none."""
    fields = {
        f"p-{parameter.key}": StringField(parameter.label, [Length(max=40, message=_l("不超过 40 个字符。"))])
        for parameter in parameters
    }
    form = type("ImpactFormWithParameters", (ImpactForm,), fields)()
    form.content.choices = choices(contents)
    form.call.choices = choices(calls, blank=str(_l("本专项的全部申报")))
    made: ImpactForm = form
    return made


def read_parameters(form: ImpactForm) -> dict[str, str]:
    """The parameters that are to be replaced."""
    return {
        field.name.removeprefix("p-"): field.data.strip()
        for field in form
        if field.name.startswith("p-") and field.data and field.data.strip()
    }
