"""Missing episodes as a viewer sees them: read from records and never copied, several records of one absence being one episode.

One person, by the viewer's own clusters, is not missing twice at once: records of one person whose spans overlap, or which
begin within a few hours of each other, tell of one episode. A newer revision takes the place of an older one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final
from uuid import UUID

from django.db import models

from crossline.access.policy import CENTRE
from crossline.access.viewer import Viewpoint
from crossline.entities.clusters import people
from crossline.records.generation import Kept
from crossline.records.models import Mention, Record
from crossline.safeguarding.missing.rules import rules
from crossline.vocabulary.agencies import AgencyKind, agencies
from crossline.vocabulary.codes import MentionKind, RecordKind


class RiskGrade(models.TextChoices):
    """How a force graded the risk, the lowest first."""

    NONE = "no_apparent_risk", "No apparent risk"
    LOW = "low", "Low"
    MEDIUM = "medium", "Medium"
    HIGH = "high", "High"


class InterviewTold(models.TextChoices):
    """What a record says of the return interview, what answers least first."""

    NOT_OFFERED = "not_offered", "Not offered"
    OFFERED = "offered", "Offered"
    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Declined"
    DONE = "done", "Done"


_OLDER_WORDS: Final[Mapping[str, RiskGrade]] = {"absent": RiskGrade.NONE, "no apparent risk": RiskGrade.NONE}


@dataclass(frozen=True)
class Told:
    """One record of an episode, as far as its words can be read; None where it does not say. `mentions`: the person in it,
    and in each older revision of it, since what was written beside one of those stays."""

    record: Record
    mention: Mention
    mentions: tuple[UUID, ...]
    since: datetime | None
    found_at: datetime | None
    place: str
    finder: str
    home: str
    risk: RiskGrade | None
    interview: InterviewTold | None

    @classmethod
    def read(cls, mention: Mention, *older: UUID) -> Told:
        """From the missing person's mention, with its record, and their mentions in older revisions."""
        said = mention.record.detail.get("missing")
        said = said if isinstance(said, dict) else {}
        grade, interview = _text(said, "risk").lower(), _text(said, "return_interview")
        return cls(
            record=mention.record,
            mention=mention,
            mentions=(mention.id, *older),
            since=_moment(said, "from") or mention.record.occurred_from,
            found_at=_moment(said, "found_at_time"),
            place=_text(said, "found_place"),
            finder=_text(said, "found_agency"),
            home=_text(said, "home_agency"),
            risk=_OLDER_WORDS.get(grade) or (RiskGrade(grade) if grade in RiskGrade.values else None),
            interview=InterviewTold(interview) if interview in InterviewTold.values else None,
        )

    @property
    def concerned(self) -> frozenset[str]:
        """The agencies whose business this record makes it; row security asks the same of whoever writes beside it."""
        return frozenset({self.record.owner_id, self.home, self.finder, CENTRE} - {""})


@dataclass(frozen=True)
class Episode:
    """One absence of one person, with every visible record that tells of it, the oldest first."""

    person: str
    told: tuple[Told, ...]

    @property
    def id(self) -> UUID:
        """The mention by which its page is known; any other of its mentions leads there too."""
        return self.told[0].mention.id

    @property
    def mentions(self) -> list[UUID]:
        """Wherever something may have been written beside it."""
        return [mention for each in self.told for mention in each.mentions]

    @property
    def since(self) -> datetime | None:
        return min((each.since for each in self.told if each.since), default=None)

    @property
    def found_at(self) -> datetime | None:
        """The earliest return that is told: a clock that begins too early asks too soon, one too late too late."""
        return min((each.found_at for each in self.told if each.found_at), default=None)

    @cached_property
    def place(self) -> str:
        return self._newest("place")

    @cached_property
    def finder(self) -> str:
        return self._newest("finder")

    @cached_property
    def home(self) -> str:
        return self._newest("home")

    @property
    def risk(self) -> RiskGrade | None:
        """The highest grade that a record gives."""
        grades = [each.risk for each in self.told if each.risk]
        return max(grades, key=list(RiskGrade).index, default=None)

    @property
    def interview(self) -> InterviewTold | None:
        """What a record says of the return interview that answers most."""
        said = [each.interview for each in self.told if each.interview]
        return max(said, key=list(InterviewTold).index, default=None)

    def told_by(self, word: InterviewTold) -> datetime:
        """When the oldest record was made that says so of the return interview."""
        return min(each.record.made_at for each in self.told if each.interview is word)

    @property
    def out_of_area(self) -> bool | None:
        """Whether they were found by another territorial force than home's; None where that cannot be told."""
        if not self.home or not self.finder:
            return None
        if self.home == self.finder:
            return False
        known = agencies().get(self.finder)
        return True if known and known.kind is AgencyKind.TERRITORIAL else None

    @property
    def differs(self) -> list[str]:
        """What the records tell differently."""
        parts: Mapping[str, set[Any]] = {
            "missing since": {each.since for each in self.told if each.since},
            "found at": {each.found_at for each in self.told if each.found_at},
            "place": {each.place for each in self.told if each.place},
            "found by": {each.finder for each in self.told if each.finder},
            "home force": {each.home for each in self.told if each.home},
            "risk": {each.risk for each in self.told if each.risk},
        }
        return [name for name, values in parts.items() if len(values) > 1]

    def anchor_for(self, agency: str) -> Told | None:
        """The record beside which an agency writes: the home force's own, else the finder's, else the oldest that concerns it."""
        own = [each for each in self.told if agency in each.concerned]
        ranked = sorted(own, key=lambda each: (each.record.owner_id != self.home, each.record.owner_id != self.finder))
        return ranked[0] if ranked else None

    def _newest(self, name: str) -> str:
        return next((value for each in reversed(self.told) if (value := getattr(each, name))), "")


@dataclass(frozen=True)
class Episodes:
    """Every episode of a viewpoint."""

    of_mention: Mapping[UUID, Episode]
    of_person: Mapping[str, Sequence[Episode]]

    @property
    def all(self) -> list[Episode]:
        return [episode for several in self.of_person.values() for episode in several]

    def counts(self, episode: Episode) -> tuple[int, int]:
        """How many episodes of the person began in the 90 days, and in the 12 months, up to this one, itself included."""
        if episode.since is None:
            return 1, 1
        ages = [
            episode.since - each.since
            for each in self.of_person[episode.person]
            if each.since and each.since <= episode.since
        ]
        said = rules()
        return sum(age < said.repeat_within for age in ages), sum(age < said.year for age in ages)


def _episodes(viewpoint: Viewpoint) -> Episodes:
    known = people(viewpoint)
    told: dict[str, list[Told]] = defaultdict(list)
    for each in _newest_revisions(_missing_people(viewpoint)):
        told[known.of(str(each.mention.id))].append(each)
    of_person = {person: one_by_one(person, several) for person, several in told.items()}
    found = [episode for several in of_person.values() for episode in several]
    return Episodes({mention: episode for episode in found for mention in episode.mentions}, of_person)


episodes: Kept[Episodes] = Kept(_episodes)
"""Every episode of a viewpoint, kept while the store stands still."""


def one_by_one(person: str, told: Iterable[Told]) -> list[Episode]:
    """What several records of one person amount to, the oldest episode first."""
    dated = sorted((each for each in told), key=_in_order)
    groups: list[list[Told]] = []
    end: datetime | None = None
    for each in dated:
        near = each.since is not None and end is not None and each.since < end
        if near:
            groups[-1].append(each)
        else:
            groups.append([each])
            end = None
        if each.since is not None:
            last = max(each.since + rules().same_episode, each.found_at or each.since)
            end = max(end, last) if end else last
    return [Episode(person, tuple(sorted(group, key=_as_told))) for group in groups]


def _in_order(each: Told) -> tuple[bool, float, tuple[str, ...]]:
    return each.since is None, each.since.timestamp() if each.since else 0.0, _as_told(each)


def _as_told(each: Told) -> tuple[str, ...]:
    """The oldest record first; of two at once always the same one."""
    record = each.record
    return record.made_at.isoformat(), record.owner_id, record.ref, str(each.mention.id)


def _missing_people(viewpoint: Viewpoint) -> list[Mention]:
    """Of each visible missing record the person it is about: the first that it mentions."""
    rows = Mention.objects.filter(record__kind=RecordKind.MISSING, kind=MentionKind.PERSON).select_related("record")
    found: dict[UUID, Mention] = {}
    visible = viewpoint.visible(rows, "audience", "record__audience").defer("record__text", "record__subject")
    for mention in visible.order_by("record_id", "place", "key"):
        found.setdefault(mention.record_id, mention)
    return list(found.values())


def _newest_revisions(mentions: Iterable[Mention]) -> list[Told]:
    revisions: dict[tuple[str, str, str], list[Mention]] = defaultdict(list)
    for mention in mentions:
        record = mention.record
        revisions[record.owner_id, record.source, record.ref].append(mention)
    found = []
    for several in revisions.values():
        newest, *older = sorted(several, key=lambda each: -each.record.revision)
        found.append(Told.read(newest, *(each.id for each in older)))
    return found


def _text(said: Mapping[str, Any], name: str) -> str:
    value = said.get(name)
    return value.strip() if isinstance(value, str) else ""


def _moment(said: Mapping[str, Any], name: str) -> datetime | None:
    """A moment with its zone; what cannot be read is not known, and somebody is asked."""
    try:
        read = datetime.fromisoformat(_text(said, name))
    except ValueError:
        return None
    return read if read.tzinfo else None
