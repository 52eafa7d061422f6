"""The queue of pairs that deserve a person's look, for one viewer: of visible rows alone, best first, without what is answered.

Reading a nation's pairs takes seconds, so the list is kept per set of audiences until something other than a judgement changes.
What was decided since is taken out each time; whatever a page shows of a pair it reads anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Q

from crossline.access.viewer import Viewpoint
from crossline.engines.resolution import clusters as engine
from crossline.engines.resolution.review import MOST_QUESTIONS, Asks, Question, questions
from crossline.entities.clusters import DECISIONS, ENDS, THRESHOLD_BITS, people
from crossline.entities.models import Judgement, Match, Verdict, Withdrawal
from crossline.records.generation import Kept, generation
from crossline.records.models import Mention
from crossline.vocabulary.codes import MentionKind

FEWEST_LEFT: Final = 50
"""A kept list that was cut at its bound is made anew once fewer than so many of it are left. [D]"""
_CHUNK: Final = 20_000


@dataclass(frozen=True)
class Listed:
    """The questions of a moment, with the clusters and the decisions that stood then."""

    questions: Sequence[Question]
    cluster_of: Mapping[str, str]
    decided: frozenset[UUID]


@dataclass(frozen=True)
class Asked:
    """A question with its two mentions, as their viewer sees them now."""

    question: Question
    left: Mention
    right: Mention


def _listed(viewpoint: Viewpoint) -> Listed:
    known = people(viewpoint)
    decisions = list(viewpoint.visible(DECISIONS, *ENDS).values_list("id", "left_id", "right_id", "verdict"))
    said = [engine.Judgement(str(left), str(right), verdict) for _, left, right, verdict in decisions]
    found = questions(known.cluster_of, _pairs(viewpoint), said, THRESHOLD_BITS, nameless=_nameless(viewpoint))
    return Listed(found, known.cluster_of, frozenset(row[0] for row in decisions))


def _nameless(viewpoint: Viewpoint) -> frozenset[str]:
    """The mentions that name nobody: an alias or a number alone, as entities/clusters.py reads them."""
    names = Q(forename__gt="", surname__gt="") | Q(nominal__gt="") | Q(pnc__gt="")
    rows = viewpoint.visible(Mention.objects.filter(kind=MentionKind.PERSON).exclude(names))
    return frozenset(str(mention) for mention in rows.values_list("id", flat=True))


def _pairs(viewpoint: Viewpoint) -> Iterator[engine.Pair]:
    rows = viewpoint.visible(Match.objects.filter(kind="person"), *ENDS).values_list("left_id", "right_id", "weight")
    for left, right, weight in rows.iterator(chunk_size=_CHUNK):
        yield engine.Pair(str(left), str(right), weight)


def apart_from_judgements(viewpoint: Viewpoint) -> str:
    """The state of the store but for judgements that the viewer sees; a hidden one counts as any other change."""
    numbered = (model.objects.filter(change__isnull=False) for model in (Judgement, Withdrawal))
    return generation([viewpoint.visible(rows, *ENDS).values("change") for rows in numbered])


kept: Kept[Listed] = Kept(_listed, keep=4, state=apart_from_judgements)
"""The list of a viewpoint."""


def queue(viewpoint: Viewpoint) -> list[Asked]:
    """What waits for an answer, most valuable first; what is alike in that, by what its records say."""
    listed = kept(viewpoint)
    waiting = _unanswered(viewpoint, listed)
    used_up = len(waiting) < FEWEST_LEFT and len(listed.questions) >= MOST_QUESTIONS
    if used_up or _taken_back(viewpoint, listed):
        kept.forget()
        waiting = _unanswered(viewpoint, kept(viewpoint))
    ends = {UUID(end) for each in waiting for end in (each.left, each.right)}
    mentions = viewpoint.visible(Mention.objects.filter(id__in=ends).select_related("record")).in_bulk()
    seen = [each for each in waiting if UUID(each.left) in mentions and UUID(each.right) in mentions]
    asked = [Asked(each, *_in_words(mentions[UUID(each.left)], mentions[UUID(each.right)])) for each in seen]
    return sorted(asked, key=lambda each: (-each.question.value, *_as_written(each.left), *_as_written(each.right)))


def _taken_back(viewpoint: Viewpoint, listed: Listed) -> bool:
    """Whether a decision that stood when the list was made does so no more: what it had answered is asked again."""
    standing = viewpoint.visible(DECISIONS.filter(id__in=listed.decided), *ENDS).count()
    return bool(standing < len(listed.decided))


def _unanswered(viewpoint: Viewpoint, listed: Listed) -> list[Question]:
    """The questions that no decision since, and no proposal of the viewer's agency, has answered; two clusters once."""
    mine = Judgement.objects.filter(withdrawal=None, decides=False, decided_agency=viewpoint.viewer.agency)
    proposed = {frozenset(map(str, ends)) for ends in viewpoint.visible(mine, *ENDS).values_list("left_id", "right_id")}
    since = viewpoint.visible(DECISIONS.exclude(id__in=listed.decided), *ENDS).order_by("decided_at", "id")
    decided = list(since.values_list("left_id", "right_id", "verdict"))
    merged = _Merged(listed.cluster_of)
    for left, right, verdict in decided:
        if verdict == Verdict.SAME:
            merged.join(str(left), str(right))
    settled = {merged.ends(str(left), str(right)) for left, right, _ in decided}
    answered = {frozenset((str(left), str(right))) for left, right, _ in decided} | proposed
    return list(_once(listed.questions, merged, settled, answered))


def _once(
    found: Iterable[Question],
    merged: _Merged,
    settled: set[frozenset[str]],
    answered: set[frozenset[str]],
) -> Iterator[Question]:
    for each in found:
        ends = merged.ends(each.left, each.right)
        if frozenset((each.left, each.right)) in answered:
            continue
        if each.asks is not Asks.BRIDGE:
            if len(ends) == 1 or ends in settled:
                continue
            settled.add(ends)
        yield each


class _Merged:
    """Clusters of the moment in which a list was made, with what decisions since have joined."""

    def __init__(self, cluster_of: Mapping[str, str]) -> None:
        self._cluster_of = cluster_of
        self._into: dict[str, str] = {}

    def join(self, left: str, right: str) -> None:
        one, other = self._of(left), self._of(right)
        if one != other:
            self._into[one] = other

    def ends(self, left: str, right: str) -> frozenset[str]:
        return frozenset((self._of(left), self._of(right)))

    def _of(self, mention: str) -> str:
        found = self._cluster_of.get(mention, mention)
        while found in self._into:
            found = self._into[found]
        return found


def _in_words(left: Mention, right: Mention) -> tuple[Mention, Mention]:
    """Two mentions in the order of what is written, which says nothing of when each came in."""
    first, second = sorted((left, right), key=_as_written)
    return first, second


def _as_written(mention: Mention) -> tuple[str, str, str, str]:
    return (mention.caption, mention.owner_id, mention.record.ref, str(mention.id))
