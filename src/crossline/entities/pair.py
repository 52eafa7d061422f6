"""Two mentions of people as a viewer sees them: how they compare, whether they are one person and by which chain, or why not."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from crossline.access.viewer import Viewpoint
from crossline.engines.resolution.chains import Link, chain, standing, way
from crossline.engines.resolution.clusters import DIFFERENT
from crossline.engines.resolution.explain import Explanation
from crossline.engines.resolution.nonmatches import Bar, WouldChange, bars, would_change
from crossline.engines.resolution.resolve import vetoes_of
from crossline.entities.clusters import THRESHOLD_BITS, Neighbourhood, neighbourhood
from crossline.entities.comparing import compare, model_for_comparing
from crossline.entities.judgements import judgements_on
from crossline.entities.models import Judgement
from crossline.entities.proposals import Proposal, answered
from crossline.entities.victims import VICTIM_TYPES, is_registered
from crossline.records.models import Assertion, Mention
from crossline.vocabulary.codes import MentionKind, SubjectCategory


@dataclass(frozen=True)
class Side:
    """One of the two: the mention with its record, what that record says of it, and whether the person may be a victim."""

    mention: Mention
    said: Sequence[Assertion]
    mentions: int  # of the person that it is now
    births: Sequence[str]  # that the mentions of that person give
    is_victim: bool


@dataclass(frozen=True)
class Together:
    """That both are one person now: the links from one to the other."""

    links: Sequence[Link]
    captions: Mapping[str, Mention]


@dataclass(frozen=True)
class Apart:
    """That they are not: what keeps them apart, and which facts would have made the difference."""

    bars: Sequence[Bar]
    changes: Sequence[WouldChange]
    stronger: tuple[UUID, UUID] | None  # the strongest pair between the two sides, where it is another than this


@dataclass(frozen=True)
class PairProfile:
    """The pair. Exactly one of `together` and `apart` is there."""

    left: Side
    right: Side
    explanation: Explanation
    together: Together | None
    apart: Apart | None
    decisions: Sequence[Judgement]  # that stand, newest first: the first one counts
    proposals: Sequence[Proposal]

    @property
    def decision(self) -> Judgement | None:
        """The decision that stands."""
        return self.decisions[0] if self.decisions else None


def pair_profile(viewpoint: Viewpoint, left: UUID, right: UUID) -> PairProfile | None:
    """The pair of two different visible mentions of people, or None: for a hidden one as for an absent one."""
    rows = Mention.objects.filter(id__in=(left, right), kind=MentionKind.PERSON).select_related("record")
    found = viewpoint.visible(rows, "audience", "record__audience").in_bulk()
    if len(found) < 2:
        return None
    around = neighbourhood(viewpoint, (left, right))
    explanation = compare(viewpoint, found[left], found[right])
    said = judgements_on(left, right, viewpoint)
    one = around.of(left) == around.of(right)
    return PairProfile(
        _side(viewpoint, found[left], around),
        _side(viewpoint, found[right], around),
        explanation,
        _together(viewpoint, left, right, around) if one else None,
        None if one else _apart(left, right, around, explanation),
        [each for each in said if each.decides],
        answered(viewpoint, (each for each in said if not each.decides)),
    )


def victim_among(viewpoint: Viewpoint, mentions: Collection[UUID]) -> bool:
    """Whether any visible statement about these mentions, all of one person, makes that person a victim, or a register does."""
    says = Q(category=SubjectCategory.VICTIM) | Q(type__in=VICTIM_TYPES)
    said = viewpoint.visible(Assertion.objects.filter(says, from_mention__in=mentions))
    return said.exists() or is_registered(viewpoint, mentions)


def mentions_of(viewpoint: Viewpoint, ids: Iterable[str]) -> dict[str, Mention]:
    """These mentions, as far as they are visible, with their records."""
    rows = Mention.objects.filter(id__in={UUID(each) for each in ids}).select_related("record")
    return {str(each.id): each for each in viewpoint.visible(rows, "audience", "record__audience")}


def _side(viewpoint: Viewpoint, mention: Mention, around: Neighbourhood) -> Side:
    members = around.members(mention.id)
    said = Assertion.objects.filter(from_mention=mention).select_related("to_mention")
    rows = viewpoint.visible(said, "audience", "to_mention__audience").order_by("type", "to_mention__caption", "id")
    profiles = (around.profiles.get(str(member)) for member in members)
    births = sorted({each.birth for each in profiles if each and each.birth})
    return Side(mention, list(rows), len(members), births, victim_among(viewpoint, members))


def _together(viewpoint: Viewpoint, left: UUID, right: UUID, around: Neighbourhood) -> Together:
    members = map(str, around.members(left))
    links = way(chain(members, around.pairs, around.decisions), str(left), str(right))
    ends = {end for link in links for end in (link.left, link.right)}
    return Together(links, mentions_of(viewpoint, ends))


def _apart(left: UUID, right: UUID, around: Neighbourhood, explanation: Explanation) -> Apart:
    sides = [frozenset(map(str, around.members(end))) for end in (left, right)]
    between = [pair for pair in around.pairs if _joins(pair.left, pair.right, sides)]
    best = max(between, key=lambda pair: (pair.weight_bits, pair.left, pair.right), default=None)
    weight = max(explanation.weight_bits, best.weight_bits if best else explanation.weight_bits)
    model = model_for_comparing()
    found = bars(
        *([around.profiles[end] for end in sorted(side) if end in around.profiles] for side in sides),
        weight_bits=weight,
        threshold_bits=THRESHOLD_BITS,
        vetoes=vetoes_of(model),
        decided=any(
            verdict == DIFFERENT and _joins(*ends, sides) for ends, verdict in standing(around.decisions).items()
        ),
    )
    this = {str(left), str(right)}
    other = best if best and best.weight_bits > explanation.weight_bits and {best.left, best.right} != this else None
    changes = would_change(explanation, model, THRESHOLD_BITS) if explanation.weight_bits < THRESHOLD_BITS else []
    return Apart(found, changes, (UUID(other.left), UUID(other.right)) if other else None)


def _joins(one: str, other: str, sides: Sequence[frozenset[str]]) -> bool:
    return (one in sides[0] and other in sides[1]) or (one in sides[1] and other in sides[0])
