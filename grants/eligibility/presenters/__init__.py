"""Words of the formal check, what an officer can choose from, what is shown of lists and corrections."""

from grants.eligibility.presenters.acceptances import Group, by_district, left_out_by_reason
from grants.eligibility.presenters.choosing import clauses_of, ground_choices, verdict_choices
from grants.eligibility.presenters.corrections import CorrectionMarks, Place, PlaceGroup, correction_marks
from grants.eligibility.presenters.values import PLAIN_WORDS, REGISTER_COLUMNS, day_words, name_words, value_words
from grants.eligibility.presenters.wording import ANSWERS, OUTCOMES, PERSON_VERDICTS, PROPOSALS, REASONS, RUNS, STATES

__all__ = [
    "ANSWERS",
    "OUTCOMES",
    "PERSON_VERDICTS",
    "PLAIN_WORDS",
    "PROPOSALS",
    "REASONS",
    "REGISTER_COLUMNS",
    "RUNS",
    "STATES",
    "CorrectionMarks",
    "Group",
    "Place",
    "PlaceGroup",
    "by_district",
    "clauses_of",
    "correction_marks",
    "day_words",
    "ground_choices",
    "left_out_by_reason",
    "name_words",
    "value_words",
    "verdict_choices",
]
