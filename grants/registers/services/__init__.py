"""The one port to evidence from outside: what the registers say of an enterprise, from tables that are imported and
services that are asked.

``read`` tells what the database knows and what is still to be asked; ``admit_questions``, ``put_questions`` (network,
no transaction open) and ``settle_answers`` ask it.
"""

from grants.registers.services.asking import AdmittedQuestion, Outcome, put_questions
from grants.registers.services.circuits import admit_questions, circuit_of, forget_answers, settle_answers
from grants.registers.services.directory import adapter_of, current_services, use_services
from grants.registers.services.importing import add_records, import_snapshot
from grants.registers.services.reading import Evidence, Question, Reading, collect, read
from grants.registers.services.staging import (
    begin_staging,
    compare_staged,
    drop_staged,
    finish_staging,
    is_judged,
    is_staged,
    note_faults,
)
from grants.registers.services.tables import ACCEPTED, MAX_BYTES, Lines, keep_table, kind_of, read_kept, read_table
from grants.registers.services.uploads import (
    compare_again,
    discard_import,
    fail_import,
    map_import,
    note_headings,
    require_importable,
    start_import,
    sweep_imports,
    take_import,
)

__all__ = [
    "ACCEPTED",
    "MAX_BYTES",
    "AdmittedQuestion",
    "Evidence",
    "Lines",
    "Outcome",
    "Question",
    "Reading",
    "adapter_of",
    "add_records",
    "admit_questions",
    "begin_staging",
    "circuit_of",
    "collect",
    "compare_again",
    "compare_staged",
    "current_services",
    "discard_import",
    "drop_staged",
    "fail_import",
    "finish_staging",
    "forget_answers",
    "import_snapshot",
    "is_judged",
    "is_staged",
    "keep_table",
    "kind_of",
    "map_import",
    "note_faults",
    "note_headings",
    "put_questions",
    "read",
    "read_kept",
    "read_table",
    "require_importable",
    "settle_answers",
    "start_import",
    "sweep_imports",
    "take_import",
    "use_services",
]
