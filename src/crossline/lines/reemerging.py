"""Where a closed line speaks again: signs of its numbers, or of those that took over, in the records that a viewer sees.

Computed for each viewer from their own rows, and never stored. A sign puts the closure forward for reopening; a person reopens.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.utils import timezone

from crossline.access.audit import Event, Process, Subject, log
from crossline.access.viewer import ADMINISTRATOR, Viewpoint, reading
from crossline.engines.lines.reemergence import Sighting, SightingKind, Sign, Watched, signs_after, watched_numbers
from crossline.lines.models import StateEvidence
from crossline.lines.register import RULES, Register, RegisterLine, register
from crossline.lines.rows import as_link
from crossline.lines.standing import CheckBack, Standing, standings
from crossline.records.generation import Kept
from crossline.records.intake.mentions import tagged
from crossline.records.models import Mention, Record
from crossline.records.restriction import standing as restrictions
from crossline.vocabulary.codes import REPORT_KINDS, FindingKind, InformationGrade, MentionKind, RecordKind
from crossline.wording import plural

LOOKING: Final = Process("check-backs")


@dataclass(frozen=True)
class ReemergenceRule:
    """What counts as a sign that a closed number is in use again."""

    version: str
    report_kinds: frozenset[RecordKind]
    grades_that_do_not_count: frozenset[InformationGrade]
    least_score: float
    authority: str


RULE: Final = ReemergenceRule(
    version="reemergence-1",
    report_kinds=REPORT_KINDS - {RecordKind.CUSTODY, RecordKind.SEIZURE},
    grades_that_do_not_count=frozenset({InformationGrade.E}),
    least_score=RULES.succession_score,
    authority="[D] this platform's own; custody and seizure records name numbers of telephones that were taken",
)


@dataclass(frozen=True)
class Closed:
    """A closure that stands, with the line and what was seen of its numbers since."""

    line: RegisterLine
    standing: Standing
    signs: tuple[Sign, ...]

    @property
    def next_check(self) -> CheckBack | None:
        """The first check-back that nobody answered."""
        return self.standing.next_check


def _closed(viewpoint: Viewpoint) -> tuple[Closed, ...]:
    if not any(each.closure for each in standings(viewpoint).values()):
        return ()
    known = register(viewpoint)
    found = [(line, each) for line in known.lines for each in line.standings if each.closure is not None]
    looked_for = {each.returned: watched(each, line, known) for line, each in found}
    seen = _sightings({number for numbers in looked_for.values() for number in numbers}, viewpoint)
    own = _evidence_of({each.returned: each for _, each in found}, viewpoint)
    return tuple(
        Closed(line, each, _signs(each, looked_for[each.returned], seen, own[each.returned], known))
        for line, each in found
    )


closed_lines: Kept[tuple[Closed, ...]] = Kept(_closed)
"""Every closure that stands and the viewer sees, with its signs."""


def watched(standing: Standing, line: RegisterLine, known: Register) -> Mapping[str, Watched]:
    """The numbers that are looked for: those of the closed return, and all that took over from them."""
    row = next((row for row in line.returns if (row.owner, row.ref) == standing.returned), None)
    phones = [each.selector or "" for each in row.beside if each.kind == "phone"] if row else []
    own = {each.partition(":")[2] for each in phones if each.startswith("phone:")}
    if standing.closure is not None:
        own.add(standing.closure.number)
    return watched_numbers(own, [as_link(each) for each in known.successions], least_score=RULE.least_score)


def look_back(*, today: date | None = None) -> str:
    """What the daily round finds, in a line: with everything in the store, so that whoever runs it knows of what waits."""
    day = today or timezone.now().date()
    with reading(ADMINISTRATOR) as viewpoint:
        found = closed_lines(viewpoint)
        due = sum(1 for each in found if each.next_check and each.next_check.is_due(day))
        speaking = sum(1 for each in found if each.signs)
        said = {"rule": RULE.version, "closures": len(found), "due": due, "signs": speaking}
        log(
            Event.CHECK_BACKS_LOOKED_AT,
            by=LOOKING,
            about=Subject("check-backs", day.isoformat(), said),
            purpose="analysis",
        )
    return f"{plural(due, 'check-back')} due, and {plural(speaking, 'closed line')} with signs of use since"


def _signs(
    standing: Standing,
    numbers: Mapping[str, Watched],
    seen: Mapping[str, Iterable[tuple[Sighting, str]]],
    own: Collection[str],
    known: Register,
) -> tuple[Sign, ...]:
    if standing.closure is None:
        return ()
    sightings = [each for number in numbers for each, record in seen.get(number, ()) if record not in own]
    sightings += [
        Sighting(each.new, each.date, SightingKind.TOOK_OVER, str(each.record), each.ref)
        for each in known.successions
        if each.old in numbers and each.new in numbers
    ]
    return signs_after(standing.closure.since, numbers, sightings)


def _sightings(numbers: Collection[str], viewpoint: Viewpoint) -> Mapping[str, list[tuple[Sighting, str]]]:
    """Each number's sightings in the newest visible revision of every record that names it, with that record."""
    rows = Mention.objects.filter(
        kind=MentionKind.PHONE, selector__in=[tagged("phone", each) for each in sorted(numbers)]
    )
    mentions = viewpoint.visible(rows.select_related("record"), "audience", "record__audience")
    newest: dict[tuple[str, str, str, str], Record] = {}
    for mention in mentions.order_by("record__revision"):
        record = mention.record
        newest[(mention.selector or "").partition(":")[2], record.owner_id, record.source, record.ref] = record
    restricted = restrictions(viewpoint, {record.id for record in newest.values()})
    found: dict[str, list[tuple[Sighting, str]]] = defaultdict(list)
    for (number, *_), record in newest.items():
        if record.id not in restricted:
            found[number] += [
                (Sighting(number, day, kind, str(record.id), record.ref), str(record.id)) for day, kind in _days(record)
            ]
    return found


def _days(record: Record) -> Iterator[tuple[date, SightingKind]]:
    """The days on which a record has its numbers in use, by the rule."""
    if record.kind in RULE.report_kinds:
        if record.information_grade not in RULE.grades_that_do_not_count:
            yield (record.occurred_from or record.made_at).date(), SightingKind.REPORT
    elif record.kind == RecordKind.LINE_RETURN:
        for name in ("first_seen", "last_seen"):
            if day := record.detail.get(name):
                yield date.fromisoformat(day), SightingKind.RETURN
    elif record.kind == RecordKind.FINDING and record.ref.startswith(FindingKind.DEAL_LINE.beginning):
        yield (record.occurred_to or record.occurred_from or record.made_at).date(), SightingKind.DEAL_LINE


def _evidence_of(
    closures: Mapping[tuple[str, str], Standing], viewpoint: Viewpoint
) -> Mapping[tuple[str, str], frozenset[str]]:
    """The records that were named as evidence of each closure or of its checks: they name the number because it is silent."""
    of_state = {row.id: returned for returned, each in closures.items() for row in each.rows}
    named: dict[tuple[str, str], set[UUID]] = {returned: set() for returned in closures}
    rows = viewpoint.visible(StateEvidence.objects.filter(state__in=list(of_state)), "line_audience", "audience")
    for state, record in rows.values_list("state_id", "record_id"):
        named[of_state[state]].add(record)
    return {returned: frozenset(map(str, records)) for returned, records in named.items()}
