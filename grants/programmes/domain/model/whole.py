"""One version of one programme, compiled, with its parts by key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from functools import cached_property
from typing import TypeVar

from grants.programmes.domain.kinds import StageKey
from grants.programmes.domain.model.conditions import Basis, NamedValue, Rule
from grants.programmes.domain.model.form import DocumentSlot, Field, NamedList, Parameter, Section
from grants.programmes.domain.model.process import Funding, Publication, Stage
from grants.programmes.domain.model.scoring import Rubric
from grants.programmes.errors import DefinitionFault

Part = TypeVar("Part", Section, DocumentSlot, Rule, Parameter, NamedList, Stage)


@dataclass(frozen=True, eq=False)
class Definition:
    """One version of one programme, compiled. Equal definitions have equal ``fingerprint``s."""

    code: str
    title: str
    summary: str
    version: str
    basis: tuple[Basis, ...]
    values: tuple[NamedValue, ...]
    lists: tuple[NamedList, ...]
    parameters: tuple[Parameter, ...]
    sections: tuple[Section, ...]
    documents: tuple[DocumentSlot, ...]
    rules: tuple[Rule, ...]
    rubric: Rubric
    funding: Funding
    stages: tuple[Stage, ...]
    publication: Publication
    fingerprint: str
    source: str = dataclass_field(repr=False)
    warnings: tuple[DefinitionFault, ...] = ()

    @cached_property
    def fields_by_path(self) -> Mapping[str, Field]:
        """Every field and column by path, in the order of the form."""
        found: dict[str, Field] = {}
        for section in self.sections:
            for question in section.fields:
                found[question.path] = question
                found.update({column.path: column for column in question.columns})
        return found

    @cached_property
    def section_of(self) -> Mapping[str, Section]:
        """The section of every top-level field, by the field's path."""
        return {question.path: section for section in self.sections for question in section.fields}

    def field(self, path: str) -> Field:
        """The field or column at ``path``; ``KeyError`` when there is none."""
        return self.fields_by_path[path]

    def section(self, key: str) -> Section:
        return _find(self.sections, key)

    def document(self, key: str) -> DocumentSlot:
        return _find(self.documents, key)

    def rule(self, key: str) -> Rule:
        return _find(self.rules, key)

    def parameter(self, key: str) -> Parameter:
        return _find(self.parameters, key)

    def named_list(self, key: str) -> NamedList:
        return _find(self.lists, key)

    def stage(self, key: str) -> Stage:
        return _find(self.stages, key)

    @property
    def correction_rounds(self) -> int:
        """How often an application may be returned for correction: once, unless the definition grants more."""
        return next((stage.rounds for stage in self.stages if stage.key == StageKey.CORRECTION), 1)

    def clause_text(self, rule: Rule) -> str:
        """The clause as a citation: title of the basis and article."""
        basis_id, article = rule.clause
        basis = next(entry for entry in self.basis if entry.id == basis_id)
        return f"《{basis.title}》{article}"


def _find(parts: tuple[Part, ...], key: str) -> Part:
    for part in parts:
        if part.key == key:
            return part
    raise KeyError(key)
