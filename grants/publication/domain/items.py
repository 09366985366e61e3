"""What becomes public of an application, and nothing else: no person, no score, no rank."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from grants.kernel.districts import DISTRICTS
from grants.kernel.money import wan_text, yuan_text
from grants.kernel.rules import Value
from grants.programmes.domain import Case, CaseView, Definition


@dataclass(frozen=True, slots=True)
class PublicItem:
    """One project on a notice or a list; ``amount_fen`` in fen, everything else as text."""

    seq: int
    project_no: str
    project_name: str
    version: str
    org_name: str
    uscc: str
    district_code: str
    category: str
    amount_fen: int

    @property
    def district(self) -> str:
        """The name of the district; a code that is none is shown as it is."""
        return DISTRICTS.get(self.district_code, self.district_code)

    @property
    def amount_wan(self) -> str:
        return wan_text(self.amount_fen)

    @property
    def amount(self) -> str:
        """Yuan without separators, as data are read."""
        return yuan_text(self.amount_fen).replace(",", "")


def public_item(
    definition: Definition, case: Case, *, project_no: str, district_code: str, amount_fen: int
) -> PublicItem:
    """The public face of a case; ``seq`` is given when the items are put in order."""
    names, publication = CaseView(definition, case), definition.publication
    return PublicItem(
        seq=0,
        project_no=project_no,
        project_name=_text(publication.project_name.evaluate(names)),
        version=_text(publication.version.evaluate(names)) if publication.version else "",
        org_name=_text(names["org.name"]),
        uscc=_text(names["org.uscc"]),
        district_code=district_code,
        category=_text(publication.category.evaluate(names)) if publication.category else "",
        amount_fen=amount_fen,
    )


def in_public_order(items: Sequence[PublicItem]) -> tuple[PublicItem, ...]:
    """By project number, numbered from 1: the order of the ranking would give the ranking away."""
    ordered = sorted(items, key=lambda item: item.project_no)
    return tuple(replace(item, seq=seq) for seq, item in enumerate(ordered, 1))


def item_json(item: PublicItem) -> dict[str, Any]:
    """An item as it stands in frozen content."""
    return asdict(item)


def item_of(content: Mapping[str, Any]) -> PublicItem:
    """An item read back from frozen content, where numbers are text."""
    return PublicItem(**{**content, "seq": int(content["seq"]), "amount_fen": int(content["amount_fen"])})


def total_fen(items: Sequence[PublicItem]) -> int:
    """Sum of the amounts."""
    return sum(item.amount_fen for item in items)


def _text(value: Value) -> str:
    if isinstance(value, tuple):
        return "、".join(str(part) for part in value)
    return value.strip() if isinstance(value, str) else ""
