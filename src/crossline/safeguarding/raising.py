"""The step of the daily rhythm that raises concerns: published indicators over new records, each concern with its reason.

Rows are looked at together only with rows of the same audience, and the concern carries that audience; repeated missing
episodes, which several forces record, go to those who may see every one of them. So a concern never tells of a record that
its reader cannot see. A release of one record to another agency counts for nothing here: a concern can rest on several.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from crossline.access.actions import intern_audience
from crossline.access.audit import Event, Process, Subject, log
from crossline.access.models import Audience
from crossline.access.policy import agency_label
from crossline.engines.indicators.facts import AssertionFact, ConcernFinding, MentionFact, RecordFact, Standing
from crossline.engines.indicators.rules import raise_concerns
from crossline.entities.clusters import THRESHOLD_BITS
from crossline.records.compartments.following import moved
from crossline.records.models import RecordRelease
from crossline.records.rhythm import mark_done, waiting_for
from crossline.safeguarding.answering.opening import answer_for_concerns
from crossline.safeguarding.forgetting import STEP, forget_concerns
from crossline.safeguarding.models import Concern
from crossline.safeguarding.raising_facts import joined, rows_of
from crossline.vocabulary.codes import MentionKind, RecordKind
from crossline.wording import with_capital

VERSION = "indicators-3"
INDICATORS = Process("indicators")

# A record of a new delivery, and every record that one touches: through a matched person, or through the same address.
_TOUCHED = """
WITH fresh AS (SELECT id FROM records_record WHERE delivery_id = ANY (%(deliveries)s) AND source = 'reports'),
     said AS (SELECT m.id, m.selector, m.kind FROM records_mention m WHERE m.record_id IN (SELECT id FROM fresh)),
     linked AS (
        SELECT x.right_id AS id FROM entities_match x JOIN said ON said.id = x.left_id
        WHERE x.kind = 'person' AND x.weight >= %(least)s
        UNION SELECT x.left_id FROM entities_match x JOIN said ON said.id = x.right_id
        WHERE x.kind = 'person' AND x.weight >= %(least)s
        UNION SELECT m.id FROM records_mention m JOIN said ON said.selector = m.selector AND said.kind = 'address'
        WHERE m.kind = 'address')
SELECT id FROM fresh
UNION SELECT m.record_id FROM records_mention m JOIN linked ON linked.id = m.id
    JOIN records_record r ON r.id = m.record_id WHERE r.source = 'reports'
"""


@dataclass(frozen=True)
class _Facts:
    """Rows that may be looked at together, and the audience of what they amount to."""

    audience: int
    records: Sequence[RecordFact]
    mentions: Sequence[MentionFact]
    assertions: Sequence[AssertionFact]
    person_of: Mapping[str, str]


def raise_due(*, full: bool = False, progress: Callable[[str], None] = lambda _: None) -> int:
    """Raise the concerns that new deliveries complete. Gives how many were written; one already raised is not repeated."""
    deliveries = _waiting(full=full)
    if not deliveries:
        with transaction.atomic():  # what disposal took with it may have been what answered for another
            answer_for_concerns()
        return 0
    chosen = _chosen(deliveries)
    progress(f"reading {len(chosen):,} records against the indicators")
    made_at, owner_of, found = _findings(chosen)
    with transaction.atomic():
        concerns = [
            Concern(
                record_id=UUID(finding.triggers[-1].record_id),
                mention_id=UUID(finding.triggers[-1].mention_id),
                owner_id=owner_of[finding.triggers[-1].record_id],
                reason=finding.reason,
                standing=finding.standing,
                sentence=f"{finding.sentence} {with_capital(finding.triggers[-1].sentence)}.",
                rule_version=f"{finding.rule_id} {finding.rule_version}",
                raised_at=made_at[finding.triggers[-1].record_id],
                audience_id=audience,
            )
            for audience, finding in found
        ]
        _replace_open_questions(concerns)
        before = Concern.objects.count()
        Concern.objects.bulk_create(concerns, ignore_conflicts=True, batch_size=5_000)
        written = Concern.objects.count() - before
        answer_for_concerns()
        mark_done(STEP, deliveries, version=VERSION)
        about = Subject("concern", VERSION, {"raised": written, "deliveries": len(deliveries)})
        log(Event.CONCERNS_RAISED, by=INDICATORS, about=about, purpose="safeguarding")
    return written


def _waiting(*, full: bool) -> list[UUID]:
    """The deliveries to read. What may rest on a record that moved into a compartment, or out of one, is raised anew first."""
    deliveries = waiting_for(STEP, version=VERSION, full=full)
    if records := moved(deliveries):
        with transaction.atomic():
            forget_concerns(records)
        deliveries = waiting_for(STEP, version=VERSION, full=full)
    return deliveries


def _replace_open_questions(concerns: Sequence[Concern]) -> None:
    """What was asked of somebody's age is answered once the rule is met on what is known: the question makes way."""
    raised = {(concern.mention_id, concern.reason) for concern in concerns if concern.standing == Standing.RAISED}
    asked = Concern.objects.filter(standing=Standing.AGE_NOT_KNOWN, mention__in={mention for mention, _ in raised})
    Concern.objects.filter(id__in=[each.id for each in asked if (each.mention_id, each.reason) in raised]).delete()


def _chosen(deliveries: Sequence[UUID]) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(_TOUCHED, {"deliveries": list(deliveries), "least": THRESHOLD_BITS})
        return [row[0] for row in cursor.fetchall()]


def _findings(chosen: list[UUID]) -> tuple[dict[str, datetime], dict[str, str], list[tuple[int, ConcernFinding]]]:
    """(when each record was made, whose it is, each finding with the audience that may see all it was made of)."""
    rows = rows_of(chosen)
    audience_of = {**rows.audience_of, **_without_releases(rows.audience_of)}
    found = [
        (facts.audience, finding)
        for facts in _by_audience(rows.records, audience_of, rows.mentions, rows.assertions, rows.pairs)
        for finding in raise_concerns(facts.records, facts.mentions, facts.assertions, facts.person_of)
    ]
    found += _over_several_audiences(rows.records, audience_of, rows.mentions, rows.pairs)
    return rows.made_at, {record.id: record.agency for record in rows.records.values()}, found


def _without_releases(audience_of: Mapping[str, int]) -> dict[str, int]:
    """The records that were released, each with the audience that it has by the rule or by its sender's word."""
    released: dict[str, set[str]] = defaultdict(set)
    for record, to in RecordRelease.objects.filter(taken_back=None).values_list("record_id", "to_agency_id"):
        if str(record) in audience_of:
            released[str(record)].add(agency_label(to))
    common = _Common()
    return {record: common.without(audience_of[record], labels) for record, labels in released.items()}


def _by_audience(
    records: Mapping[str, RecordFact],
    audience_of: Mapping[str, int],
    mentions: Sequence[MentionFact],
    assertions: Iterable[AssertionFact],
    pairs: Iterable[tuple[Any, ...]],
) -> Iterator[_Facts]:
    """The rows of each audience by themselves: whoever sees a finding of theirs sees all that it was made of."""
    grouped: dict[int, tuple[list[RecordFact], list[MentionFact], list[AssertionFact], list[tuple[str, str]]]]
    grouped = defaultdict(lambda: ([], [], [], []))
    for record in records.values():
        grouped[audience_of[record.id]][0].append(record)
    for mention in mentions:
        grouped[audience_of[mention.record_id]][1].append(mention)
    for said in assertions:
        grouped[audience_of[said.record_id]][2].append(said)
    audience_at = {mention.id: audience_of[mention.record_id] for mention in mentions}
    for left, right in pairs:
        if audience_at[left] == audience_at[right]:
            grouped[audience_at[left]][3].append((left, right))
    for audience, (own, theirs, relations, together) in sorted(grouped.items()):
        yield _Facts(audience, own, theirs, relations, joined(together))


def _over_several_audiences(
    records: Mapping[str, RecordFact],
    audience_of: Mapping[str, int],
    mentions: Iterable[MentionFact],
    pairs: Iterable[tuple[Any, ...]],
) -> list[tuple[int, ConcernFinding]]:
    """Missing episodes that several forces recorded: the finding is for those who may see every one of them."""
    missing = {record.id: record for record in records.values() if record.kind == RecordKind.MISSING}
    persons = [mention for mention in mentions if mention.record_id in missing and mention.kind == MentionKind.PERSON]
    known = {mention.id: mention.record_id for mention in persons}
    person_of = joined([(left, right) for left, right, *_ in pairs if left in known and right in known])
    episodes: dict[str, set[int]] = defaultdict(set)
    for mention, record in known.items():
        episodes[person_of.get(mention, mention)].add(audience_of[record])
    common = _Common()
    found = []
    for finding in raise_concerns(list(missing.values()), persons, [], person_of):
        audiences = episodes[finding.person]
        if len(audiences) > 1 and (audience := common.of(audiences)) is not None:
            found.append((audience, finding))
    return found


class _Common:
    """The audience of those who belong to each of several, or None where there is nobody."""

    def __init__(self) -> None:
        self._labels: dict[int, frozenset[str]] = {}

    def of(self, audiences: Iterable[int]) -> int | None:
        shared = frozenset.intersection(*(self._of(audience) for audience in audiences))
        return intern_audience(shared) if shared else None

    def without(self, audience: int, labels: Iterable[str]) -> int:
        """The audience of those who belong to one otherwise than by these labels."""
        return intern_audience(self._of(audience) - frozenset(labels))

    def _of(self, audience: int) -> frozenset[str]:
        if audience not in self._labels:
            labels = Audience.objects.get(pk=audience).labels
            self._labels[audience] = frozenset(labels.values_list("key", flat=True))
        return self._labels[audience]
