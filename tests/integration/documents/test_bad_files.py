"""The corpus of bad files: each refused with its own sentence, nothing kept, the server's memory flat."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from grants.documents.errors import REFUSALS, RefusedFileError
from tests.factories.bad_files import MAX_BYTES, MAX_PAGES, MEGABYTE, bad_files

ROOT = Path(__file__).resolve().parents[3]
FILES = list(bad_files())
SPARSE_BYTES = 1024 * MEGABYTE
ALLOWED_GROWTH_KB = 24 * 1024
ELSEWHERE = {  # what no content alone can cause
    "file_busy",
    "file_gone",
    "file_infected",
    "file_missing",
    "file_not_scanned_yet",
    "file_scan_failed",
    "workbook_too_large",
}
TAKE_ALL = """
import json, resource, sys
from pathlib import Path
from grants import documents

folder, max_bytes, max_pages = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
limits = {"accept": ("pdf", "jpg", "png", "xlsx"), "max_bytes": max_bytes, "max_pages": max_pages}
documents.use_store(documents.FolderStore(folder / "store"))


def take(path, name):
    with path.open("rb") as stream:
        try:
            documents.receive_upload(stream, name=name, **limits)
        except documents.RefusedFileError as error:
            return [error.code, error.sentence]
    return ["", ""]


def peak_kb():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


before = peak_kb()
names = json.loads((folder / "names.json").read_text())
answers = [take(folder / str(number), name) for number, name in enumerate(names)]
left = sum(path.is_file() for path in (folder / "store").rglob("*"))
print(json.dumps({"growth_kb": peak_kb() - before, "answers": answers, "left": left}))
"""


@pytest.fixture(scope="module")
def taken(tmp_path_factory):
    """What becomes of all of them, taken in one after the other by one process; a gigabyte of nothing comes last."""
    folder = tmp_path_factory.mktemp("bad")
    for number, bad in enumerate(FILES):
        (folder / str(number)).write_bytes(bad.make())
    with (folder / str(len(FILES))).open("wb") as sparse:
        sparse.truncate(SPARSE_BYTES)
    (folder / "names.json").write_text(json.dumps([*(bad.name for bad in FILES), "一个吉字节.pdf"]))
    command = [sys.executable, "-c", TAKE_ALL, str(folder), str(MAX_BYTES), str(MAX_PAGES)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("number", range(len(FILES)), ids=[bad.what for bad in FILES])
def test_a_bad_file_is_refused_for_what_it_is(taken, number):
    code, sentence = taken["answers"][number]

    assert code == FILES[number].code
    assert sentence.endswith("。")


def test_a_gigabyte_is_refused_while_it_arrives(taken):
    assert taken["answers"][-1] == ["file_too_large", RefusedFileError("file_too_large", limit_mb=20).sentence]


def test_nothing_of_them_is_kept_and_memory_stays_flat(taken):
    assert taken["left"] == 0
    assert taken["growth_kb"] < ALLOWED_GROWTH_KB


def test_every_reason_that_a_content_can_give_is_tried():
    assert len(FILES) >= 75
    assert {bad.code for bad in FILES} == set(REFUSALS) - ELSEWHERE
    assert len(set(REFUSALS.values())) == len(REFUSALS)
