"""How premises stand for their viewer: steps, log, tenants, and what is due: the next visit, or the next review."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from crossline.access.policy import CENTRE
from crossline.access.viewer import Viewpoint
from crossline.entities.clusters import people
from crossline.records.models import Assertion, Mention
from crossline.safeguarding.premises.guide import guide
from crossline.safeguarding.premises.models import (
    IN_USE,
    PREMISES_MOVES,
    Premises,
    PremisesEntry,
    PremisesEntryKind,
    PremisesState,
    PremisesStep,
    TenantStanding,
    VictimTenant,
)
from crossline.safeguarding.premises.security import WHO_KEEPS
from crossline.safeguarding.premises.tenants import tenancies
from crossline.vocabulary.codes import AssertionType, MentionKind

POSTCODE_ALONE = "||"
"""How the value of an address ends that is a postcode only: others live there, so it stands for one mention alone."""
AGAIN, QUIET = "again", "quiet"


@dataclass(frozen=True)
class PremisesReview:
    """One review that is due after premises were made safe, with what answered it."""

    after: int
    due: date
    answer: PremisesEntry | None


@dataclass(frozen=True)
class PremisesStanding:
    """One entry of the register with everything of it that the viewer sees."""

    viewpoint: Viewpoint
    premises: Premises
    steps: Sequence[PremisesStep]
    entries: Sequence[PremisesEntry]
    tenants: Mapping[str, VictimTenant]

    @property
    def state(self) -> PremisesState:
        return PremisesState(self.steps[-1].state)

    @property
    def is_in_use(self) -> bool:
        return self.state in IN_USE

    @property
    def moves(self) -> list[PremisesState]:
        """What they can become, in the order of the list."""
        return [state for state in PremisesState if state in PREMISES_MOVES[self.state]]

    @property
    def victims(self) -> list[VictimTenant]:
        """The tenants who are victims, as the register stands."""
        return [row for row in self.tenants.values() if row.standing == TenantStanding.VICTIM]

    def entries_of(self, kind: PremisesEntryKind) -> list[PremisesEntry]:
        """The lines of one kind, the oldest first."""
        return [entry for entry in self.entries if entry.kind == kind]

    @property
    def reviews(self) -> list[PremisesReview]:
        """The reviews since they were last made safe; none of premises in use."""
        safe = next((step for step in reversed(self.steps) if step.state == PremisesState.SAFE), None)
        if safe is None or self.state not in (PremisesState.SAFE, PremisesState.ENDED):
            return []
        since = [
            entry for entry in self.entries_of(PremisesEntryKind.REVIEW) if entry.detail.get("stood") == safe.number
        ]
        answers = {entry.detail.get("after"): entry for entry in since}
        return [
            PremisesReview(after, safe.day + timedelta(days=after), answers.get(after)) for after in guide().review_days
        ]

    @property
    def due(self) -> tuple[date, str] | None:
        """What is due next, and when."""
        open_reviews = (
            [] if self.state is PremisesState.ENDED else [each for each in self.reviews if each.answer is None]
        )
        due = [(each.due, f"Review {each.after} days after they were made safe") for each in open_reviews]
        visits = self.entries_of(PremisesEntryKind.VISIT)
        if visits and visits[-1].detail.get("next"):
            due.append((date.fromisoformat(visits[-1].detail["next"]), "Visit"))
        return min(due, default=None)

    @property
    def is_late(self) -> bool:
        return self.due is not None and self.due[0] < timezone.localdate()

    @property
    def may_keep(self) -> bool:
        """Whether the viewer writes here."""
        return may_keep(self.viewpoint, self.premises.owner_id)

    @cached_property
    def residents(self) -> list[Mention]:
        """Whom visible records say live or lived there, once for each record, by name."""
        said = Assertion.objects.filter(
            type=AssertionType.LIVES_AT, from_mention__kind=MentionKind.PERSON, to_mention__in=self._same
        )
        seen = self.viewpoint.visible(said, "audience", "from_mention__audience", "to_mention__audience")
        rows = Mention.objects.filter(id__in=seen.values("from_mention_id")).select_related("record")
        return list(
            self.viewpoint.visible(rows, "audience", "record__audience").order_by("caption", "record__ref", "id")
        )

    @property
    def _same(self) -> QuerySet[Mention]:
        return self.viewpoint.visible(Mention.objects.filter(same_address(self.premises.about)))


def same_address(mention: Mention) -> Q:
    """Which mentions are of the same address as this one."""
    if mention.selector and not mention.selector.endswith(POSTCODE_ALONE):
        return Q(selector=mention.selector, kind=MentionKind.ADDRESS)
    return Q(id=mention.id)


def may_keep(viewpoint: Viewpoint, owner: str) -> bool:
    """Whether the viewer keeps the register for an agency."""
    viewer = viewpoint.viewer
    return bool(viewer.roles & WHO_KEEPS) and viewer.agency in (owner, CENTRE)


def premises_found(viewpoint: Viewpoint, premises: UUID) -> PremisesStanding | None:
    """One entry of the register; a hidden one is none."""
    return next(iter(_standing(viewpoint, Premises.objects.filter(id=premises))), None)


def premises_register(viewpoint: Viewpoint) -> list[PremisesStanding]:
    """Everything in the register that the viewer sees, the newest first."""
    return _standing(viewpoint, Premises.objects.all())


def premises_at(viewpoint: Viewpoint, mention: Mention) -> list[PremisesStanding]:
    """What the register holds of the address of a mention, the newest first."""
    same = viewpoint.visible(Mention.objects.filter(same_address(mention))).values_list("id", flat=True)
    return _standing(viewpoint, Premises.objects.filter(about__in=list(same)))


def premises_with(viewpoint: Viewpoint, mentions: Collection[UUID]) -> list[PremisesStanding]:
    """The premises of which the register names the people of these mentions as tenants, the newest first."""
    known = people(viewpoint)
    wanted = {known.of(str(mention)) for mention in mentions}
    return [each for each in premises_register(viewpoint) if wanted & set(each.tenants)]


def _standing(viewpoint: Viewpoint, which: QuerySet[Premises]) -> list[PremisesStanding]:
    seen = viewpoint.visible(which.select_related("about"), "audience", "about__audience")
    held = list(seen.order_by("-at", "id"))
    ids = [each.id for each in held]
    steps = _by_premises(viewpoint.visible(PremisesStep.objects.filter(premises__in=ids)).order_by("number"))
    entries = _by_premises(
        viewpoint.visible(PremisesEntry.objects.filter(premises__in=ids)).order_by("day", "at", "id")
    )
    tenants: dict[UUID, dict[str, VictimTenant]] = {}
    for (premises, person), row in tenancies(viewpoint).items():
        tenants.setdefault(premises, {})[person] = row
    return [
        PremisesStanding(viewpoint, each, steps[each.id], entries.get(each.id, []), tenants.get(each.id, {}))
        for each in held
        if each.id in steps
    ]


def _by_premises(rows: Iterable[Any]) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = {}
    for row in rows:
        found.setdefault(row.premises_id, []).append(row)
    return found
