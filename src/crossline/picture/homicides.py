"""The drug-linked share of homicides, by financial year, with what is not known kept apart."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from crossline.access.viewer import Viewpoint
from crossline.records.models import Record
from crossline.vocabulary.codes import RecordKind, Tristate


@dataclass(frozen=True)
class HomicideYear:
    """The visible homicides of a financial year: linked to drugs, not linked, and those of which it is not known."""

    year: str
    linked: int
    not_linked: int
    unknown: int

    @property
    def known(self) -> int:
        return self.linked + self.not_linked

    @property
    def number(self) -> int:
        return self.known + self.unknown

    @property
    def share(self) -> Decimal | None:
        """Per cent linked of those known; None where nothing is known."""
        return _percent(self.linked, self.known)

    @property
    def least(self) -> Decimal | None:
        """Were none of the unknown linked."""
        return _percent(self.linked, self.number)

    @property
    def most(self) -> Decimal | None:
        """Were all of the unknown linked."""
        return _percent(self.linked + self.unknown, self.number)


def is_drug_linked(victim: Tristate, suspect: Tristate) -> Tristate:
    """Yes where either is known to use or deal; no where neither does; else not known: an unknown might yet be a yes."""
    if Tristate.YES in (victim, suspect):
        return Tristate.YES
    return Tristate.NO if victim == suspect == Tristate.NO else Tristate.UNKNOWN


def homicide_years(viewpoint: Viewpoint) -> list[HomicideYear]:
    """Each financial year that visible homicides are of, in order."""
    rows = viewpoint.visible(Record.objects.filter(kind=RecordKind.HOMICIDE)).order_by("revision")
    newest = {(owner, ref): detail for owner, ref, detail in rows.values_list("owner_id", "ref", "detail")}
    answers: dict[str, list[Tristate]] = {}
    for detail in newest.values():
        linked = is_drug_linked(Tristate(detail["victim"]), Tristate(detail["suspect"]))
        answers.setdefault(detail["year"], []).append(linked)
    return [_year(year, answers[year]) for year in sorted(answers)]


def _year(year: str, answers: Iterable[Tristate]) -> HomicideYear:
    given = list(answers)
    return HomicideYear(year, *(given.count(answer) for answer in (Tristate.YES, Tristate.NO, Tristate.UNKNOWN)))


def _percent(part: int, whole: int) -> Decimal | None:
    return (Decimal(100) * part / whole).quantize(Decimal("0.1")) if whole else None
