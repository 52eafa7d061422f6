"""Entities as a viewer sees them: clusters of visible mentions over visible matches and decisions, and nothing else.

A hidden mention that bridges two visible ones joins nothing, because neither it nor its matches are among the rows that
the clustering is given. Nothing is stored: undo a judgement, and what was before is what is computed again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from crossline.access.asked_often import ask
from crossline.access.viewer import Viewpoint
from crossline.engines.resolution import clusters as engine
from crossline.engines.resolution import resolve
from crossline.engines.resolution.mentions import birth, names_given
from crossline.engines.resolution.model import released_model
from crossline.engines.resolution.nationwide import clustering_of_many
from crossline.entities.models import Judgement, Match
from crossline.records.generation import Kept
from crossline.records.models import Mention
from crossline.vocabulary.codes import MentionKind

THRESHOLD_BITS = resolve.THRESHOLD_BITS
"""A pair at or above this may join two people; 4.3 bits are 95 in 100. [D] resolution notes §7; a person can always undo."""

ENDS = ("left_audience", "right_audience")

DECISIONS = Judgement.objects.filter(decides=True, withdrawal=None)
"""What moves clusters: decisions that nobody took back. Proposals do not."""


# One question, however far what is connected reaches; each step by an index, however many a planner may expect.
_AROUND = """
WITH RECURSIVE reached (id) AS (
    SELECT unnest(%(mentions)s::uuid[])
    UNION
    SELECT beside.id FROM reached r CROSS JOIN LATERAL (
        SELECT m.right_id FROM entities_match m WHERE m.left_id = r.id AND {close}
        UNION ALL
        SELECT m.left_id FROM entities_match m WHERE m.right_id = r.id AND {close}
        UNION ALL
        SELECT j.right_id FROM entities_judgement j WHERE j.left_id = r.id AND {decides}
        UNION ALL
        SELECT j.left_id FROM entities_judgement j WHERE j.right_id = r.id AND {decides}
    ) beside (id)
)
SELECT
    (SELECT json_agg(json_build_array(r.id, near.right_id, near.weight)) FROM reached r CROSS JOIN LATERAL (
        SELECT m.right_id, m.weight FROM entities_match m WHERE m.left_id = r.id AND {close} OFFSET 0) near),
    (SELECT json_agg(json_build_array(r.id, said.right_id, said.verdict, said.decided_at)) FROM reached r CROSS JOIN LATERAL (
        SELECT j.right_id, j.verdict, to_char(j.decided_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"') AS decided_at
        FROM entities_judgement j WHERE j.left_id = r.id AND {decides} OFFSET 0) said),
    (SELECT json_agg(json_build_array(r.id, one.born, one.sex, one.pnc, one.forename, one.surname, one.nominal, one.caption,
            one.owner_id)) FROM reached r CROSS JOIN LATERAL (
        SELECT p.* FROM records_mention p WHERE p.id = r.id AND p.kind = 'person' AND {seen} OFFSET 0) one)
"""
_CLOSE = "m.kind = 'person' AND m.weight >= %(threshold)s"
_DECIDES = "j.decides AND NOT EXISTS (SELECT FROM entities_withdrawal w WHERE w.judgement_id = j.id)"


class Named(NamedTuple):
    """What a mention says of who its person is."""

    id: str
    born: str
    sex: str
    pnc: str
    forename: str
    surname: str
    nominal: str
    caption: str
    owner: str

    @property
    def profile(self) -> engine.Profile:
        """What can keep it apart from others."""
        return engine.profile(
            birth=birth(self.born),
            sex=self.sex or None,
            pnc=self.pnc or None,
            nominal=self.nominal,
            names=names_given(self.forename, self.surname),
        )


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
    vetoes = resolve.vetoes_of(released_model())
    clusters = clustering_of_many(profiles, pairs, decisions, THRESHOLD_BITS, vetoes).cluster_of
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
    named: Mapping[str, Named]

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
    said: dict[str, Any] = {
        "mentions": list(mentions),
        "threshold": THRESHOLD_BITS,
        "audiences": list(viewpoint.audiences or ()),
    }
    if not said["mentions"]:
        return Neighbourhood({}, (), (), _clustered({}, (), ()), {})
    close, decides = (
        f"{condition} AND {_seen(viewpoint, f'{table}.left_audience_id', f'{table}.right_audience_id')}"
        for condition, table in ((_CLOSE, "m"), (_DECIDES, "j"))
    )
    asked = _AROUND.format(close=close, decides=decides, seen=_seen(viewpoint, "p.audience_id"))
    [found] = ask(asked, said)
    pairs, decisions, named = (each or () for each in found)
    persons = {row[0]: Named(*row) for row in named}
    profiles = {mention: each.profile for mention, each in persons.items()}
    ordered = (
        sorted(engine.Pair(*row) for row in pairs),
        sorted(engine.Judgement(*row) for row in decisions),
    )
    return Neighbourhood(profiles, *ordered, _clustered(profiles, *ordered), persons)


def _seen(viewpoint: Viewpoint, *columns: str) -> str:
    return viewpoint.clause(*columns)[0].replace("%s", "%(audiences)s")


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
        rows = persons.filter(id__in=chunk).values_list(
            "id", "born", "sex", "pnc", "forename", "surname", "nominal", "caption", "owner_id"
        )
        profiles |= {str(mention): Named(str(mention), *rest).profile for mention, *rest in rows}
    return profiles
