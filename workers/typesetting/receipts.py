"""The receipt of one submission: the signed statement, and the same values as people read them."""

import io
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import segno

from grants.applications.queries import Source
from grants.kernel.signing import GROUP, grouped
from workers.typesetting.compiling import compile_pdf
from workers.typesetting.glyphs import BOX, Printer
from workers.typesetting.words import instant_words, lines_of, slot_words

ISSUER = "产业专项申报系统（模拟）"
STATEMENT_WIDTH = 78  # signs to a line, Chinese ones counting twice
SIGNATURE_WIDTH = 13 * (GROUP + 1)
FINGERPRINT_WIDTH = 32
ADDRESS_WIDTH = 52
BMP = 0x10000


def typeset_receipt(source: Source, *, public_url: str) -> bytes:
    """The PDF of a receipt; ``public_url`` is where its QR code leads. Raises typst.TypstError."""
    return compile_pdf("pdf/receipt.typ", _document(source, public_url))


def _document(source: Source, public_url: str) -> dict[str, Any]:
    statement = json.loads(source.statement)
    printer = Printer()
    shown = printer.whole(
        {
            "title": f"申报回执 {source.ref}",
            "heading": "申报回执" if source.revision == 1 else "补正回执",
            "issuer": ISSUER,
            "ref": source.ref,
            "footer": f"{source.ref}  第 {source.revision} 次提交",
            "facts": _facts(source, statement),
            "papers_heading": f"随申报提交的材料（{len(source.documents)} 份）",
            "papers_head": ["序号", "材料", "文件名", "页数", "文件指纹（SHA-256）"],
            "papers": [_paper(source, number, paper) for number, paper in enumerate(source.documents, 1)],
        }
    )
    return {**shown, "missing": printer.missing, **_proof(source, statement, public_url)}


def _facts(source: Source, statement: Mapping[str, str]) -> list[dict[str, Any]]:
    first, this = (datetime.fromisoformat(statement[name]) for name in ("submitted_at", "revision_at"))
    facts = [
        ("申报单位", source.organisation),
        ("统一社会信用代码", source.uscc),
        ("批次", f"{source.call}（{statement['call']}）"),
        ("申报内容", source.title),
        ("提交时间", instant_words(this)),
    ]
    if source.revision > 1:
        facts.append(("首次提交", instant_words(first)))
    facts.append(("版次", f"第 {source.revision} 次提交"))
    shown = [{"label": label, "lines": [text], "fixed": False} for label, text in facts]
    content = {"label": "内容指纹（SHA-256）", "lines": lines_of(source.sha256, FINGERPRINT_WIDTH), "fixed": True}
    return [*shown, content]


def _paper(source: Source, number: int, paper: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "number": str(number),
        "label": slot_words(source.definition, source.case, paper),
        "name": paper["name"],
        "pages": str(paper["pages"] or "–"),
        "sha256": lines_of(paper["sha256"], FINGERPRINT_WIDTH),
    }


def _proof(source: Source, statement: Mapping[str, str], public_url: str) -> dict[str, Any]:
    asked = {"ref": source.ref, "fingerprint": source.sha256, "signature": source.signature}
    code = io.BytesIO()
    segno.make(f"{public_url}/verify?{urlencode(asked)}", error="m", micro=False).save(
        code, kind="svg", border=2, xmldecl=False, svgns=True
    )
    return {
        "how": [
            "扫描二维码，或打开以下地址，输入受理编号、内容指纹与签名，或粘贴下面的陈述与签名，即可核验本回执，不需要账号。",
            "同一地址提供公钥与离线核验程序。",
        ],
        "address": lines_of(f"{public_url}/verify", ADDRESS_WIDTH),
        "qr": code.getvalue().decode(),
        "qr_alt": f"核验 {source.ref} 的二维码",
        "statement": lines_of(_spelled(source.statement), STATEMENT_WIDTH),
        "signature": [line.strip() for line in lines_of(grouped(source.signature), SIGNATURE_WIDTH)],
        "key": statement["key"],
    }


def _spelled(statement: str) -> str:
    """The statement with the escape of JSON for every sign without a glyph, so that what is copied is still it."""
    printed = Printer()
    return "".join(_escaped(sign) if printed.text(sign) != sign or sign == BOX else sign for sign in statement)


def _escaped(sign: str) -> str:
    return json.dumps(sign)[1:-1]
