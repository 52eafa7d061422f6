"""Entities as a viewer sees them: clusters of visible mentions over visible matches and decisions, and nothing else.

A hidden mention that bridges two visible ones joins nothing, because neither it nor its matches are among the rows that
the clustering is given. Nothing is stored: undo a judgement, and what was before is what is computed again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from crossline.access.viewer import Viewpoint
from crossline.engines.resolution import clusters as engine
from crossline.engines.resolution import resolve
from crossline.engines.resolution.model import released_model
from crossline.entities.models import Judgement, Match
from crossline.records.generation import Kept
from crossline.records.models import Mention
from crossline.vocabulary.codes import MentionKind

THRESHOLD_BITS = resolve.THRESHOLD_BITS
"""A pair at or above this may join two people; 4.3 bits are 95 in 100. [D] resolution notes §7; a person can always undo."""

ENDS = ("left_audience", "right_audience")

DECISIONS = Judgement.objects.filter(decides=True, withdrawal=None)
"""What moves clusters: decisions that nobody took back. Proposals do not."""


@dataclass(frozen=True)
class People:
    """Every person a viewer sees. Mentions that matched nothing are not in `cluster_of`: each is a person of its own."""

    cluster_of: Mapping[str, str]
    mentions: int

    def of(self, mention: str) -> str:
        """The entity of a mention: the smallest mention id of its cluster."""
        return self.cluster_of.get(mention, mention)

    @property
    def number(self) -> int:
        """How many people the mentions amount to."""
        return self.mentions - len(self.cluster_of) + len(set(self.cluster_of.values()))


def _people(viewpoint: Viewpoint) -> People:
    pairs = _pairs(viewpoint.visible(Match.objects.filter(kind="person", weight__gte=THRESHOLD_BITS), *ENDS))
    decisions = _decisions(viewpoint.visible(DECISIONS, *ENDS))
    linked = {end for pair in pairs for end in pair[:2]} | {end for said in decisions for end in said[:2]}
    persons = viewpoint.visible(Mention.objects.filter(kind=MentionKind.PERSON))
    profiles = _profiles(persons, linked)
    clusters = _clustered(profiles, pairs, decisions).cluster_of
    return People(dict(clusters), persons.count())


people: Kept[People] = Kept(_people)
"""Every person of a viewpoint, kept while the store stands still."""


@dataclass(frozen=True)
class Neighbourhood:
    """Everything that pairs and decisions connect with a mention, as far as a viewer sees it, and what the engine makes of it."""

    profiles: Mapping[str, engine.Profile]
    pairs: Sequence[engine.Pair]
    decisions: Sequence[engine.Judgement]
    clustering: engine.Clustering

    def of(self, mention: UUID) -> str:
        """The entity of a mention."""
        return self.clustering.cluster_of.get(str(mention), str(mention))

    def members(self, mention: UUID) -> list[UUID]:
        """The mentions that are the same person as this one, this one among them."""
        own = self.of(mention)
        found = {UUID(end) for end, cluster in self.clustering.cluster_of.items() if cluster == own}
        return sorted(found | {mention})


def cluster_around(viewpoint: Viewpoint, mention: UUID) -> list[UUID]:
    """The visible mentions that are the same person as this one, this one among them; only its neighbourhood is read."""
    return neighbourhood(viewpoint, (mention,)).members(mention)


def neighbourhood(viewpoint: Viewpoint, mentions: Iterable[UUID]) -> Neighbourhood:
    """What lies around these mentions."""
    edge = set(mentions)
    reached = {str(mention) for mention in edge}
    pairs: set[engine.Pair] = set()
    decisions: set[engine.Judgement] = set()
    while edge:
        matches = Match.objects.filter(kind="person", weight__gte=THRESHOLD_BITS)
        new_pairs = [
            *_pairs(viewpoint.visible(matches.filter(left__in=edge), *ENDS)),
            *_pairs(viewpoint.visible(matches.filter(right__in=edge), *ENDS)),
        ]
        new_decisions = [
            *_decisions(viewpoint.visible(DECISIONS.filter(left__in=edge), *ENDS)),
            *_decisions(viewpoint.visible(DECISIONS.filter(right__in=edge), *ENDS)),
        ]
        pairs.update(new_pairs)
        decisions.update(new_decisions)
        ends = {end for pair in new_pairs for end in pair[:2]} | {end for said in new_decisions for end in said[:2]}
        edge = {UUID(end) for end in ends - reached}
        reached |= ends
    profiles = _profiles(viewpoint.visible(Mention.objects.filter(kind=MentionKind.PERSON)), reached)
    ordered = sorted(pairs), sorted(decisions)
    return Neighbourhood(profiles, *ordered, _clustered(profiles, *ordered))


def decisions_among(viewpoint: Viewpoint) -> tuple[Sequence[engine.Judgement], engine.Clustering]:
    """Every visible decision, and what decisions alone come to: no pair is needed to tell which of them contradict another."""
    decisions = _decisions(viewpoint.visible(DECISIONS.filter(left__kind=MentionKind.PERSON), *ENDS))
    ends = {end for said in decisions for end in said[:2]}
    return decisions, _clustered(dict.fromkeys(ends, engine.Profile()), (), decisions)


def _clustered(
    profiles: Mapping[str, engine.Profile], pairs: Iterable[engine.Pair], judgements: Iterable[engine.Judgement]
) -> engine.Clustering:
    """What the engine makes of these rows and no others, with the vetoes that the release found its data can bear."""
    vetoes = resolve.vetoes_of(released_model())
    return engine.clustering(profiles, pairs, judgements, THRESHOLD_BITS, vetoes=vetoes)


def _pairs(matches: QuerySet[Match]) -> list[engine.Pair]:
    rows = matches.values_list("left_id", "right_id", "weight")
    return [engine.Pair(str(left), str(right), weight) for left, right, weight in rows]


def _decisions(judgements: QuerySet[Judgement]) -> list[engine.Judgement]:
    rows = judgements.values_list("left_id", "right_id", "verdict", "decided_at")
    return [engine.Judgement(str(left), str(right), verdict, at.isoformat()) for left, right, verdict, at in rows]


def _profiles(persons: QuerySet[Mention], wanted: Iterable[str]) -> dict[str, engine.Profile]:
    ids = [UUID(end) for end in wanted]
    profiles: dict[str, engine.Profile] = {}
    for start in range(0, len(ids), 20_000):
        chunk: Sequence[UUID] = ids[start : start + 20_000]
        rows = persons.filter(id__in=chunk).values_list("id", "born", "sex", "pnc", "forename", "surname", "nominal")
        for mention, born, sex, pnc, forename, surname, nominal in rows:
            profiles[str(mention)] = engine.Profile(
                birth=born if len(born) == 10 and not born.endswith("-01-01") else None,
                sex=sex or None,
                pnc=pnc or None,
                anchored=bool((forename and surname) or nominal or pnc),
            )
    return profiles
