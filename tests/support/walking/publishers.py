"""What administrators do with an approved proposal, and what the public does with a notice and a list."""

from __future__ import annotations

import csv
import io
import json
import subprocess
from hashlib import sha256
from pathlib import Path

from tests.support.walking.visitor import Visitor, arrived, says

GROUNDS = "公示项目的部分内容与我会会员单位已公开的成果相近，请核实其独立性与首次应用情况。"


def publish_notice(visitor: Visitor, ref: str, *, days: int) -> str:
    """Read what would be published and for how many working days, publish it; returns the notice's number."""
    visitor.open("/staff/publication")
    assert f"/staff/publication/{ref}/notice" in visitor.links("/notice"), visitor.words[:2000]
    visitor.open(f"/staff/publication/{ref}/notice")
    says(visitor, f"共 {days} 个工作日，首尾两日均计入")
    visitor.press("发布公示")
    arrived(visitor, "/notices/GS-")
    return visitor.path.split("/")[2]


def object_to(visitor: Visitor, notice: str, project_no: str) -> str:
    """Object to an item by name; returns the path of the receipt."""
    visitor.open("/notices")
    assert f"/notices/{notice}" in visitor.links("/notices/"), visitor.words[:2000]
    visitor.open(f"/notices/{notice}")
    says(visitor, project_no)
    visitor.picture("notice")
    visitor.open(f"/notices/{notice}/object")
    visitor.fill(
        {
            "project_no": project_no,
            "kind": "unit",
            "name": "示例行业协会（虚构）",
            "phone": "021-55570000",
            "grounds": GROUNDS,
            "truth": True,
        }
    )
    visitor.press("提交异议")
    arrived(visitor, "/notices/objections/")
    says(visitor, "异议已收到", project_no)
    return visitor.path


def decide_objection(visitor: Visitor, project_no: str, *, uphold: bool, reply: str) -> None:
    """Read the oldest objection, see the consequences, decide."""
    visitor.open("/staff/publication")
    visitor.open(visitor.links("/staff/publication/objections/")[0])
    says(visitor, project_no, GROUNDS, "示例行业协会（虚构）")
    visitor.fill({"outcome": "uphold" if uphold else "reject", "reply": reply})
    visitor.press("下一步，核对后果")
    says(visitor, reply)
    visitor.press("确认处理")
    says(visitor, "异议已处理")


def prepare_list(visitor: Visitor, notice: str, doc_no: str) -> str:
    """Prepare the final list of a notice that is over; returns its number."""
    visitor.open("/staff/publication")
    assert f"/staff/publication/notices/{notice}/list" in visitor.links("/list"), visitor.words[:2000]
    visitor.open(f"/staff/publication/notices/{notice}/list")
    visitor.fill({"doc_no": doc_no})
    visitor.press("编制名单")
    arrived(visitor, "/staff/publication/lists/")
    ref = visitor.path.split("/")[-1]
    visitor.open(f"/staff/publication/lists/{ref}/release")
    assert visitor.status == 403, "whoever prepared a list must not release it"
    return ref


def release_list(visitor: Visitor, ref: str) -> None:
    """The second person reads the list and releases it."""
    visitor.open("/staff/publication")
    visitor.open(f"/staff/publication/lists/{ref}")
    visitor.open(f"/staff/publication/lists/{ref}/release")
    visitor.press("发布名单")
    arrived(visitor, f"/awards/{ref}")


def check_downloads(visitor: Visitor, ref: str, *, projects: list[str], folder: Path) -> None:
    """The list as page, CSV, JSON, XLSX, frozen content and PDF, each with these projects and nobody's name."""
    visitor.open("/awards")
    assert f"/awards/{ref}" in visitor.links("/awards/"), visitor.words[:2000]
    visitor.open(f"/awards/{ref}")
    says(visitor, *projects)
    table = visitor.fetch(f"/awards/{ref}.csv").content
    assert table.startswith("\ufeff".encode()), "Excel needs the byte order mark to show Chinese"
    rows = list(csv.DictReader(io.StringIO(table.decode("utf-8-sig"))))
    assert [row["项目编号"] for row in rows] == projects, table.decode()
    data = json.loads(visitor.fetch(f"/awards/{ref}.json").content)
    assert all(project in json.dumps(data, ensure_ascii=False) for project in projects)
    assert visitor.fetch(f"/awards/{ref}.xlsx").content.startswith(b"PK")
    content = visitor.fetch(f"/awards/{ref}/content.json").content
    fingerprint = sha256(content).hexdigest()
    assert fingerprint in visitor.fetch(f"/awards/{ref}").content.decode()
    printed = text_of_pdf(visitor.fetch(f"/awards/{ref}.pdf").content, folder)
    assert all(project in printed for project in projects)
    assert fingerprint in printed
    visitor.open(f"/verify?fingerprint={fingerprint}")
    says(visitor, ref)


def text_of_pdf(content: bytes, folder: Path) -> str:
    """The words of a PDF without white space, by poppler."""
    file = folder / "fetched.pdf"
    file.write_bytes(content)
    asked = subprocess.run(["pdftotext", str(file), "-"], capture_output=True, text=True, check=True)
    return "".join(asked.stdout.split())
