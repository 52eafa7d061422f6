"""Whose names, and whose numbers and addresses, an export leaves out: victims', and those of people put forward for help.

Decided once for each export and carried out where tables and networks are made, before any writer sees a value. Only rows
that the viewer sees decide it: a hidden record that calls somebody a victim masks nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from crossline.access.viewer import Viewpoint
from crossline.engines.indicators.facts import Standing
from crossline.entities.clusters import people
from crossline.entities.reach import NOT_SHOWN, REACHED_BY
from crossline.entities.victims import victims
from crossline.lines.register import register
from crossline.records.models import Assertion
from crossline.safeguarding.models import Concern
from crossline.safeguarding.premises.tenants import protected
from crossline.vocabulary.codes import MentionKind, SubjectCategory

VICTIM: Final = "Victim, name withheld"
PUT_FORWARD: Final = "Put forward for help, name withheld"
POSTCODE_ALONE: Final = "||"
"""How the value of an address ends that is a postcode only: others live there, so it stands for one mention alone."""


@dataclass(frozen=True)
class Masking:
    """What is withheld. `things`: normalised values, and the mentions of what has none. `tenants`: victim tenants of the
    register of premises, whom no export calls a suspect, not even one that names victims."""

    suffering: frozenset[str] = frozenset()
    put_forward: frozenset[str] = frozenset()
    things: frozenset[str] = frozenset()
    tenants: frozenset[str] = frozenset()

    def of_person(self, person: str) -> str | None:
        """What stands in place of a person's name; None where it may be told."""
        if person in self.suffering:
            return VICTIM
        return PUT_FORWARD if person in self.put_forward else None

    def of_thing(self, kind: str, *, selector: str = "", mention: str = "") -> str | None:
        """What stands in place of a number, address, online name or account; None where it may be told."""
        is_withheld = selector in self.things or mention in self.things
        return f"{NOT_SHOWN[MentionKind(kind)]} withheld" if is_withheld and kind in NOT_SHOWN else None

    def of_category(self, person: str, category: str) -> str:
        """The category of data subject that an export gives a person: a victim tenant is none that is suspected."""
        blocked = person in self.tenants and category == SubjectCategory.SUSPECT
        return SubjectCategory.VICTIM.value if blocked else category

    def of_value(self, scheme: str, value: str) -> str | None:
        """The same for a value that stands in a table."""
        return self.of_thing(_KINDS.get(scheme, scheme), selector=f"{scheme}:{value}")


_KINDS: Final = {"imei": MentionKind.PHONE, "imsi": MentionKind.PHONE}
"""Of which kind a value is, where its scheme is not called so."""
WHOLE: Final = Masking()
"""Nothing is withheld."""


def masking(viewpoint: Viewpoint) -> Masking:
    """What is withheld from an export of what this viewer sees."""
    suffering = victims(viewpoint)
    put_forward = _put_forward(viewpoint) - suffering
    return Masking(suffering, put_forward, _reached(viewpoint, suffering | put_forward), protected(viewpoint))


def naming(viewpoint: Viewpoint) -> Masking:
    """What is withheld where a second person has let victims be named: names stand, a suspicion of a victim tenant does not."""
    return Masking(tenants=protected(viewpoint))


def _put_forward(viewpoint: Viewpoint) -> frozenset[str]:
    """The people whom a visible concern puts forward."""
    known = people(viewpoint)
    raised = Concern.objects.filter(standing=Standing.RAISED)
    found = viewpoint.visible(raised, "audience", "mention__audience", "record__audience")
    return frozenset(known.of(str(mention)) for mention in found.values_list("mention_id", flat=True))


def _reached(viewpoint: Viewpoint, withheld: frozenset[str]) -> frozenset[str]:
    """By what they can be reached, as visible records say: but the number of a line, which is the line's, whoever carries it."""
    known = people(viewpoint)
    of_lines = {use.number for line in register(viewpoint).lines for use in line.group.numbers}
    said = Assertion.objects.filter(
        type__in=REACHED_BY, from_mention__kind=MentionKind.PERSON, to_mention__kind__in=list(NOT_SHOWN)
    )
    found = viewpoint.visible(said, "audience", "from_mention__audience", "to_mention__audience")
    rows = found.values_list("from_mention_id", "to_mention_id", "to_mention__selector")
    return frozenset(
        str(thing) if selector is None or selector.endswith(POSTCODE_ALONE) else selector
        for person, thing, selector in rows.iterator(chunk_size=20_000)
        if known.of(str(person)) in withheld and (selector or "").partition(":")[2] not in of_lines
    )
