"""The chain of evidence of an overlap: from what one investigation names to what the other names, record by record.

Every step is made of rows that the viewer sees, as the overlap itself is: of several ways the shortest is told, and one that
nobody needs to confirm before any that waits for it.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.urls import reverse

from crossline.access.viewer import Viewpoint
from crossline.deconfliction.overlaps import Overlap, Side
from crossline.engines.lines import JoinBasis
from crossline.entities.models import Judgement, Verdict
from crossline.entities.presenter import judgement_text
from crossline.entities.profile import MatchReason, person_profile
from crossline.lines.in_words import join_text, names, score_in_words, state_in_words
from crossline.lines.models import ChangeState
from crossline.lines.register import Register, RegisterLine, register
from crossline.lines.rows import LineRow, Succession, bare
from crossline.records.models import Mention
from crossline.records.naming import caption_of
from crossline.wording import format_date, format_phone

_WAITS: Final = 1_000
"""What a step that nobody has confirmed costs: more than any chain of others, so that it is taken only for want of another."""


@dataclass(frozen=True, order=True)
class Step:
    """One link of a chain: what it says, and the page that bears it out. `waits`: only if somebody confirms it."""

    says: str
    href: str
    waits: bool = False


@dataclass(frozen=True)
class _Edge:
    to: str
    step: Step


Graph = dict[str, list[_Edge]]


def chain_of(pair: Overlap, viewpoint: Viewpoint) -> list[Step]:
    """The steps from the left side to the right one: each names the thing, and between them what ties the two namings."""
    mentions = {pair.left.mention, pair.right.mention}
    written = viewpoint.visible(Mention.objects.filter(id__in=mentions)).in_bulk()
    between: list[Step] = []
    if pair.scheme == "person":
        between = _of_person(pair, viewpoint)
    elif pair.scheme == "line":
        between = _of_line(written, pair, register(viewpoint))
    return [_names(pair.left, written), *between, _names(pair.right, written)]


def _names(side: Side, written: Mapping[UUID, Mention]) -> Step:
    says = f"{side.ref} of {names((side.agency,))} names {caption_of(written[side.mention])}."
    return Step(says, reverse("record", args=[side.record]))


def _of_person(pair: Overlap, viewpoint: Viewpoint) -> list[Step]:
    profile = person_profile(viewpoint, pair.left.mention)
    if profile is None:
        return []
    graph: Graph = defaultdict(list)
    for match in profile.matches:
        _tie(graph, match.left.id, match.right.id, Step(_match_text(match), reverse("person", args=[match.left.id])))
    for judgement in profile.judgements:
        if judgement.verdict == Verdict.SAME and judgement.decides:
            said = Step(_judged_text(judgement), reverse("person", args=[judgement.left_id]))
            _tie(graph, judgement.left_id, judgement.right_id, said)
    return _shortest(graph, str(pair.left.mention), str(pair.right.mention))


def _match_text(match: MatchReason) -> str:
    ends = " and ".join(f"{end.caption} ({names((end.owner_id,))})" for end in (match.left, match.right))
    return f"{ends} are held to be one person. {match.sentence}"


def _judged_text(judgement: Judgement) -> str:
    return f"{judgement.left.caption} and {judgement.right.caption}: {judgement_text(judgement)}"


def _of_line(written: Mapping[UUID, Mention], pair: Overlap, known: Register) -> list[Step]:
    start, end = (_number(bare(written[side.mention].selector)) for side in (pair.left, pair.right))
    if start == end:
        return []
    graph: Graph = defaultdict(list)
    line = known.line_of_number.get(start.partition(":")[2])
    if line is None:
        return []
    for each in known.lines:
        if each.group.if_confirmed == line.group.if_confirmed:
            _add_line(graph, each)
    for found in known.successions:
        _tie(graph, _number(found.old), _number(found.new), _change(found))
    return _shortest(graph, start, end)


def _add_line(graph: Graph, line: RegisterLine) -> None:
    for row in line.rows:
        for number in _numbers(row):
            _tie(graph, row.mention, _number(number), _gives(row, number))
    record_of = {str(row.mention): row.record for row in line.rows}
    for join in line.group.joins:
        if join.basis is JoinBasis.SUCCESSION:
            continue  # told by the change of number itself, with how it stands
        step = Step(join_text(join, line.group.places), reverse("record", args=[record_of[join.left]]))
        _tie(graph, join.left, join.right, step)
    for placed in line.attached:
        first, rest = line.group.mention_ids[0], placed.group.mention_ids
        for mention in rest:
            step = Step(f"Placed by its name: {placed.sentence}.", reverse("record", args=[record_of[mention]]))
            _tie(graph, first, mention, step)


def _numbers(row: LineRow) -> Iterator[str]:
    for beside in row.beside:
        if beside.kind == "phone" and (beside.selector or "").startswith("phone:"):
            yield bare(beside.selector)


def _gives(row: LineRow, number: str) -> Step:
    how = "returns" if row.is_return else "names"
    says = f"{row.ref} of {names((row.owner,))} {how} the line {row.brand} with {format_phone(number)}."
    return Step(says, reverse("record", args=[row.record]))


def _change(found: Succession) -> Step:
    waits = found.state is not ChangeState.CONFIRMED
    says = (
        f"{format_phone(found.new)} took over from {format_phone(found.old)} on {format_date(found.date)}: "
        f"score {score_in_words(found.score)}, {state_in_words(found.state).lower()}."
    )
    return Step(says, reverse("number-change", args=[found.record]), waits=waits)


def _number(value: str) -> str:
    return f"number:{value}"


def _tie(graph: Graph, left: object, right: object, step: Step) -> None:
    graph[str(left)].append(_Edge(str(right), step))
    graph[str(right)].append(_Edge(str(left), step))


def _shortest(graph: Mapping[str, Iterable[_Edge]], start: str, end: str) -> list[Step]:
    """The steps of the cheapest way, ties broken by what the steps say, so that one chain is told each time."""
    waiting: list[tuple[int, tuple[str, ...], str, tuple[Step, ...]]] = [(0, (), start, ())]
    done: set[str] = set()
    while waiting:
        cost, said, at, steps = heapq.heappop(waiting)
        if at == end:
            return list(steps)
        if at in done:
            continue
        done.add(at)
        for edge in graph.get(at, ()):
            if edge.to not in done:
                more = cost + (_WAITS if edge.step.waits else 1)
                heapq.heappush(waiting, (more, (*said, edge.step.says), edge.to, (*steps, edge.step)))
    return []
