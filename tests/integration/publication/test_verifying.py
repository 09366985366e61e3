"""What anybody learns of a receipt without an account: whether it is genuine, and nothing that it does not say."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys

import pypdfium2
import pytest
from sqlalchemy import delete, select

from grants import documents
from grants.applications import queries
from grants.applications.domain.papers import PdfKind
from grants.applications.models import ApplicationPdf, Receipt
from grants.kernel.signing import SigningKey, grouped, signature_text, signing_key, use_signing_key
from tests.factories.applications import make_application

GENUINE, FORGED, FOREIGN = "签名有效", "签名与内容不符", "不是本系统的密钥"


@pytest.fixture
def receipt(session, now):
    """The receipt of an application handed in."""
    application = make_application(session, submitted=True, now=now)
    return queries.find_receipt(session, queries.current_revision(session, application))


@pytest.fixture
def ring(app):
    """The keys as they were, again after the test."""
    key = signing_key()
    yield
    use_signing_key(key)


def values_of(receipt):
    statement = json.loads(receipt.statement)
    return {"ref": statement["ref"], "fingerprint": statement["content"], "signature": receipt.signature}


def verify(client, **typed):
    answer = client.get("/verify", query_string=typed)
    assert answer.status_code == 200
    return answer.text


def copied(receipt):
    return f"{receipt.statement[:200]}\n  {receipt.statement[200:]}\n签名：\n{grouped(receipt.signature)}\n密钥编号："


def test_number_fingerprint_and_signature_are_enough(client, receipt):
    page = verify(client, **values_of(receipt))

    assert GENUINE in page
    statement = json.loads(receipt.statement)
    assert all(statement[name] in page for name in ("ref", "org", "uscc", "content", "papers", "key"))
    assert "2026年3月18日 12:00:00" in page


def test_they_may_be_typed_by_hand(client, receipt):
    values = values_of(receipt)
    typed = {
        "ref": values["ref"].lower(),
        "fingerprint": grouped(values["fingerprint"]).upper(),
        "signature": grouped(values["signature"]).lower().replace("o", "0"),
    }

    assert GENUINE in verify(client, **typed)


@pytest.mark.parametrize("name", ["ref", "fingerprint", "signature"])
def test_one_wrong_letter_is_not_genuine_and_tells_nothing(client, receipt, name):
    values = values_of(receipt)
    wrong = values[name].translate(str.maketrans("23", "32"))
    assert wrong != values[name]

    page = verify(client, **{**values, name: wrong})

    assert GENUINE not in page
    assert json.loads(receipt.statement)["org"] not in page


def test_a_statement_is_pasted_with_its_signature(client, receipt):
    assert GENUINE in verify(client, statement=copied(receipt))
    assert GENUINE in verify(client, statement=receipt.statement, signature=receipt.signature)


def test_a_changed_statement_is_forged(client, receipt):
    org = json.loads(receipt.statement)["org"]
    page = verify(client, statement=copied(receipt).replace(org, "他人有限公司"))

    assert FORGED in page
    assert GENUINE not in page


def test_a_receipt_that_is_not_here_any_more_is_genuine_and_said_to_be_gone(session, client, receipt):
    pasted = copied(receipt)
    assert "没有这份回执" not in verify(client, statement=pasted)
    session.execute(delete(Receipt))
    session.commit()

    page = verify(client, statement=pasted)

    assert GENUINE in page
    assert "没有这份回执" in page


def test_receipts_stay_verifiable_after_the_key_was_changed(client, receipt, ring):
    earlier = signing_key()
    use_signing_key(SigningKey(bytes(32)), earlier.public)
    assert GENUINE in verify(client, **values_of(receipt))
    assert [key["in_use"] for key in client.get("/verify/keys.json").json["keys"]] == [True, False]

    use_signing_key(SigningKey(bytes(32)))

    assert FOREIGN in verify(client, **values_of(receipt))
    assert FOREIGN in verify(client, statement=copied(receipt))


def test_somebody_elses_key_signs_nothing(client, receipt):
    other = SigningKey(bytes(32))
    statement = {**json.loads(receipt.statement), "key": other.public.id}
    text = json.dumps(statement, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    signature = signature_text(other.sign(text.encode()))

    assert FOREIGN in verify(client, statement=text, signature=signature)


@pytest.mark.parametrize(
    "typed",
    [
        {"ref": "SBC-2026-01-0001"},
        {"signature": "A" * 103},
        {"ref": "x", "fingerprint": "0" * 64},
        {"ref": "'", "fingerprint": "0" * 64, "signature": "签"},
        {"statement": "{"},
        {"statement": "[" * 4_000},
        {"statement": "<script>alert(1)</script>"},
        {"statement": "a" * 100_000, "signature": "b" * 100_000},
    ],
)
def test_whatever_is_typed_gets_an_answer(client, session, typed):
    page = verify(client, **typed)

    assert GENUINE not in page
    assert "<script>alert" not in page


def test_the_printed_receipt_leads_here_and_to_the_script(session, client, receipt, drain, tmp_path):
    """From the PDF alone: its address verifies on the site, its text with the script that the site serves."""
    drain()
    pdf = session.scalars(select(ApplicationPdf).where(ApplicationPdf.kind == PdfKind.RECEIPT)).one()
    with documents.open_file(pdf.file) as stream:
        (tmp_path / "receipt.txt").write_text(text_of(stream.read()), encoding="utf-8")
    with client.get("/verify/verify_receipt.py") as script:
        (tmp_path / "verify_receipt.py").write_bytes(script.data)
    (tmp_path / "keys.json").write_bytes(client.get("/verify/keys.json").data)
    content = queries.get_revision(session, receipt.revision_id).content.encode()
    (tmp_path / "revision.json").write_bytes(content)

    command = [
        sys.executable,
        "-I",
        "verify_receipt.py",
        "receipt.txt",
        "--keys",
        "keys.json",
        "--revision",
        "revision.json",
    ]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert (run.returncode, run.stdout.count("ok  ")) == (0, 3), run.stdout + run.stderr
    assert hashlib.sha256(content).hexdigest() in run.stdout
    assert GENUINE in verify(client, statement=(tmp_path / "receipt.txt").read_text(encoding="utf-8")[-4_000:])


def text_of(pdf):
    document = pypdfium2.PdfDocument(pdf)
    texts = []
    for page in document:
        text = page.get_textpage()
        texts.append(text.get_text_range())
        text.close()
        page.close()
    document.close()
    return "\n".join(texts)
