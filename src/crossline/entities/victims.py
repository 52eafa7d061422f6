"""Who is a victim, said once for every page: any visible statement makes a person one, whatever else is said of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final
from uuid import UUID

from django.db.models import Q

from crossline.access.asked_often import ask
from crossline.access.viewer import Viewpoint
from crossline.entities.clusters import people
from crossline.records.generation import Kept
from crossline.records.models import Assertion
from crossline.vocabulary.codes import AssertionType, SubjectCategory

VICTIM_TYPES = frozenset({AssertionType.VICTIM_OF, AssertionType.EXPLOITED_BY})


def says_victim(*, type: str, category: str) -> bool:  # noqa: A002  # the contract's word
    """Whether a statement makes its subject a victim: by its category, or by what it says."""
    return category == SubjectCategory.VICTIM or type in VICTIM_TYPES


_REGISTERS: Final[list[Callable[[Viewpoint], Iterable[UUID]]]] = []


def count_as_victims(register: Callable[[Viewpoint], Iterable[UUID]]) -> None:
    """Have a register of a room above, which gives mentions of people, count beside what records say; as rooms are loaded."""
    if register not in _REGISTERS:
        _REGISTERS.append(register)


def is_registered(viewpoint: Viewpoint, mentions: Iterable[UUID]) -> bool:
    """Whether a register counts the person of these mentions, all of theirs, among victims."""
    own = frozenset(mentions)
    return any(mention in own for register in _REGISTERS for mention in register(viewpoint))


def victims_among(viewpoint: Viewpoint, mentions: Iterable[UUID]) -> frozenset[UUID]:
    """Those of these mentions that a visible record calls a victim, or a register does."""
    asked = frozenset(mentions)
    seen, audiences = viewpoint.clause("a.audience_id")
    rows = ask(
        "SELECT DISTINCT a.from_mention_id FROM records_assertion a WHERE a.from_mention_id = ANY (%s::uuid[]) "
        f"AND (a.category = %s OR a.type = ANY (%s)) AND {seen}",
        [list(asked), str(SubjectCategory.VICTIM), sorted(map(str, VICTIM_TYPES)), *audiences],
    )
    said = {mention for (mention,) in rows}
    registered = {mention for register in _REGISTERS for mention in register(viewpoint)}
    return frozenset(said | (asked & registered))


def _victims(viewpoint: Viewpoint) -> frozenset[str]:
    known = people(viewpoint)
    said = Assertion.objects.filter(Q(category=SubjectCategory.VICTIM) | Q(type__in=VICTIM_TYPES))
    subjects = viewpoint.visible(said.filter(from_mention__kind="person")).values_list("from_mention_id", flat=True)
    registered = (mention for register in _REGISTERS for mention in register(viewpoint))
    return frozenset(known.of(str(mention)) for mention in (*subjects, *registered))


victims: Kept[frozenset[str]] = Kept(_victims)
"""The people of a viewpoint whom any visible record calls a victim, or a register that keeps people safe does."""
