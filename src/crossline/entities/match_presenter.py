"""What the lists of the review of matches show: questions, proposals, conflicts, and what somebody said."""

from __future__ import annotations

from django.urls import reverse

from crossline.engines.resolution.review import probability
from crossline.entities.conflicts import Conflict
from crossline.entities.models import Judgement
from crossline.entities.pair_presenter import end_words, short
from crossline.entities.proposals import Proposal
from crossline.entities.reviewing import Asked
from crossline.entities.weight_in_words import odds
from crossline.records.models import Mention
from crossline.records.naming import tidy_name
from crossline.wording import format_partial_date, plural


def question_row(asked: Asked) -> dict[str, object]:
    """One pair of the queue: both mentions, what the answer decides, and what it would move."""
    question = asked.question
    ends = [_end(mention) for mention in (asked.left, asked.right)]
    likely = round(100 * probability(question.weight_bits))
    return {
        "ends": ends,
        "title": " and ".join(str(end["name"]) for end in ends),
        "value": f"{asked.left.id}:{asked.right.id}",
        "href": f"{reverse('match', args=[asked.left.id, asked.right.id])}?then=queue",
        "asks": question.asks.meaning,
        "odds": f"{odds(question.weight_bits)} ({'under 1' if likely < 1 else 'over 99' if likely > 99 else likely} in 100)",
        "moves": plural(question.moves, "pair of mentions", "pairs of mentions"),
        "sides": f"{question.left_size} and {question.right_size}",
    }


def _end(mention: Mention) -> dict[str, object]:
    born = format_partial_date(mention.born, default="")
    return {
        "name": tidy_name(mention.caption),
        "about": ", ".join(filter(None, [f"born {born}" if born else "", short(mention.owner_id), mention.record.ref])),
    }


def judgement_row(said: Proposal) -> dict[str, object]:
    """What somebody said of a pair, with its page, how it stands, and the answer to it."""
    row = said.said
    return {
        "id": str(row.id),
        "pair": f"{end_words(row.left)} and {end_words(row.right)}",
        "href": reverse("match", args=[row.left_id, row.right_id]),
        "verdict": row.get_verdict_display(),
        "reason": row.reason,
        "by": row.decided_by,
        "agency": row.decided_agency,
        "at": row.decided_at,
        "standing": "Decision" if row.decides else said.state.meaning,
        "answer": said.answer.reason if said.answer and not row.decides else None,
    }


def proposal_row(proposal: Proposal) -> dict[str, object]:
    """A proposal as a row."""
    return judgement_row(proposal)


def conflict_row(conflict: Conflict) -> dict[str, object]:
    """A "same" that does not hold, and what it cannot hold beside."""
    return {
        "same": _decided(conflict.same),
        "different": [_decided(each) for each in conflict.different],
    }


def _decided(said: Judgement) -> dict[str, object]:
    return judgement_row(Proposal(said, None))
