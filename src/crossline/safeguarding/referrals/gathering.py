"""What a referral may rest on, as its viewer sees it: whom it is about, which records may stand behind it, whose names may not.

Nothing goes further by itself: a person writes each field, and what still tells of somebody else is refused when it is saved.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from crossline.access.models import AudienceLabel
from crossline.access.policy import agency_label
from crossline.access.viewer import Viewpoint
from crossline.entities.clusters import cluster_around, people
from crossline.entities.victims import victims
from crossline.records.compartments.following import entries_among
from crossline.records.decoys.finding import shown_as_mention
from crossline.records.models import Mention, Record
from crossline.records.naming import name_of
from crossline.records.restriction import standing
from crossline.records.withholding import SHORTEST_NAME, Withheld, names_of, pattern_of
from crossline.safeguarding.referrals.fields import Field, FieldEntry, Recipient
from crossline.vocabulary.codes import Handling, InformationGrade, MentionKind, RecordKind

MOST_RECORDS: Final = 60
ADULT: Final = 18
NEVER: Final[Mapping[RecordKind, str]] = {
    RecordKind.COMMUNICATIONS: "Communications data stay with the operation that they were authorised for",
    RecordKind.FINDING: "Worked out from communications data, which are told to no partner",
}
"""Kinds of record that no referral rests on."""
_NUMBER: Final = re.compile(r"(?<![\w+])(?:\+44|0)(?:[\s()-]*\d){9,10}(?!\d)")
_A_NUMBER: Final = (_NUMBER, "[a number]", "a telephone number")
_SOMEBODY: Final = ("[somebody else]", "who somebody else is")
_SUBJECT: Final = ("[the person]", "who the person is")
_HELD: Final = ("[not shown]", "a number, account or plate from a record")
_OPERATIONAL: Final = ("[not shown]", "the name of a line or group")
_REFERENCE: Final = ("[a record]", "the reference of a record")
_TOLD_OF: Final[Mapping[MentionKind, tuple[str, str]]] = {
    **dict.fromkeys((MentionKind.PHONE, MentionKind.ACCOUNT, MentionKind.VEHICLE), _HELD),
    **dict.fromkeys((MentionKind.LINE, MentionKind.GROUP), _OPERATIONAL),
}
"""What a thing beside the person tells of, when a field names it."""


@dataclass(frozen=True)
class LeftOut:
    """A record that nothing may be told from, and why."""

    record: Record
    why: str


@dataclass(frozen=True)
class Gathered:
    """A visible person or address, with the records that mention it, for a referral of an agency."""

    viewpoint: Viewpoint
    mention: Mention
    owner: str
    decoy: bool = False

    @property
    def name(self) -> str:
        """What it is called."""
        return name_of(self.mention)

    @property
    def is_person(self) -> bool:
        return self.mention.kind == MentionKind.PERSON

    @cached_property
    def mentions(self) -> list[Mention]:
        """The visible mentions of the same person or address, the newest record's first."""
        if self.decoy:
            return [self.mention]
        if self.is_person:
            same = Q(id__in=cluster_around(self.viewpoint, self.mention.id))
        else:
            same = Q(id=self.mention.id)
            if self.mention.selector:
                same |= Q(selector=self.mention.selector, kind=self.mention.kind)
        rows = self.viewpoint.visible(
            Mention.objects.filter(same).select_related("record"), "audience", "record__audience"
        )
        return sorted(rows, key=lambda each: (each.record.made_at, str(each.id)), reverse=True)

    @cached_property
    def records(self) -> list[Record]:
        """The visible records that mention it, the newest first."""
        return list({each.record_id: each.record for each in self.mentions}.values())

    @cached_property
    def left_out(self) -> list[LeftOut]:
        """The records that nothing may be told from."""
        return [LeftOut(record, why) for record in self.records if (why := self._why_not(record))]

    @cached_property
    def offered(self) -> list[Record]:
        """The records that a referral may rest on, the newest first."""
        out = {each.record.id for each in self.left_out}
        return [record for record in self.records if record.id not in out][:MOST_RECORDS]

    @cached_property
    def victim(self) -> bool:
        """Whether a visible record calls the person a victim."""
        return self.is_person and people(self.viewpoint).of(str(self.mention.id)) in victims(self.viewpoint)

    def is_adult(self, today: date | None = None) -> bool:
        """Whether records say that the person is grown up. Not known is not grown up."""
        day = today or timezone.localdate()
        born = [each.born for each in self.mentions if len(each.born) == len("2001-01-01")]
        if born:
            return all(_age(date.fromisoformat(each), day) >= ADULT for each in born)
        stated = [each.age for each in self.mentions if each.age is not None]
        return bool(stated) and min(stated) >= ADULT

    def first_words(self, recipient: Recipient) -> dict[Field, str]:
        """What a form begins with: who or where it is, as far as this kind of recipient may be told that."""
        if not self.is_person:
            known = {Field.PREMISES: self.name}
        else:
            offered = {each.id for each in self.offered}
            told = [each for each in self.mentions if each.record_id in offered]
            born = next((each.born for each in told if each.born), "")
            age = next((str(each.age) for each in told if each.age is not None), "")
            known = {Field.NAME: self.name, Field.BORN: born or (f"{age}, as stated" if age else "")}
        return {field: said for field, said in known.items() if said and field in recipient.fields}

    def withheld(self, recipient: Recipient) -> Withheld:
        """What no field for this kind of recipient may tell."""
        if recipient.id not in self._withheld:
            self._withheld[recipient.id] = self._withheld_from(recipient)
        return self._withheld[recipient.id]

    @cached_property
    def _withheld(self) -> dict[str, Withheld]:
        return {}

    def _withheld_from(self, recipient: Recipient) -> Withheld:
        own = {name.casefold() for each in self.mentions if self.is_person for name in names_of(each)}
        spared = set() if recipient.names_nobody else own
        words: dict[str, tuple[str, str]] = {}
        for each in self._beside:
            if each.kind == MentionKind.PERSON:
                words |= dict.fromkeys(names_of(each), _SOMEBODY)
            elif (said := _TOLD_OF.get(MentionKind(each.kind))) and len(name := each.caption.strip()) >= SHORTEST_NAME:
                words[name] = said
        if recipient.names_nobody and self.is_person:
            words |= {name: _SUBJECT for each in self.mentions for name in names_of(each)}
        words |= {record.ref: _REFERENCE for record in self.records if len(record.ref) >= SHORTEST_NAME}
        return Withheld(
            tuple(
                (pattern_of(word), *words[word])
                for word in sorted(words, key=lambda word: (-len(word), word))
                if word.casefold() not in spared
            )
        )

    def tells(self, recipient: Recipient, entry: FieldEntry | None, words: str) -> list[str]:
        """What a field, or words beside the fields, tells that it may not, in words."""
        found = self.withheld(recipient).tells(words)
        if entry is not None and entry.numbers:
            return [each for each in found if each not in (_HELD[1], _OPERATIONAL[1])]
        return [*found, *([_A_NUMBER[2]] if _NUMBER.search(words) else [])]

    @cached_property
    def _beside(self) -> list[Mention]:
        """Whatever else these records mention: everybody but the person."""
        if self.decoy:
            return []
        own = {each.id for each in self.mentions}
        rows = self.viewpoint.visible(Mention.objects.filter(record__in=[each.id for each in self.records]))
        return [each for each in rows if each.id not in own]

    def _why_not(self, record: Record) -> str:
        of_another = record.handling == Handling.C and record.owner_id != self.owner
        reasons = (
            (record.kind in NEVER, NEVER.get(RecordKind(record.kind), "")),
            (record.id in self._shut_away, "It is in a compartment, and nothing of it leaves that"),
            (record.id in self._restricted, "Its use is restricted until that is lifted"),
            (of_another, "Needs the owner’s permission (handling C)"),
            (record.information_grade == InformationGrade.E, "Suspected to be false (E): not to be told as fact"),
            (not self._is_read_by_all(record), "Fewer people see it than would see this referral"),
        )
        return next((why for holds, why in reasons if holds), "")

    @cached_property
    def _shut_away(self) -> frozenset[UUID]:
        return frozenset(each.record_id for each in entries_among(record.id for record in self.records))

    @cached_property
    def _restricted(self) -> frozenset[UUID]:
        return frozenset(standing(self.viewpoint, [record.id for record in self.records]))

    @cached_property
    def _labels(self) -> Mapping[int, frozenset[str]]:
        found: dict[int, set[str]] = defaultdict(set)
        rows = self.viewpoint.visible(
            AudienceLabel.objects.filter(audience__in={each.audience_id for each in self.records})
        )
        for audience, label in rows.values_list("audience_id", "label__key"):
            found[audience].add(label)
        return {audience: frozenset(labels) for audience, labels in found.items()}

    def _is_read_by_all(self, record: Record) -> bool:
        """Whether everybody who reads the referral, which is read beside its mention, reads the record, too."""
        held = self._labels.get(record.audience_id, frozenset())
        readers = {agency_label(self.owner), "centre", "safeguarding"}
        begun = self._labels.get(self.mention.audience_id, frozenset())
        return "police" in held or held >= readers or (bool(begun) and held >= begun)


def gathered_for(viewpoint: Viewpoint, about: UUID, owner: str) -> Gathered | None:
    """What is held about a person or an address; None where the viewer sees none, and a decoy as if it were there."""
    kinds = [MentionKind.PERSON, MentionKind.ADDRESS]
    rows = viewpoint.visible(Mention.objects.filter(id=about, kind__in=kinds).select_related("record"))
    found = rows.first()
    if found is not None:
        return Gathered(viewpoint, found, owner)
    decoy = shown_as_mention(viewpoint, about, person=True)
    return None if decoy is None else Gathered(viewpoint, decoy.person, owner, decoy=True)


def _age(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
