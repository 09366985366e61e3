"""Money, steps and what becomes public."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from grants.kernel.rules import Expression


@dataclass(frozen=True, slots=True)
class Track:
    """A way of being funded; the first whose ``when`` holds applies. ``ratio_bp`` in basis points, ``cap`` in yuan."""

    key: str
    label: str
    when: Expression | None
    ratio_bp: Expression
    cap: Expression


@dataclass(frozen=True, slots=True)
class Instalment:
    key: str
    label: str
    share_bp: int
    after: str


@dataclass(frozen=True, slots=True)
class Funding:
    """entitled = base x ratio, at most the cap, rounded down to ``rounding``, in yuan; see ``funding_amount``."""

    tracks: tuple[Track, ...]
    base: Expression
    base_label: str
    requested: Expression
    rounding: Expression
    minimum: Expression
    instalments: tuple[Instalment, ...]


@dataclass(frozen=True, slots=True)
class Stage:
    """A step of the process; ``days`` are working days unless ``calendar``, ``None`` where not measured.

    ``rounds``: how often the step may be taken, of the correction alone. ``reconsideration`` is no step of its own:
    its ``days`` are those in which a rejection can be objected to.
    """

    key: str
    label: str
    enabled: bool = True
    days: int | None = None
    calendar: bool = False
    rounds: int = 1
    note: str = ""


@dataclass(frozen=True, slots=True)
class PublicColumn:
    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Publication:
    """What becomes public: columns of the notice, the award list and the open data set; days of notice (working)."""

    notice_days: int
    project_name: Expression
    version: Expression | None
    category: Expression | None
    notice: tuple[PublicColumn, ...]
    awards: tuple[PublicColumn, ...]
    open_data: tuple[PublicColumn, ...]
    dataset: Mapping[str, str]
