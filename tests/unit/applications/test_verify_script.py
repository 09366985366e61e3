"""The stand-alone script, run as a checker runs it: alone, on text copied from the PDF."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pypdfium2
import pytest

from grants.applications.domain.papers import PdfKind
from grants.kernel.canonical import canonical_json
from grants.kernel.signing import SigningKey
from tests.unit.applications.paper_sources import KEY, make_source, signed_source
from workers.typesetting import typeset_receipt

SCRIPT = Path(__file__).parents[3] / "tools" / "verify_receipt.py"
PAPERS = (b"first paper", b"second paper")


def run(*arguments: object, given: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", str(SCRIPT), *map(str, arguments)]
    return subprocess.run(command, input=given, capture_output=True, text=True, check=False)


def copied_from(pdf: bytes) -> str:
    """Everything selected and copied, page by page."""
    document = pypdfium2.PdfDocument(pdf)
    texts = []
    for page in document:
        text = page.get_textpage()
        texts.append(text.get_text_range())
        text.close()
        page.close()
    document.close()
    return "\n".join(texts)


@pytest.fixture
def desk(tmp_path):
    """What a checker has: the receipt's text, the keys, the revision's file, two papers."""
    documents = [
        {
            "key": "a1",
            "row": None,
            "name": "示例.pdf",
            "size": "1",
            "pages": "1",
            "sha256": hashlib.sha256(paper).hexdigest(),
        }
        for paper in PAPERS
    ]
    revision = canonical_json({"documents": documents, "format": "1"})
    source = signed_source(documents=documents, content=hashlib.sha256(revision).hexdigest())
    (tmp_path / "receipt.txt").write_text(copied_from(typeset_receipt(source, public_url="https://shili.example")))
    (tmp_path / "revision.json").write_bytes(revision)
    for number, paper in enumerate(PAPERS):
        (tmp_path / f"paper{number}.pdf").write_bytes(paper)
    write_keys(tmp_path, KEY)
    return tmp_path


def write_keys(folder, *keys):
    published = [{"id": key.public.id, "algorithm": "Ed25519", "public": key.public.raw.hex()} for key in keys]
    (folder / "keys.json").write_text(json.dumps({"keys": published}))


def arguments_of(desk):
    return [desk / "receipt.txt", "--keys", desk / "keys.json"]


def everything(desk):
    papers = [word for number in range(len(PAPERS)) for word in ("--file", desk / f"paper{number}.pdf")]
    return [*arguments_of(desk), "--revision", desk / "revision.json", *papers]


def test_a_receipt_and_all_that_belongs_to_it_hold(desk):
    answer = run(*everything(desk))

    assert (answer.returncode, answer.stderr) == (0, "")
    assert answer.stdout.count("ok  ") == 5
    assert "示例软件（上海）有限公司" in answer.stdout


def test_statement_and_signature_alone_are_enough(desk):
    source = make_source(PdfKind.RECEIPT)

    answer = run("-", "--keys", desk / "keys.json", given=f"{source.statement}\n{source.signature.lower()}")

    assert (answer.returncode, answer.stdout.count("ok  ")) == (0, 1)


@pytest.mark.parametrize(
    ("written", "other"),
    [("示例软件", "他人软件"), ("SBC-2026-01-0007", "SBC-2026-01-0008"), ("10:00:05+08", "09:00:05+08")],
)
def test_a_changed_statement_is_found_out(desk, written, other):
    source = make_source(PdfKind.RECEIPT)
    assert written in source.statement

    given = source.statement.replace(written, other) + source.signature
    answer = run("-", "--keys", desk / "keys.json", given=given)

    assert answer.returncode == 1
    assert answer.stdout == "FAIL  signature\n"


@pytest.mark.parametrize("name", ["revision.json", "paper1.pdf"])
def test_a_changed_file_is_found_out(desk, name):
    (desk / name).write_bytes((desk / name).read_bytes() + b" ")

    answer = run(*everything(desk))

    assert answer.returncode == 1
    assert [line.split()[1] for line in answer.stdout.splitlines() if "FAIL" in line] == [f"{desk / name}:"]


def test_another_key_under_the_same_name_is_found_out(desk):
    published = json.loads((desk / "keys.json").read_text())
    published["keys"][0]["public"] = SigningKey(bytes(32)).public.raw.hex()
    (desk / "keys.json").write_text(json.dumps(published))

    answer = run(*arguments_of(desk))

    assert answer.returncode == 2
    assert "to another key" in answer.stderr


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("", "no statement"),
        ('{"call":"SBC', "incomplete"),
        ('{"format":"receipt-9"}', "of format"),
        ('{"format":"receipt-1"}', "other members"),
        (make_source(PdfKind.RECEIPT).statement, "no signature"),
        (make_source(PdfKind.RECEIPT).statement + "A" * 102 + "B", "last letter"),
    ],
)
def test_what_cannot_be_told_is_said(desk, given, why):
    answer = run("-", "--keys", desk / "keys.json", given=given)

    assert answer.returncode == 2
    assert why in answer.stderr


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"keys":[{"id":"x","public":"00"}]}', '{"keys":[]}'])
def test_a_file_without_the_key_is_named(desk, content):
    (desk / "keys.json").write_text(content)

    answer = run(*arguments_of(desk))

    assert answer.returncode == 2
    assert str(desk / "keys.json") in answer.stderr
