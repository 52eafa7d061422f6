"""Who can see a record, and why: its groups, the rule, the sender's word or the release that made them, and who of its owner
belongs to one.

Of other agencies the groups are told and no names: who works where, and that somebody was enrolled, is theirs to tell.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from crossline.access.compartments.belonging import belonging, members
from crossline.access.models import Person
from crossline.access.policy import Circumstances, agency_label, audience_for, labels_for, rule_for
from crossline.access.roles import Role
from crossline.access.viewer import Viewpoint
from crossline.records.compartments.actions import standing_entry
from crossline.records.models import Record, RecordRelease
from crossline.records.presenter import group_in_words
from crossline.vocabulary.agencies import agencies
from crossline.vocabulary.codes import Handling, RecordKind


@dataclass(frozen=True)
class Seer:
    """Somebody who can see a record, and through which of its groups."""

    person: Person
    through: tuple[str, ...]


@dataclass(frozen=True)
class Seeing:
    """Who can see one record and why."""

    groups: tuple[str, ...]
    named_by_sender: bool
    released_to: tuple[str, ...]
    authority: str
    seers: tuple[Seer, ...]
    in_compartment: bool = False


IN_A_COMPARTMENT: Final = "A keeper of the compartment put it in (docs/decisions/0014-compartments.md)"


def seeing(record: Record, viewpoint: Viewpoint) -> Seeing:
    """Worked out with the policy itself, from the record's audience and the owner's people who may sign in."""
    labels = frozenset(record.audience.labels.values_list("key", flat=True))
    entry = standing_entry(record, viewpoint)
    if entry is not None:
        group = group_in_words(next(iter(labels)))
        inside = [each.admission.person for each in belonging(members(entry.compartment, viewpoint))]
        seers = [Seer(person, (group,)) for person in inside]
        return Seeing((group,), False, (), IN_A_COMPARTMENT, tuple(seers), in_compartment=True)
    circumstances = Circumstances(
        RecordKind(record.kind),
        record.owner_id,
        Handling(record.handling),
        home=_said(record, "home_agency"),
        found=_said(record, "found_agency"),
    )
    released = {
        agency_label(to)
        for to in RecordRelease.objects.filter(record=record, taken_back=None).values_list("to_agency_id", flat=True)
    }
    by_rule = labels - released == audience_for(circumstances, agencies=agencies())
    people = Person.objects.filter(agency=record.owner_id, is_active=True).order_by("username")
    return Seeing(
        tuple(sorted(group_in_words(label) for label in labels)),
        not by_rule,
        tuple(sorted(group_in_words(label) for label in released)),
        rule_for(circumstances).authority,
        tuple(_seers(people, labels)),
    )


def _seers(people: Iterable[Person], labels: frozenset[str]) -> Iterable[Seer]:
    for person in people:
        held = labels & labels_for(agency=person.agency_id, roles=(Role(role) for role in person.roles))
        if held:
            yield Seer(person, tuple(sorted(group_in_words(label) for label in held)))


def _said(record: Record, field: str) -> str | None:
    """An agency that a missing episode names."""
    missing = record.detail.get("missing")
    value = missing.get(field) if isinstance(missing, dict) else None
    return value if isinstance(value, str) else None
