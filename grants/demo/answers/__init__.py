"""Complete, plausible answers for both programmes.

A *flaw* is one named deviation that makes certain rules fail, so that every verdict can be seen.
"""

from grants.demo.answers.hlw import HLW_FLAWS, hlw_answers, project_name
from grants.demo.answers.material import Filled, organisation_answers
from grants.demo.answers.sbc import SBC_FLAWS, copyright_of, product_name, sbc_answers

__all__ = [
    "HLW_FLAWS",
    "SBC_FLAWS",
    "Filled",
    "copyright_of",
    "hlw_answers",
    "organisation_answers",
    "product_name",
    "project_name",
    "sbc_answers",
]
