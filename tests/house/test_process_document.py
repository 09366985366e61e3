"""docs/process.md says what the tables of states say."""

from tests.support.process_document import DOCUMENT, document, unexplained


def test_every_event_says_who_may_cause_it():
    assert unexplained() == []


def test_the_document_is_current():
    assert DOCUMENT.read_text(encoding="utf-8") == document(), "run: python -m tests.support.process_document"
