"""Whose home is being used: tenants of addresses where, by another assertion or a visit, drugs are stored or sold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from crossline.engines.indicators.facts import AssertionFact, MentionFact
from crossline.engines.indicators.people import People, part
from crossline.engines.indicators.rulebook import ConcernRule
from crossline.vocabulary.codes import AssertionType, MentionKind, RecordKind, SubjectCategory

_NOT_TENANTS_AT_RISK = (SubjectCategory.SUSPECT, SubjectCategory.CONVICTED)


@dataclass(frozen=True)
class _Use:
    """One sign that premises were in use, and by whom when a person is named."""

    start: date
    end: date
    user: str
    sentence: str


def tenants_of_premises_in_use(people: People, rule: ConcernRule) -> Iterator[tuple[MentionFact, str]]:
    """Mentions of people living at premises others use; not where the tenant is said to be a suspect."""
    uses = _uses(people)
    margin = timedelta(days=rule.thresholds["days_apart"])
    for each in people.assertions:
        address = people.mentions.get(each.to_mention)
        if each.type != AssertionType.LIVES_AT or address is None or each.category in _NOT_TENANTS_AT_RISK:
            continue
        tenant = people.mentions[each.from_mention]
        start, end = _span(people, each)
        for use in uses.get(people.address(address), ()):
            if use.user == people.person(tenant):
                continue
            if use.start - margin <= end and start - margin <= use.end:
                yield tenant, use.sentence
                break


def _uses(people: People) -> dict[str, list[_Use]]:
    uses: dict[str, list[_Use]] = defaultdict(list)
    for each in people.assertions:
        if each.type not in (AssertionType.STORES_AT, AssertionType.SOLD_AT):
            continue
        address = people.mentions.get(each.to_mention)
        if address is not None and address.kind == MentionKind.ADDRESS:
            start, end = _span(people, each)
            said = "used to store" if each.type == AssertionType.STORES_AT else "used to sell"
            sentence = f"lives at an address {said} drugs or goods ({start.isoformat()})"
            uses[people.address(address)].append(_Use(start, end, _by(people, each), sentence))
    for each in _exploited_at_home(people):
        start, end = _span(people, each)
        sentence = f"is said to be exploited in the home they live in ({start.isoformat()})"
        uses[people.address(people.mentions[each.to_mention])].append(_Use(start, end, "", sentence))
    for mention in people.mentions.values():
        record = people.records[mention.record_id]
        visited_as_cuckooed = record.kind == RecordKind.VISIT and part(record, "visit").get("cuckooed") is True
        if mention.kind == MentionKind.ADDRESS and visited_as_cuckooed:
            sentence = f"lives at an address visited as cuckooed ({record.occurred.isoformat()})"
            uses[people.address(mention)].append(_Use(record.occurred, record.occurred, "", sentence))
    return {
        address: sorted(signs, key=lambda use: (use.start, use.end, use.sentence)) for address, signs in uses.items()
    }


def _exploited_at_home(people: People) -> Iterator[AssertionFact]:
    """Tenancies of a victim whom the same record says somebody exploits, as after a visit or a landlord's concern.

    Not of missing episodes: there the address is a home to go back to, and the exploitation is elsewhere.
    """
    exploited = {
        (each.record_id, each.from_mention) for each in people.assertions if each.type == AssertionType.EXPLOITED_BY
    }
    for each in people.assertions:
        if each.type != AssertionType.LIVES_AT or each.category != SubjectCategory.VICTIM:
            continue
        elsewhere = people.records[each.record_id].kind == RecordKind.MISSING or each.to_mention not in people.mentions
        if not elsewhere and (each.record_id, each.from_mention) in exploited:
            yield each


def _by(people: People, use: AssertionFact) -> str:
    """The person who uses the premises, when it is a person who is not called a victim there."""
    mention = people.mentions[use.from_mention]
    named = mention.kind == MentionKind.PERSON and use.category != SubjectCategory.VICTIM
    return people.person(mention) if named else ""


def _span(people: People, each: AssertionFact) -> tuple[date, date]:
    """The time an assertion covers. Without dates it is the day of its record, which the margin of the rule widens."""
    day = people.records[each.record_id].occurred
    start = each.from_date or min(day, each.to_date or day)
    return start, max(each.to_date or day, start)
