"""Written notices of the formal check: 补正通知书 and 不予受理通知书, from the content frozen with the decision."""

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from grants.kernel.clock import SHANGHAI
from workers.typesetting.compiling import compile_pdf
from workers.typesetting.glyphs import Printer
from workers.typesetting.words import breakable, lines_of

ISSUER = "产业专项申报系统（模拟）"
TITLES = {"correction": "补正通知书", "rejection": "不予受理通知书"}
FINGERPRINT_WIDTH = 64


def typeset_notice(content: str, *, sha256: str) -> bytes:
    """The PDF of a notice from its canonical content, with its fingerprint printed on it. Raises typst.TypstError."""
    printer = Printer()
    document = printer.whole(_document(json.loads(content), sha256))
    return compile_pdf("pdf/notice.typ", {**document, "missing": printer.missing})


def notice_title(content: str) -> str:
    """What the notice is called, with the number of the application."""
    told = json.loads(content)
    return f"{TITLES[told['kind']]} {told['ref']}"


def _document(told: Mapping[str, Any], sha256: str) -> dict[str, Any]:
    rejected = told["kind"] == "rejection"
    parts = list(_rejection(told) if rejected else _correction(told))
    return {
        "title": f"{TITLES[told['kind']]} {told['ref']}",
        "heading": TITLES[told["kind"]],
        "issuer": ISSUER,
        "ref": told["ref"] if rejected else f"{told['ref']}  第 {told['round']} 次补正",
        "addressee": f"{told['organisation']}：",
        "parts": parts,
        "signed": [*told["contact"][:1], day_words(datetime.fromisoformat(told["decided_at"]).astimezone(SHANGHAI))],
        "footer": f"{TITLES[told['kind']]}  {told['ref']}",
        "fingerprint": lines_of(sha256, FINGERPRINT_WIDTH),
    }


def _correction(told: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    yield _prose(f"{_opening(told)}经形式审查，需要补正。{told['reason']}")
    yield {
        "kind": "items",
        "heading": f"需要补正的内容（{len(told['items'])} 项）",
        "items": [_item(number, item) for number, item in enumerate(told["items"], 1)],
    }
    yield _headed(
        "补正的期限和方式",
        f"请于 {day_words(date.fromisoformat(told['due_on']))} 24:00（北京时间）前登录本系统，"
        "在该申报的页面完成补正并重新提交。"
        "只开放以上所列内容，其余内容不能修改；补正不改变受理编号和首次提交时间。",
        _rounds(told),
        "逾期没有重新提交的，终止办理。",
    )
    yield _headed("咨询", *_contact(told), "对所列内容有不同意见的，可以在期限内向受理部门说明情况并附材料。")


def _rejection(told: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    ground = told["ground"]
    yield _prose(f"{_opening(told)}{_rejected_how(told)}，办理终止。")
    yield {
        "kind": "pairs",
        "heading": "决定的依据和事实",
        "items": [
            _pair("不符合的条件", f"{ground['title']}（{ground['rule']}）"),
            _pair("依据", ground["clause"]),
            _pair("核查情况", ground["message"]),
            *(_pair("核查所用记录", _record(used)) for used in ground["evidence"]),
            _pair("理由", told["reason"]),
        ],
    }
    yield _headed("异议的途径", *_ways_to_object(told), *_contact(told))


def _rejected_how(told: Mapping[str, Any]) -> str:
    accepted = told.get("accepted_at")
    if not accepted:
        return "经形式审查，决定不予受理"
    day = day_words(datetime.fromisoformat(accepted).astimezone(SHANGHAI))
    return f"已于 {day}受理；受理后复核，发现不符合下列条件，决定撤销受理，不予受理"


def _ways_to_object(told: Mapping[str, Any]) -> Iterator[str]:
    until = told.get("reconsider_until")  # not named by notices that were issued before there was one
    if until:
        yield (
            f"认为本决定依据的事实或条款有误的，可以在 {day_words(date.fromisoformat(until))} 24:00（北京时间）前"
            "登录本系统，在该申报的页面申请复核，写明理由；每份决定可以申请一次，由作出本决定以外的人员办理。"
        )
    also = "也可以" if until else "认为本决定依据的事实或条款有误的，可以"
    yield f"{also}向受理部门书面提出异议，写明受理编号、异议的内容和理由，并附证明材料。"


def _opening(told: Mapping[str, Any]) -> str:
    submitted = day_words(datetime.fromisoformat(told["submitted_at"]).astimezone(SHANGHAI))
    title = f"“{told['title']}”" if told["title"] else ""
    unit = f"你单位（统一社会信用代码 {told['uscc']}）于 {submitted}提交的"
    return f"{unit}{told['call']['title']}申报{title}（受理编号 {told['ref']}），"


def _item(number: int, item: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "number": f"{number}.",
        "place": breakable(item["place"]),
        "lines": _lines(item["reason"]),
        "clauses": [f"依据：{breakable(clause)}" for clause in item["clauses"]],
    }


def _rounds(told: Mapping[str, Any]) -> str:
    if int(told["round"]) >= int(told["rounds"]):
        return f"这是本专项规定的第 {told['round']} 次补正，也是最后一次。"
    return f"本专项规定补正 {told['rounds']} 次，这是第 {told['round']} 次。"


def _record(used: Mapping[str, str]) -> str:
    return f"{used['source']}，截至 {used['asof']}" if used["asof"] else used["source"]


def _contact(told: Mapping[str, Any]) -> list[str]:
    return [f"受理部门：{'；'.join(told['contact'])}。"] if told["contact"] else []


def _prose(text: str) -> dict[str, Any]:
    return {"kind": "prose", "heading": "", "paragraphs": _lines(text)}


def _headed(heading: str, *paragraphs: str) -> dict[str, Any]:
    return {"kind": "prose", "heading": heading, "paragraphs": [line for text in paragraphs for line in _lines(text)]}


def _pair(label: str, text: str) -> dict[str, Any]:
    return {"label": label, "lines": _lines(text)}


def _lines(text: str) -> list[str]:
    return [breakable(line.strip()) for line in text.splitlines() if line.strip()] or ["–"]


def day_words(day: date) -> str:
    """2026年3月2日."""
    return f"{day.year}年{day.month}月{day.day}日"
