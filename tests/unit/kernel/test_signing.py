"""The system's signature: what it confirms, how it is printed and read back."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.kernel.signing import (
    PublicKey,
    SigningKey,
    grouped,
    public_keys,
    read_signature,
    signature_text,
    signing_key,
    use_signing_key,
)

KEY = SigningKey(bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"))
MESSAGE = "申报回执".encode()


@pytest.fixture
def ring():
    """The keys of this process as they were, again after the test."""
    before = signing_key() if public_keys() else None
    yield
    if before is not None:
        use_signing_key(before)


def test_the_vector_of_rfc_8032():
    assert KEY.public.raw.hex() == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    assert KEY.sign(b"").hex() == (
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
        "d25bf5f0595bbe24655141438e7a100b"
    )


def test_a_key_is_named_after_itself():
    assert KEY.public.id == hashlib.sha256(KEY.public.raw).hexdigest()[:16]


@given(st.binary(max_size=200), st.integers(0, 511))
def test_one_bit_of_the_signature_is_enough_to_refuse_it(message, bit):
    signature = KEY.sign(message)
    changed = bytearray(signature)
    changed[bit // 8] ^= 1 << bit % 8

    assert KEY.public.confirms(signature, message)
    assert not KEY.public.confirms(bytes(changed), message)
    assert not KEY.public.confirms(signature, message + b"0")
    assert not SigningKey(bytes(32)).public.confirms(signature, message)


@given(st.binary(min_size=64, max_size=64))
def test_what_is_printed_is_read_back(signature):
    printed = grouped(signature_text(signature))

    assert len(printed.split()) == 26
    assert read_signature(printed) == signature
    assert read_signature(printed.lower().replace(" ", "\n-")) == signature


def test_letters_that_eyes_mistake_are_read_as_meant():
    printed = signature_text(KEY.sign(MESSAGE))
    assert {"O", "I", "B"} & set(printed)

    typed = printed.replace("O", "0").replace("I", "1").replace("B", "8")

    assert read_signature(typed) == KEY.sign(MESSAGE)


@pytest.mark.parametrize("typed", ["", "A", "A" * 102, "A" * 102 + "B", "A" * 104, "签" * 103, "ß" * 103, "9" * 103])
def test_what_is_no_signature(typed):
    assert read_signature(typed) is None


def test_what_was_signed_under_an_earlier_key_can_still_be_checked(ring):
    earlier = SigningKey(bytes(32)).public

    use_signing_key(KEY, earlier)

    assert signing_key() is KEY
    assert list(public_keys()) == [KEY.public.id, earlier.id]
    assert public_keys()[earlier.id] == PublicKey(earlier.raw)
