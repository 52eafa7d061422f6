"""Saying that two returned lines are the same or different: a verdict outranks the grouping, survives every run, and is undone by
another row, which gives exactly what was."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import IntegrityError, transaction

from crossline.access.audit import Event, Subject, log
from crossline.access.policy import CENTRE
from crossline.access.viewer import Viewpoint
from crossline.engines.lines import LineVerdict
from crossline.engines.lines.verdicts import standing_verdicts
from crossline.errors import MoveNotAllowed, NotPermitted, UserError
from crossline.lines.models import PAIR_MOVES, LineJudgement, PairVerdict
from crossline.lines.rows import LineRow
from crossline.lines.saying import reason_given
from crossline.lines.security import WHO_DECIDES
from crossline.lines.standing import Returned
from crossline.records.generation import advance
from crossline.records.models import Record
from crossline.records.one_at_a_time import claim
from crossline.records.restriction import standing as restrictions

PURPOSE: Final = "one line or two"
OVERTAKEN: Final = (
    "Somebody else judged these two since you opened them, so nothing was changed; read what they said first."
)


@dataclass(frozen=True)
class Pair:
    """Two returns, in the order in which a verdict on them is kept."""

    left: Record
    right: Record

    @classmethod
    def of(cls, one: Record, other: Record) -> Pair:
        """Whichever way round they are named."""
        return cls(*sorted((one, other), key=_returned))

    @property
    def ends(self) -> tuple[Returned, Returned]:
        return _returned(self.left), _returned(self.right)


def judge_pair(
    *, one: Record, other: Record, verdict: PairVerdict, reason: str, stood: UUID | None, viewpoint: Viewpoint
) -> LineJudgement:
    """Say that two returned lines are the same or different, or take that back. `stood`: the verdict that its author read."""
    pair = Pair.of(one, other)
    if pair.ends[0] == pair.ends[1]:
        raise UserError("A verdict is about two returned lines; these are one and the same.")
    if not may_judge_pair(pair, viewpoint):
        raise NotPermitted(
            "Only an analyst or an information manager of an agency that returned one of the two, or of the centre, says so."
        )
    claim(uuid5(NAMESPACE_URL, repr(pair.ends)))
    before = judgements_on(pair, viewpoint)
    newest = before[0] if before else None
    if (newest.id if newest else None) != stood:
        raise MoveNotAllowed(OVERTAKEN)
    if restrictions(viewpoint, [pair.left.id, pair.right.id]):
        raise MoveNotAllowed("The use of one of these returns is restricted; judge once that is lifted.")
    said = reason_given(reason)
    stands = PairVerdict(newest.verdict) if newest else PairVerdict.UNJUDGED
    if verdict not in PAIR_MOVES[stands]:
        raise MoveNotAllowed(f"Two lines that stand “{stands.label}” cannot become “{verdict.label}”.")
    return _written(pair, verdict, said, newest, viewpoint)


def may_judge_pair(pair: Pair, viewpoint: Viewpoint) -> bool:
    """Whether the viewer says whether these two are one."""
    viewer = viewpoint.viewer
    return bool(viewer.roles & WHO_DECIDES) and viewer.agency in (pair.left.owner_id, pair.right.owner_id, CENTRE)


def judgements_on(pair: Pair, viewpoint: Viewpoint) -> list[LineJudgement]:
    """Everything said of two returned lines, the newest first."""
    (left_owner, left_ref), (right_owner, right_ref) = pair.ends
    rows = LineJudgement.objects.filter(
        left_owner=left_owner, left_ref=left_ref, right_owner=right_owner, right_ref=right_ref
    )
    seen = viewpoint.visible(rows, "left_audience", "right_audience", "left__audience", "right__audience")
    return list(seen.order_by("-decided_at", "-id"))


def verdicts(viewpoint: Viewpoint) -> Mapping[frozenset[Returned], bool]:
    """What stands of every visible verdict: whether the two are the same."""
    rows = LineJudgement.objects.order_by("decided_at", "id")
    seen = viewpoint.visible(rows, "left_audience", "right_audience", "left__audience", "right__audience")
    said = {PairVerdict.SAME: True, PairVerdict.DIFFERENT: False}
    return standing_verdicts(
        (
            (row.left_owner_id, row.left_ref),
            (row.right_owner_id, row.right_ref),
            said.get(PairVerdict(row.verdict)),
        )
        for row in seen
    )


def for_grouping(judged: Mapping[frozenset[Returned], bool], rows: Iterable[LineRow]) -> list[LineVerdict]:
    """Verdicts on returns as the grouping engine takes them: the same by the newest revisions, different by all of them."""
    revisions: dict[Returned, list[LineRow]] = {}
    for row in rows:
        if row.is_return:
            revisions.setdefault((row.owner, row.ref), []).append(row)
    found = []
    for pair, same in judged.items():
        ends: Sequence[list[LineRow]] = [revisions.get(end, []) for end in sorted(pair)]
        if same:
            ends = [sorted(end, key=lambda row: row.revision)[-1:] for end in ends]
        found += [LineVerdict(str(left.mention), str(right.mention), same) for left, right in product(*ends)]
    return found


def _returned(record: Record) -> Returned:
    return record.owner_id, record.ref


def _written(
    pair: Pair, verdict: PairVerdict, reason: str, follows: LineJudgement | None, viewpoint: Viewpoint
) -> LineJudgement:
    made = LineJudgement(
        left=pair.left,
        right=pair.right,
        left_owner_id=pair.left.owner_id,
        right_owner_id=pair.right.owner_id,
        left_ref=pair.left.ref,
        right_ref=pair.right.ref,
        verdict=verdict,
        reason=reason,
        follows=follows,
        decided_by=viewpoint.viewer.username,
        decided_agency=viewpoint.viewer.agency,
        left_audience_id=pair.left.audience_id,
        right_audience_id=pair.right.audience_id,
    )
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        raise MoveNotAllowed(OVERTAKEN) from None
    advance()
    said = {"verdict": str(verdict), "left": pair.left.ref, "right": pair.right.ref}
    log(Event.LINES_JUDGED, by=viewpoint.viewer, about=Subject("record", str(pair.left.id), said), purpose=PURPOSE)
    return made
