"""How screenings stand for their viewer: the answers, what they amount to beside those before, the judgement, what is asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Final
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from crossline.access.models import Agency
from crossline.access.policy import CENTRE
from crossline.access.roles import Role
from crossline.access.viewer import Viewpoint
from crossline.entities.clusters import cluster_around, people
from crossline.entities.victims import victims
from crossline.records.models import Mention
from crossline.records.naming import tidy_name
from crossline.safeguarding.ages import age_on
from crossline.safeguarding.screening.form import Form, forms
from crossline.safeguarding.screening.models import (
    InformationAnswer,
    InformationNeeded,
    LocalResult,
    Screening,
    SignOff,
    Stage,
)
from crossline.safeguarding.screening.reckoning import NOT_KNOWN, Answer, Reckoned, Stands, outcome_of, reckon
from crossline.vocabulary.codes import MentionKind, Tristate

PURPOSE: Final = "safeguarding"
STAGES: Final[Mapping[Stage | None, tuple[Stage, ...]]] = {
    None: (Stage.FIRST,),
    Stage.FIRST: (Stage.REVIEW, Stage.FINAL),
    Stage.REVIEW: (Stage.REVIEW, Stage.FINAL),
    Stage.FINAL: (Stage.FIRST,),
}
"""Which screening may follow which; after a final one something new begins."""


class Asking(StrEnum):
    """How it stands with something that was to be found out."""

    LATE = "late"
    OPEN = "open"
    ANSWERED_LATE = "answered_late"
    ANSWERED = "answered"
    OVERTAKEN = "overtaken"

    @property
    def meaning(self) -> str:
        return _ASKING[self]


_ASKING: Final[Mapping[Asking, str]] = {
    Asking.LATE: "Late",
    Asking.OPEN: "Open",
    Asking.ANSWERED_LATE: "Answered late",
    Asking.ANSWERED: "Answered in time",
    Asking.OVERTAKEN: "Known from a later screening",
}
OUTSTANDING: Final = frozenset({Asking.LATE, Asking.OPEN})


@dataclass(frozen=True)
class Person:
    """Whom a screening is about, as its viewer sees them."""

    mention: Mention
    mentions: tuple[UUID, ...]
    age: int | None
    victim: bool

    @property
    def name(self) -> str:
        return tidy_name(self.mention.caption)


@dataclass(frozen=True)
class Needed:
    """Something that was to be found out."""

    row: InformationNeeded
    answer: InformationAnswer | None
    state: Asking


@dataclass(frozen=True)
class Screened:
    """One screening with those before it, as far as the viewer sees them, the oldest first."""

    row: Screening
    before: tuple[Screened, ...]
    sign_off: SignOff | None
    age: int | None

    @property
    def form(self) -> Form:
        """The version that was used."""
        return forms()[self.row.form_version]

    @cached_property
    def answers(self) -> dict[str, Answer]:
        return {
            question: Answer(Tristate(said["said"]), said["level"], said["evidence"])
            for question, said in self.row.answers.items()
        }

    @cached_property
    def reckoned(self) -> Reckoned:
        return reckon(self.form, self.answers, age=self.age, earlier=[each.answers for each in self.before])

    @cached_property
    def outcome(self) -> tuple[str, Stands]:
        """The band that stands, and why."""
        agreed = None if self.sign_off is None else self.sign_off.agreed
        return outcome_of(self.form, self.reckoned, self.row.judged, agreed)

    @property
    def direction(self) -> str:
        """Where it goes since the screening before, in words."""
        if not self.before:
            return "First that you see"
        last = self.before[-1]
        if last.form.version != self.form.version:
            return "Not comparable: the form has changed"
        moved = self.form.rank(self.outcome[0]) - self.form.rank(last.outcome[0])
        if moved:
            return "Up" if moved > 0 else "Down"
        shift = self.reckoned.least - last.reckoned.least
        return "Same band" + (f", score {'up' if shift > 0 else 'down'} by {abs(shift)}" if shift else ", same score")


def may_screen(viewpoint: Viewpoint) -> bool:
    """Whether the viewer screens people."""
    return Role.SAFEGUARDING in viewpoint.viewer.roles


def person_of(viewpoint: Viewpoint, mention: UUID) -> Person | None:
    """The person of a mention; a hidden one is nobody."""
    found = viewpoint.visible(Mention.objects.filter(id=mention, kind=MentionKind.PERSON)).first()
    if found is None:
        return None
    mentions = tuple(cluster_around(viewpoint, mention))
    rows = Mention.objects.filter(id__in=mentions).select_related("record")
    age = age_on(viewpoint.visible(rows, "audience", "record__audience"), timezone.now())
    victim = people(viewpoint).of(str(mention)) in victims(viewpoint)
    return Person(found, mentions, age, victim)


def all_screenings(viewpoint: Viewpoint, mentions: Iterable[UUID]) -> list[Screened]:
    """The screenings of the person of whom these mentions are, the oldest first."""
    return _screened(viewpoint, Screening.objects.filter(about__in=list(mentions)))


def screening_of(viewpoint: Viewpoint, screening: UUID) -> tuple[Person, Screened] | None:
    """One screening with its person; a hidden one is none."""
    rows = viewpoint.visible(Screening.objects.filter(id=screening), "audience", "about__audience")
    row = rows.first()
    person = person_of(viewpoint, row.about_id) if row else None
    if row is None or person is None:
        return None
    return person, next(each for each in all_screenings(viewpoint, person.mentions) if each.row.id == row.id)


def local_results(viewpoint: Viewpoint, mentions: Iterable[UUID]) -> list[LocalResult]:
    """Results of local tools about a person, the newest first."""
    rows = viewpoint.visible(LocalResult.objects.filter(about__in=list(mentions)), "audience", "about__audience")
    return list(rows.order_by("-day", "-at", "id"))


def needed_of(viewpoint: Viewpoint, screenings: Sequence[Screened]) -> list[Needed]:
    """What was to be found out for a person's screenings, the oldest first."""
    ids = [each.row.id for each in screenings]
    return _needed(viewpoint, InformationNeeded.objects.filter(screening__in=ids), screenings)


def all_needed(viewpoint: Viewpoint) -> list[Needed]:
    """Everything that is outstanding, what is due first first."""
    rows = InformationNeeded.objects.filter(answer=None)
    about = viewpoint.visible(Screening.objects.filter(needed__in=rows), "audience", "about__audience")
    known = people(viewpoint)
    of_person: dict[str, list[Screening]] = defaultdict(list)
    wanted = {known.of(str(mention)) for mention in about.values_list("about_id", flat=True)}
    everything = viewpoint.visible(Screening.objects.all(), "audience", "about__audience").order_by("at", "id")
    for each in everything:
        if (person := known.of(str(each.about_id))) in wanted:
            of_person[person].append(each)
    found = []
    for several in of_person.values():
        screened = [Screened(each, (), None, each.age) for each in several]
        found += [each for each in needed_of(viewpoint, screened) if each.state in OUTSTANDING]
    return sorted(found, key=lambda each: (each.row.due, str(each.row.id)))


def screenings_of(viewpoint: Viewpoint, mentions: Iterable[UUID]) -> list[dict[str, object]]:
    """Rows about the screenings of a person for a section of another page, the newest first, each with its address."""
    return [
        {
            "href": reverse("screening", args=[each.row.id]),
            "at": each.row.at,
            "stage": Stage(each.row.stage).label,
            "agency": each.row.owner_id,
            "band": each.form.band(each.outcome[0]).title,
            "direction": each.direction,
            "version": each.row.form_version,
        }
        for each in reversed(all_screenings(viewpoint, mentions))
    ]


def agencies_to_ask() -> list[tuple[str, str]]:
    """Every agency and partner organisation that can be asked."""
    return list(Agency.objects.exclude(id=CENTRE).order_by("name", "id").values_list("id", "name"))


def _screened(viewpoint: Viewpoint, which: QuerySet[Screening]) -> list[Screened]:
    held = list(viewpoint.visible(which, "audience", "about__audience").order_by("at", "id"))
    signed = viewpoint.visible(SignOff.objects.filter(screening__in=held), "audience", "screening__about__audience")
    sign_offs = {each.screening_id: each for each in signed}
    mentions = Mention.objects.filter(id__in=[each.about_id for each in held]).select_related("record")
    said = list(viewpoint.visible(mentions, "audience", "record__audience"))
    found: list[Screened] = []
    for row in held:
        # Of the age that whoever screened was told and what the records say, the younger: no floor is lost by a mistake.
        ages = [age for age in (row.age, age_on(said, row.at)) if age is not None]
        found.append(Screened(row, tuple(found), sign_offs.get(row.id), min(ages, default=None)))
    return found


def _needed(viewpoint: Viewpoint, which: QuerySet[InformationNeeded], screenings: Sequence[Screened]) -> list[Needed]:
    visible = viewpoint.visible(which, "audience", "screening__about__audience")
    rows = list(visible.select_related("asked_of", "screening__about").order_by("due", "question", "id"))
    answers = viewpoint.visible(
        InformationAnswer.objects.filter(needed__in=rows), "audience", "needed__screening__about__audience"
    )
    answer_of = {each.needed_id: each for each in answers}
    known = [
        (each.row.at, question)
        for each in screenings
        for question, answer in each.answers.items()
        if answer.said is not NOT_KNOWN.said
    ]
    now = timezone.now()
    return [Needed(row, answer_of.get(row.id), _state(row, answer_of.get(row.id), known, now)) for row in rows]


def _state(
    row: InformationNeeded, answer: InformationAnswer | None, known: Iterable[tuple[datetime, str]], now: datetime
) -> Asking:
    if answer is not None:
        return Asking.ANSWERED if answer.at <= row.due else Asking.ANSWERED_LATE
    if any(at > row.at and question == row.question for at, question in known):
        return Asking.OVERTAKEN
    return Asking.OPEN if now <= row.due else Asking.LATE
