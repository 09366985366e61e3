#!/usr/bin/env python3
"""Check a receipt without the system that issued it, and without a network.

    python3 verify_receipt.py RECEIPT.txt --keys keys.json [--revision REVISION.json] [--file PAPER.pdf ...]

RECEIPT.txt is text copied from the receipt's PDF: everything (select all, copy, paste), or at least the statement, from
"{" to "}", and after it the signature. "-" reads it from standard input. keys.json comes from /verify/keys.json of the
issuing system; make sure that it is genuine, for instance by the key's id as printed elsewhere.

With --revision the fingerprint of a revision's canonical JSON is computed again and compared, and so is its list of
papers; with --file that of each paper, which then has to be among those of the revision. What the system signed is
printed at the end: compare it with what the receipt says elsewhere.

Needs Python 3.9 or later and the package "cryptography". Exit status: 0 everything holds, 1 something does not, 2 the
question cannot be answered from what was given.
"""

import argparse
import base64
import hashlib
import json
import re
import sys
import unicodedata
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FORMAT = "receipt-1"
MEMBERS = {
    "call": "call",
    "content": "fingerprint of the revision",
    "format": "format",
    "key": "key",
    "org": "enterprise",
    "papers": "fingerprint of the list of papers",
    "ref": "application",
    "revision": "submission",
    "revision_at": "submitted",
    "submitted_at": "first submitted",
    "uscc": "credit code",
}
SIGNATURE_LETTERS = 103
INVISIBLE = {"Cc", "Cf", "Zs", "Zl", "Zp"}
MISREAD = str.maketrans("018", "OIB")


class UnanswerableError(Exception):
    """Something that is needed is missing or cannot be read."""


def squeezed(text):
    """Text in NFC without white space, control and direction signs: none of them is ever part of what is signed."""
    return "".join(sign for sign in unicodedata.normalize("NFC", text) if unicodedata.category(sign) not in INVISIBLE)


def canonical(content):
    """The canonical JSON of text, lists and objects of text."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def read_receipt(copied):
    """The statement and the text after it, from whatever was copied around them."""
    text = squeezed(copied)
    start = text.find('{"')
    if start < 0:
        raise UnanswerableError('no statement: it begins with {" on the receipt')
    try:
        statement, end = json.JSONDecoder().raw_decode(text, start)
    except (ValueError, RecursionError) as error:
        raise UnanswerableError(f"the statement is incomplete: {error}") from error
    if not isinstance(statement, dict) or statement.get("format") != FORMAT:
        raise UnanswerableError(f"this script knows receipts of format {FORMAT} only")
    if set(statement) != set(MEMBERS) or not all(isinstance(value, str) for value in statement.values()):
        raise UnanswerableError("the statement has other members than a receipt's")
    return statement, text[end:]


def read_signature(text):
    """The signature: the first run of 103 letters of base32, hyphens and case aside."""
    letters = text.replace("-", "").upper()
    found = re.search(rf"[A-Z0-8]{{{SIGNATURE_LETTERS}}}", letters)
    if found is None:
        raise UnanswerableError(f"no signature after the statement: it has {SIGNATURE_LETTERS} letters")
    signature = base64.b32decode(found.group().translate(MISREAD) + "=")
    if base64.b32encode(signature).decode().rstrip("=") != found.group().translate(MISREAD):
        raise UnanswerableError("the last letter of the signature is mistyped")
    return signature


def read_key(path, key_id):
    """The public key of that id; one that bears another's id is refused."""
    try:
        published = json.loads(Path(path).read_text(encoding="utf-8"))["keys"]
        raw = {key["id"]: bytes.fromhex(key["public"]) for key in published}
        known = {name: Ed25519PublicKey.from_public_bytes(key) for name, key in raw.items()}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UnanswerableError(f"{path} is no file of public keys: {error}") from error
    if key_id not in raw:
        raise UnanswerableError(f"{path} has no key {key_id}; known are {', '.join(sorted(raw)) or 'none'}")
    if hashlib.sha256(raw[key_id]).hexdigest()[: len(key_id)] != key_id:
        raise UnanswerableError(f"{path} gives the id {key_id} to another key")
    return known[key_id]


def is_signed(statement, signature, key):
    """Whether the key's holder signed this statement."""
    try:
        key.verify(signature, canonical(statement))
    except InvalidSignature:
        return False
    return True


def check_revision(statement, path):
    """Whether a revision's file is the one that the receipt speaks of; its fingerprints of papers where it is."""
    try:
        content = Path(path).read_bytes()
        papers = [paper["sha256"] for paper in json.loads(content)["documents"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UnanswerableError(f"{path} is no revision: {error}") from error
    held = [
        hold(hashlib.sha256(content).hexdigest() == statement["content"], f"{path}: fingerprint of the revision"),
        hold(
            hashlib.sha256(canonical(papers)).hexdigest() == statement["papers"],
            f"{path}: list of {len(papers)} papers",
        ),
    ]
    return all(held), papers


def check_file(path, papers):
    """Whether a file is among the papers of the revision."""
    digest = hashlib.sha256()
    try:
        with open(path, "rb") as file:
            while piece := file.read(1 << 20):
                digest.update(piece)
    except OSError as error:
        raise UnanswerableError(f"{path} cannot be read: {error}") from error
    return hold(digest.hexdigest() in papers, f"{path}: among the papers, SHA-256 {digest.hexdigest()}")


def hold(held, what):
    """Print one line of the result; returns whether it held."""
    print(f"{'ok  ' if held else 'FAIL'}  {what}")
    return held


def check(arguments):
    """Check everything that was given; whether all of it holds."""
    copied = sys.stdin.read() if arguments.receipt == "-" else Path(arguments.receipt).read_text(encoding="utf-8")
    statement, rest = read_receipt(copied)
    signature = read_signature(rest)
    held = [hold(is_signed(statement, signature, read_key(arguments.keys, statement["key"])), "signature")]
    papers = []
    if arguments.revision:
        same, papers = check_revision(statement, arguments.revision)
        held.append(same)
    elif arguments.file:
        raise UnanswerableError("--file needs --revision, which lists the papers")
    held += [check_file(path, papers) for path in arguments.file]
    if held[0]:
        for member, words in MEMBERS.items():
            print(f"      {words}: {statement[member]}")
    return all(held)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("receipt", help='text copied from the receipt; "-" is standard input')
    parser.add_argument("--keys", required=True, help="public keys of the issuing system")
    parser.add_argument("--revision", help="canonical JSON of the revision")
    parser.add_argument("--file", action="append", default=[], help="a paper; may be given again")
    try:
        return 0 if check(parser.parse_args()) else 1
    except (UnanswerableError, OSError, UnicodeDecodeError) as error:
        print(f"cannot tell: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
