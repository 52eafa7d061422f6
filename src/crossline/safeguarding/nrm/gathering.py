"""What records hold for a referral of one person, as whoever writes it sees them: a chronology to tick, and what is left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Final
from uuid import UUID

from django.utils import timezone

from crossline.access.policy import CENTRE
from crossline.access.viewer import Viewpoint
from crossline.engines.indicators.people import may_be_under
from crossline.entities.clusters import cluster_around, people
from crossline.entities.victims import victims
from crossline.records.decoys.finding import shown_as_mention
from crossline.records.models import Mention, Record
from crossline.records.naming import tidy_name
from crossline.records.restriction import standing
from crossline.safeguarding.models import Concern
from crossline.safeguarding.nrm.routes import ADULT_AGE, Age, age_of
from crossline.vocabulary.codes import Handling, InformationGrade, MentionKind, RecordKind, Sex

MOST: Final = 60
"""How many of the newest records are offered: a page that a person can work through."""
_SEXES: Final = {Sex.FEMALE.value: "Female", Sex.MALE.value: "Male"}


@dataclass(frozen=True)
class Offered:
    """One record that an observation can rest on, its own summary to begin from, and what it may corroborate."""

    record: Record
    sentence: str
    corroborates: str

    @property
    def day(self) -> date:
        return _when(self.record).date()


@dataclass(frozen=True)
class LeftOut:
    """A record that may not go to the Home Office as it stands, and why."""

    record: Record
    why: str


@dataclass(frozen=True)
class Gathered:
    """One person as the viewer sees them, by one mention of theirs."""

    viewpoint: Viewpoint
    about: Mention
    mentions: Sequence[Mention]

    @property
    def name(self) -> str:
        return tidy_name(max((each.caption for each in self.mentions), key=lambda said: (len(said), said)))

    @cached_property
    def age(self) -> Age:
        """What the records make of their age today."""
        today = timezone.localdate()
        said = (
            may_be_under(each.born, each.age, _when(each.record).date(), today, ADULT_AGE) for each in self.mentions
        )
        return age_of(said)

    @cached_property
    def is_victim(self) -> bool:
        """Whether a visible record calls them one."""
        return people(self.viewpoint).of(str(self.about.id)) in victims(self.viewpoint)

    @cached_property
    def births(self) -> list[date]:
        """The whole dates of birth that records give."""
        whole = sorted({each.born for each in self.mentions if len(each.born) == len("2008-04-11")})
        return [date.fromisoformat(each) for each in whole]

    @cached_property
    def records(self) -> list[Record]:
        """Their records, the newest first."""
        once = {each.record_id: each.record for each in self.mentions}
        return sorted(once.values(), key=lambda record: (_when(record), str(record.id)), reverse=True)

    @cached_property
    def left_out(self) -> list[LeftOut]:
        """What may not be drawn on as it stands."""
        return [LeftOut(record, why) for record in self.records if (why := self._why_not(record))]

    @cached_property
    def offered(self) -> list[Offered]:
        """What an observation can rest on, the oldest first, as a chronology is read."""
        out = {left.record.id for left in self.left_out}
        newest = [record for record in self.records if record.id not in out][:MOST]
        return [Offered(record, _summary(record), self._corroborates(record)) for record in reversed(newest)]

    @property
    def initial(self) -> dict[str, str]:
        """The answers that the records give: who the person is. The rest is for a person to write."""
        aliases = sorted({alias for each in self.mentions for alias in each.aliases})
        born = sorted({each.born for each in self.mentions if each.born})
        sex = sorted({_SEXES[each.sex] for each in self.mentions if each.sex in _SEXES})
        said = {"names": self.name, "other_names": ", ".join(aliases), "born": " or ".join(born)}
        return said | ({"sex": sex[0]} if len(sex) == 1 else {})

    @cached_property
    def _restricted(self) -> frozenset[UUID]:
        return frozenset(standing(self.viewpoint, [record.id for record in self.records]))

    @cached_property
    def _out_of_area(self) -> frozenset[UUID]:
        raised = Concern.objects.filter(mention__in=self.mentions, reason="child_found_out_of_area")
        rows = self.viewpoint.visible(raised, "audience", "record__audience")
        return frozenset(rows.values_list("record_id", flat=True))

    @cached_property
    def _with_phones(self) -> frozenset[UUID]:
        rows = Mention.objects.filter(record__in=self.records, kind=MentionKind.PHONE)
        return frozenset(self.viewpoint.visible(rows).values_list("record_id", flat=True))

    def _corroborates(self, record: Record) -> str:
        if record.id in self._out_of_area:
            return "out_of_area"
        if record.kind == RecordKind.MISSING:
            return "missing"
        return "phone" if record.id in self._with_phones else ""

    def _why_not(self, record: Record) -> str:
        if record.id in self._restricted:
            return "Its use is restricted"
        if record.information_grade == InformationGrade.E:
            return "Suspected to be false"
        if record.handling == Handling.C and self.viewpoint.viewer.agency not in (record.owner_id, CENTRE):
            return "Under conditions: ask the agency that sent it"
        return ""


def gathered_about(viewpoint: Viewpoint, about: UUID) -> Gathered | None:
    """What records hold of the person of a mention; None where the viewer sees no such person."""
    persons = viewpoint.visible(Mention.objects.filter(kind=MentionKind.PERSON), "audience", "record__audience")
    found = persons.filter(id=about).select_related("record").first()
    if found is None:
        decoy = shown_as_mention(viewpoint, about, person=True)
        return None if decoy is None else Gathered(viewpoint, decoy.person, [decoy.person])
    same = persons.filter(id__in=cluster_around(viewpoint, about)).select_related("record").order_by("id")
    return Gathered(viewpoint, found, list(same))


def _when(record: Record) -> datetime:
    return record.occurred_from or record.made_at


def _summary(record: Record) -> str:
    return record.subject.strip() or RecordKind(record.kind).meaning
