"""Who the people in the records are, how old they were on a day, and where home is, from partial facts.

Not known is kept apart from no throughout: a person whose age nobody recorded is never taken for an adult.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from crossline.engines.indicators.facts import AssertionFact, MentionFact, RecordFact
from crossline.engines.indicators.places import force_of_place
from crossline.vocabulary.agencies import AgencyKind, agencies
from crossline.vocabulary.codes import AssertionType, MentionKind, RecordKind
from crossline.vocabulary.selectors import parse_partial_date


class People:
    """The given rows by person. `person_of` maps mentions (of people and addresses) to entities; others stand alone."""

    def __init__(
        self,
        records: Sequence[RecordFact],
        mentions: Sequence[MentionFact],
        assertions: Sequence[AssertionFact],
        person_of: Mapping[str, str],
    ) -> None:
        self.records = {
            record.id: record for record in sorted(records, key=lambda record: (record.occurred, record.id))
        }
        self.mentions = {mention.id: mention for mention in mentions if mention.record_id in self.records}
        known = [each for each in assertions if each.record_id in self.records and each.from_mention in self.mentions]
        self.assertions = sorted(known, key=lambda each: (self.records[each.record_id].occurred, each.id))
        self.person_of = person_of
        self.in_record: dict[str, list[MentionFact]] = defaultdict(list)
        self.of_person: dict[str, list[MentionFact]] = defaultdict(list)
        for mention in self.mentions.values():
            if mention.kind == MentionKind.PERSON:
                self.in_record[mention.record_id].append(mention)
                self.of_person[self.person(mention)].append(mention)
        self.homes = self._homes()

    def person(self, mention: MentionFact) -> str:
        """The entity a mention of a person belongs to; itself when nothing has been matched to it."""
        return self.person_of.get(mention.id, mention.id)

    def address(self, mention: MentionFact) -> str:
        """The premises a mention of an address speaks of."""
        return self.person_of.get(mention.id) or mention.same_as or mention.id

    def under_18(self, mention: MentionFact, day: date, adult_age: int) -> bool | None:
        """Was the person of this mention under age on a day? None when nobody recorded an age or date of birth.

        What the mention itself says counts first, and half of all that is recorded of the person is enough: a child
        told to give an adult's date of birth stays a child here. A date of birth known only in part counts as young.
        """
        own = self._may_be_under(mention, day, adult_age)
        if own:
            return True
        said = [
            answer
            for each in self.of_person[self.person(mention)]
            if (answer := self._may_be_under(each, day, adult_age)) is not None
        ]
        return sum(said) * 2 >= len(said) if said else own

    def _may_be_under(self, mention: MentionFact, day: date, adult_age: int) -> bool | None:
        stated_on = self.records[mention.record_id].occurred
        return may_be_under(mention.dob, mention.age, stated_on, day, adult_age)

    def _homes(self) -> dict[str, frozenset[str]]:
        homes: dict[str, set[str]] = defaultdict(set)
        for record in self.records.values():
            if record.kind == RecordKind.MISSING and (home := text_of(part(record, "missing"), "home_agency")):
                for mention in self.in_record[record.id][:1]:
                    homes[self.person(mention)].add(home)
        for each in self.assertions:
            address = self.mentions.get(each.to_mention)
            if each.type == AssertionType.LIVES_AT and address is not None and address.area:
                homes[self.person(self.mentions[each.from_mention])].add(address.area)
        return {person: frozenset(areas) for person, areas in homes.items()}

    def category(self, record_id: str, mention_id: str) -> frozenset[str]:
        """The categories of data subject a record gives a person."""
        return frozenset(
            each.category
            for each in self.assertions
            if each.record_id == record_id and each.from_mention == mention_id and each.category
        )


def may_be_under(dob: str, age: int | None, stated_on: date, day: date, adult_age: int) -> bool | None:
    """What one record says of whether somebody is under age on a day; None where it says nothing.

    A date of birth may be partial, and then counts as young; an age is as stated on the day of the record.
    """
    born = parse_partial_date(dob) if dob else None
    known = born.evidence if born else None
    if known is not None:
        return known.age_range_on(day)[0] < adult_age
    if age is None:
        return None
    return age + (day - stated_on).days / 365.25 < adult_age


def part(record: RecordFact, name: str) -> Mapping[str, object]:
    """The kind-specific object of a record, whether its detail is that object or holds it under its name."""
    inner = record.detail.get(name)
    return inner if isinstance(inner, Mapping) else record.detail


def text_of(detail: Mapping[str, object], key: str) -> str:
    """A value of a detail object as text, empty when absent."""
    value = detail.get(key)
    return value.strip() if isinstance(value, str) else ""


def finding_force(record: RecordFact) -> str:
    """The force in whose area somebody was found, empty when not known.

    The railway police and national agencies work everywhere: that they found somebody does not say where, the place does.
    """
    missing = part(record, "missing") if record.kind == RecordKind.MISSING else {}
    owner = text_of(missing, "found_agency")
    if not owner:
        owner = record.area or record.agency
    agency = agencies().get(owner)
    if agency is None or agency.kind is AgencyKind.TERRITORIAL:
        return owner
    return record.area or force_of_place(text_of(missing, "found_place"))
