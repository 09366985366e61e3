"""Pure half of the registers: what they hold, tables that people hand over, services that are asked."""

from grants.registers.domain.asking import (
    Answer,
    MalformedAnswerError,
    RegisterService,
    RegisterSettingError,
    pause_s,
    read_answer,
    services_of,
)
from grants.registers.domain.circuits import Admission, Circuit, admit, answered, failed
from grants.registers.domain.differences import Difference, compare, difference_json, marks_of
from grants.registers.domain.headings import HEADINGS, USCC, guess_mapping, label_of
from grants.registers.domain.records import Entry, RecordFault, find_faults
from grants.registers.domain.registers import REGISTERS, Column, Register, readable
from grants.registers.domain.sheets import (
    SAMPLES,
    NumberedLine,
    Sheet,
    SheetFault,
    find_headings,
    heading_texts,
    read_sheet,
)

__all__ = [
    "HEADINGS",
    "REGISTERS",
    "SAMPLES",
    "USCC",
    "Admission",
    "Answer",
    "Circuit",
    "Column",
    "Difference",
    "Entry",
    "MalformedAnswerError",
    "NumberedLine",
    "RecordFault",
    "Register",
    "RegisterService",
    "RegisterSettingError",
    "Sheet",
    "SheetFault",
    "admit",
    "answered",
    "compare",
    "difference_json",
    "failed",
    "find_faults",
    "find_headings",
    "guess_mapping",
    "heading_texts",
    "label_of",
    "marks_of",
    "pause_s",
    "read_answer",
    "read_sheet",
    "readable",
    "services_of",
]
