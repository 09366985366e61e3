"""A programme definition after loading: frozen dataclasses with their expressions compiled.

Money bounds are exact yuan (``Decimal``) as written in the file; amounts that leave the package are integer fen.
"""

from grants.programmes.domain.model.conditions import Basis, CheckCall, NamedValue, Rule
from grants.programmes.domain.model.form import (
    DocumentSlot,
    Field,
    FixedRows,
    ListItem,
    NamedComputation,
    NamedList,
    Parameter,
    Section,
)
from grants.programmes.domain.model.process import Funding, Instalment, Publication, PublicColumn, Stage, Track
from grants.programmes.domain.model.scoring import (
    Anchor,
    Criterion,
    CriterionMinimum,
    Rubric,
    Stratum,
    SubCriterion,
    TieBreak,
)
from grants.programmes.domain.model.whole import Definition

__all__ = [
    "Anchor",
    "Basis",
    "CheckCall",
    "Criterion",
    "CriterionMinimum",
    "Definition",
    "DocumentSlot",
    "Field",
    "FixedRows",
    "Funding",
    "Instalment",
    "ListItem",
    "NamedComputation",
    "NamedList",
    "NamedValue",
    "Parameter",
    "PublicColumn",
    "Publication",
    "Rubric",
    "Rule",
    "Section",
    "Stage",
    "Stratum",
    "SubCriterion",
    "TieBreak",
    "Track",
]
