"""The safeguarding rules applied: records, mentions and assertions in; people put forward, with reasons, out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from crossline.engines.indicators.facts import AssertionFact, ConcernFinding, MentionFact, RecordFact, Standing, Trigger
from crossline.engines.indicators.harm import harmed_by_lines, victims_beside_adults_of_lines
from crossline.engines.indicators.noted import signs_over_time
from crossline.engines.indicators.people import People, finding_force, part, text_of
from crossline.engines.indicators.premises import tenants_of_premises_in_use
from crossline.engines.indicators.rulebook import RULEBOOK, ConcernReason, ConcernRule, Rulebook, is_supply
from crossline.engines.indicators.signs import armed_with_goods, signs_noticed
from crossline.engines.indicators.wording import RAISING
from crossline.vocabulary.codes import AssertionType, RecordKind

Met = tuple[str, Standing, Trigger]  # person, standing, the event


def raise_concerns(
    records: Sequence[RecordFact],
    mentions: Sequence[MentionFact],
    assertions: Sequence[AssertionFact],
    person_of: Mapping[str, str],
    *,
    rulebook: Rulebook = RULEBOOK,
) -> list[ConcernFinding]:
    """Everyone these rows put forward for safeguarding, in order of person and reason.

    `person_of` maps mention ids to entity ids; mentions come in their record's order, the person it is about first.
    Only the rows given speak: a hidden record raises nothing.
    """
    people = People(records, mentions, assertions, person_of)
    findings: list[ConcernFinding] = []
    for reason, find in _FINDERS.items():
        rule = rulebook.rules.get(reason)
        if rule is not None:
            findings.extend(_findings(rule, find(people, rule)))
    return sorted(findings, key=lambda finding: (finding.person, finding.reason))


def _findings(rule: ConcernRule, met: Iterator[Met]) -> Iterator[ConcernFinding]:
    by_person: dict[str, list[tuple[Standing, Trigger]]] = defaultdict(list)
    for person, standing, trigger in met:
        by_person[person].append((standing, trigger))
    for person, events in by_person.items():
        # What is known outweighs what would have to be found out.
        raised = [trigger for standing, trigger in events if standing is Standing.RAISED]
        standing = Standing.RAISED if raised else Standing.AGE_NOT_KNOWN
        triggers = sorted(
            dict.fromkeys(raised or [trigger for _, trigger in events]),
            key=lambda trigger: (trigger.happened, trigger.record_id, trigger.mention_id),
        )
        sentence = rule.wording if raised else f"{rule.wording} Nobody has recorded the person's age: find out."
        yield ConcernFinding(
            person=person,
            reason=rule.reason.value,
            rule_id=rule.id,
            rule_version=rule.version,
            standing=standing,
            sentence=sentence,
            raised_for=triggers[0].happened,
            triggers=tuple(triggers),
        )


def _found_out_of_area(people: People, rule: ConcernRule) -> Iterator[Met]:
    kinds = (RecordKind.MISSING, RecordKind.STOP, RecordKind.CUSTODY, RecordKind.SEIZURE)
    for record in people.records.values():
        if record.kind not in kinds:
            continue
        found = finding_force(record)
        present = people.in_record[record.id]
        for mention in present[:1] if record.kind == RecordKind.MISSING else present:
            homes = people.homes.get(people.person(mention), frozenset())
            standing = _standing(people.under_18(mention, record.occurred, rule.thresholds["adult_age"]))
            if found and homes and found not in homes and standing is not None:
                home = ", ".join(sorted(homes))
                yield _met(people, mention, standing, f"found in the area of {found}; home is in the area of {home}")


def _repeat_missing(people: People, rule: ConcernRule) -> Iterator[Met]:
    episodes: dict[str, dict[object, tuple[date, MentionFact]]] = defaultdict(dict)
    for record in people.records.values():
        if record.kind != RecordKind.MISSING:
            continue
        for mention in people.in_record[record.id][:1]:
            # Two forces may record one episode: the same time missing from is the same episode.
            started = text_of(part(record, "missing"), "from") or record.occurred
            episodes[people.person(mention)].setdefault(started, (record.occurred, mention))
    need, days = rule.thresholds["episodes"], rule.thresholds["days"]
    for person, by_start in episodes.items():
        ordered = sorted(by_start.values(), key=lambda episode: (episode[0], episode[1].id))
        for place in range(need - 1, len(ordered)):
            first, last = ordered[place - need + 1], ordered[place]
            if (last[0] - first[0]).days <= days:
                sentence = f"{need} missing episodes between {first[0].isoformat()} and {last[0].isoformat()}"
                yield person, Standing.RAISED, Trigger(last[1].record_id, last[1].id, last[0], sentence)


def _supply_custody(people: People, rule: ConcernRule) -> Iterator[Met]:
    for record in people.records.values():
        custody = part(record, "custody")
        if record.kind != RecordKind.CUSTODY or not is_supply(text_of(custody, "offence"), rule):
            continue
        for mention in people.in_record[record.id][:1]:  # the person held comes first in a custody record
            under = True if custody.get("under_18") is True else None
            if under is None:
                under = people.under_18(mention, record.occurred, rule.thresholds["adult_age"])
            if under is None and custody.get("under_18") is False:
                continue  # the custody officer recorded an adult, and nothing recorded of the person says otherwise
            if (standing := _standing(under)) is not None:
                yield _met(people, mention, standing, f"held for: {text_of(custody, 'offence')}")


def _runner_role(people: People, rule: ConcernRule) -> Iterator[Met]:
    said = {AssertionType.RUNS_FOR: "runs for a line or person", AssertionType.EXPLOITED_BY: "is exploited"}
    yield from _said_of_children(
        people,
        rule,
        (
            (each, people.mentions[each.from_mention], f"a record says the person {said[AssertionType(each.type)]}")
            for each in people.assertions
            if each.type in said
        ),
    )


def _tenants(people: People, rule: ConcernRule) -> Iterator[Met]:
    for mention, sentence in tenants_of_premises_in_use(people, rule):
        yield _met(people, mention, Standing.RAISED, sentence)


def _signs(people: People, rule: ConcernRule) -> Iterator[Met]:
    yield from _of_children(people, rule, signs_noticed(people, rule))


def _armed(people: People, rule: ConcernRule) -> Iterator[Met]:
    yield from _of_children(people, rule, armed_with_goods(people, rule))


def _several_signs(people: People, rule: ConcernRule) -> Iterator[Met]:
    yield from _of_children(people, rule, signs_over_time(people, rule))


def _harmed_by_line(people: People, rule: ConcernRule) -> Iterator[Met]:
    yield from _said_of_children(people, rule, harmed_by_lines(people))


def _beside_adults(people: People, rule: ConcernRule) -> Iterator[Met]:
    yield from _said_of_children(people, rule, victims_beside_adults_of_lines(people, rule))


def _said_of_children(
    people: People, rule: ConcernRule, said: Iterator[tuple[AssertionFact, MentionFact, str]]
) -> Iterator[Met]:
    """What assertions say, of those who were children when it began."""
    for each, mention, sentence in said:
        began = each.from_date or people.records[each.record_id].occurred
        if (standing := _standing(people.under_18(mention, began, rule.thresholds["adult_age"]))) is not None:
            yield _met(people, mention, standing, sentence)


def _of_children(people: People, rule: ConcernRule, found: Iterator[tuple[MentionFact, str]]) -> Iterator[Met]:
    for mention, sentence in found:
        day = people.records[mention.record_id].occurred
        if (standing := _standing(people.under_18(mention, day, rule.thresholds["adult_age"]))) is not None:
            yield _met(people, mention, standing, sentence)


def _standing(under: bool | None) -> Standing | None:
    """An adult meets no rule for children; a person of unknown age still asks for something to be done."""
    if under is None:
        return Standing.AGE_NOT_KNOWN
    return Standing.RAISED if under else None


def _met(people: People, mention: MentionFact, standing: Standing, sentence: str) -> Met:
    happened = people.records[mention.record_id].occurred
    return people.person(mention), standing, Trigger(mention.record_id, mention.id, happened, sentence)


_FINDERS = {
    ConcernReason.CHILD_FOUND_OUT_OF_AREA: _found_out_of_area,
    ConcernReason.REPEAT_MISSING: _repeat_missing,
    ConcernReason.CHILD_IN_SUPPLY_CUSTODY: _supply_custody,
    ConcernReason.CHILD_IN_RUNNER_ROLE: _runner_role,
    ConcernReason.TENANT_OF_PREMISES_IN_USE: _tenants,
    **dict.fromkeys(RAISING, _signs),
    ConcernReason.CHILD_WITH_WEAPON: _armed,
    ConcernReason.CHILD_HARMED_BY_LINE: _harmed_by_line,
    ConcernReason.SEVERAL_SIGNS: _several_signs,
    ConcernReason.VICTIM_WITH_LINE_ADULT: _beside_adults,
}
