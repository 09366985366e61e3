"""The signed statement of a receipt: what it says to the byte, and that no part of it can be changed unnoticed."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.applications.domain.receipts import (
    MEMBERS,
    Authenticity,
    Statement,
    authenticity_of,
    papers_fingerprint,
    read_copied,
    read_statement,
    squeezed,
    to_the_second,
)
from grants.kernel.signing import SigningKey, grouped, signature_text
from tests.unit.applications.paper_sources import KEY, make_paper, make_statement

STATEMENT = make_statement(organisation="示例软件（上海）有限公司", documents=[make_paper(1), make_paper(2)])
SIGNATURE = signature_text(KEY.sign(STATEMENT.text.encode()))
KEYS = {KEY.public.id: KEY.public}


def test_the_vector():
    """Byte for byte as docs/canonical-json.md prints it."""
    statement = Statement(
        ref="SBC-2026-01-0007",
        revision="1",
        submitted_at="2026-04-01T10:00:05+08:00",
        revision_at="2026-04-01T10:00:05+08:00",
        call="SBC-2026-01",
        org="示例软件有限公司",
        uscc="91310115MA1K00015K",
        content="a" * 64,
        papers="b" * 64,
        key=KEY.public.id,
    )

    assert statement.text == (
        f'{{"call":"SBC-2026-01","content":"{"a" * 64}","format":"receipt-1","key":"56475aa75463474c",'
        f'"org":"示例软件有限公司","papers":"{"b" * 64}","ref":"SBC-2026-01-0007","revision":"1",'
        '"revision_at":"2026-04-01T10:00:05+08:00","submitted_at":"2026-04-01T10:00:05+08:00",'
        '"uscc":"91310115MA1K00015K"}'
    )
    assert signature_text(KEY.sign(statement.text.encode())) == (
        "UJJMM2TQFBQZ76WUV2SS4LZZGRCHZBNQJIA4X2CQTKB5BQBJQ4MR63M33HIHM4WADQGQU74SP4DSZAAA4XB2WVOKJN2DEF2ZBSZMCAA"
    )


def test_a_genuine_receipt():
    assert authenticity_of(STATEMENT, SIGNATURE, KEYS) is Authenticity.GENUINE
    assert authenticity_of(STATEMENT, grouped(SIGNATURE).lower(), KEYS) is Authenticity.GENUINE


@pytest.mark.parametrize("name", [member for member in MEMBERS if member != "key"])
def test_every_value_is_signed(name):
    changed = replace(STATEMENT, **{name: getattr(STATEMENT, name) + "0"})

    assert authenticity_of(changed, SIGNATURE, KEYS) is Authenticity.FORGED


def test_the_key_is_signed_too():
    other = SigningKey(bytes(32)).public
    changed = replace(STATEMENT, key=other.id)

    assert authenticity_of(changed, SIGNATURE, KEYS) is Authenticity.UNKNOWN_KEY
    assert authenticity_of(changed, SIGNATURE, {**KEYS, other.id: other}) is Authenticity.FORGED


@given(st.integers(0, 102), st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"))
def test_every_letter_of_the_signature_counts(place, letter):
    changed = SIGNATURE[:place] + letter + SIGNATURE[place + 1 :]

    genuine = authenticity_of(STATEMENT, changed, KEYS) is Authenticity.GENUINE

    assert genuine == (changed == SIGNATURE)


def test_a_signature_that_lacks_a_letter_is_called_unreadable():
    assert authenticity_of(STATEMENT, SIGNATURE[:-1], KEYS) is Authenticity.UNREADABLE


@given(st.text(alphabet='示例（）軟體 Ａb"\\{}\u3000\t\u200b\u202eé', max_size=60), st.integers(1, 40))
def test_a_statement_survives_being_copied_in_lines(organisation, width):
    statement = replace(STATEMENT, org=squeezed(organisation))

    lines = [statement.text[at : at + width] for at in range(0, len(statement.text), width)]

    assert read_statement("\r\n  ".join(lines)) == statement


def test_signs_may_be_spelled_as_json_spells_them():
    spelled = STATEMENT.text.replace("示", "\\u793a").replace("：", "\\uff1a")

    assert read_statement(spelled) == STATEMENT


def test_the_signature_is_found_after_the_statement_whatever_stands_around_them():
    copied = f"回执 SBC-2026-01-0007\n{STATEMENT.text}\n签名：\n{grouped(SIGNATURE).lower()}\n密钥编号：{KEY.public.id}"

    statement, signature = read_copied(copied)

    assert statement == STATEMENT
    assert authenticity_of(STATEMENT, signature, KEYS) is Authenticity.GENUINE
    assert read_copied(STATEMENT.text) == (STATEMENT, "")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        '"receipt-1"',
        "[" * 100_000,
        json.dumps({**json.loads(STATEMENT.text), "more": "1"}),
        json.dumps({key: value for key, value in json.loads(STATEMENT.text).items() if key != "uscc"}),
        json.dumps({**json.loads(STATEMENT.text), "revision": 1}),
        json.dumps({**json.loads(STATEMENT.text), "format": "receipt-2"}),
    ],
)
def test_what_is_no_statement(text):
    assert read_statement(text) is None


def test_instants_are_cut_to_the_second_in_shanghai():
    assert to_the_second(datetime(2026, 4, 1, 15, 59, 59, 999_999, tzinfo=UTC)) == "2026-04-01T23:59:59+08:00"


def test_papers_count_by_their_content_and_order():
    one, two = make_paper(1), make_paper(2)

    assert papers_fingerprint([one, two]) == papers_fingerprint([{**one, "name": "改名.pdf"}, two])
    assert papers_fingerprint([one, two]) != papers_fingerprint([two, one])
    assert papers_fingerprint([]) != papers_fingerprint([one])
