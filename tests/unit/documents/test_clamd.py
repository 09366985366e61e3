import io
import os

import pytest

from grants.documents.clamd import CHUNK_BYTES, Clamd, ScannerError, scanner_of
from tests.support.scanner import EICAR, fake_scanner, real_clamd


@pytest.fixture
def server():
    with fake_scanner() as server:
        yield server


def find(server, content=b"content", **options):
    return scanner_of(server.url).find(io.BytesIO(content), **options)


def test_everything_reaches_the_scanner_piece_by_piece(server):
    content = os.urandom(3 * CHUNK_BYTES + 17)

    assert find(server, content) == ""
    assert server.got == content


def test_what_is_found_has_a_name(server):
    server.says = "stream: Win.Test.EICAR_HDB-1 FOUND"

    assert find(server) == "Win.Test.EICAR_HDB-1"


@pytest.mark.parametrize("answer", ["INSTREAM size limit exceeded. ERROR", "UNKNOWN COMMAND", "", "stream: NOT OK"])
def test_an_answer_that_is_not_clear_is_no_scan(server, answer):
    server.says = answer

    with pytest.raises(ScannerError):
        find(server)


def test_a_scanner_that_hangs_up_at_its_limit_has_not_scanned(server):
    server.says, server.hangs_up = "INSTREAM size limit exceeded. ERROR", True

    with pytest.raises(ScannerError):
        find(server, os.urandom(20 * CHUNK_BYTES))


def test_a_scanner_that_is_silent_costs_its_patience_and_no_more(server):
    server.says = None

    with pytest.raises(ScannerError):
        find(server, patience_s=0.05)


def test_a_scanner_that_is_not_there_is_not_well(tmp_path):
    gone = Clamd(str(tmp_path / "none.socket"))

    assert not gone.is_well()
    with pytest.raises(ScannerError):
        gone.find(io.BytesIO(b"content"))


def test_one_that_is_there_is_well(server):
    assert scanner_of(server.url).is_well()


@pytest.mark.parametrize(
    ("url", "scanner"),
    [
        ("", None),
        ("clamd+unix:///run/clamav/clamd.ctl", Clamd("/run/clamav/clamd.ctl")),
        ("clamd://scanner.example", Clamd(("scanner.example", 3310))),
        ("clamd://10.0.0.9:3311", Clamd(("10.0.0.9", 3311))),
    ],
)
def test_the_place_is_a_url(url, scanner):
    assert scanner_of(url) == scanner


@pytest.mark.parametrize("url", ["http://scanner", "clamd+unix://", "clamd:"])
def test_another_place_stops_the_start(url):
    with pytest.raises(ValueError, match="SCANNER_URL"):
        scanner_of(url)


def test_a_real_clamd_finds_the_test_virus_and_says_when_a_file_is_too_large_for_it(tmp_path):
    with real_clamd(tmp_path) as scanner:
        assert scanner.find(io.BytesIO(b"before " + EICAR + b" after")) == "Example-Eicar.UNOFFICIAL"
        assert scanner.find(io.BytesIO(b"harmless" * 1_000)) == ""
        with pytest.raises(ScannerError):
            scanner.find(io.BytesIO(bytes(2 * 1024 * 1024)))
