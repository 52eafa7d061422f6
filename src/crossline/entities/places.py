"""Addresses that count as one for a viewer: joined best first over visible matches and judgements, and nothing else.

Only exports join them; pages show each match with its reason. Vehicles and telephones are never joined by a near miss.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, QuerySet, TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce

from crossline.access.viewer import Viewpoint
from crossline.engines.resolution.address_clusters import join_addresses
from crossline.engines.resolution.addresses import THRESHOLD_BITS, Address, read_address
from crossline.engines.resolution.clusters import Judgement as Said
from crossline.engines.resolution.clusters import Pair
from crossline.entities.clusters import DECISIONS, ENDS
from crossline.entities.models import Match
from crossline.records.generation import Kept
from crossline.records.models import Mention
from crossline.vocabulary.codes import MentionKind

CHUNK = 20_000


@dataclass(frozen=True)
class Places:
    """Which addresses are one. `place_of`: by the smallest visible mention of an equal value; absent for what stands alone."""

    place_of: Mapping[str, str]

    def of(self, same: str) -> str:
        """The place of an address: the smallest mention of all that are joined with it."""
        return self.place_of.get(same, same)


def _places(viewpoint: Viewpoint) -> Places:
    pairs = _pairs(viewpoint)
    said = _judgements(viewpoint)
    ends = {end for pair in pairs for end in pair[:2]} | {end for judged in said for end in judged[:2]}
    value_of, ways = _values(viewpoint, ends)
    between = [
        each._replace(left=value_of[each.left], right=value_of[each.right]) for each in pairs if _both(each, value_of)
    ]
    decided = [
        each._replace(left=value_of[each.left], right=value_of[each.right]) for each in said if _both(each, value_of)
    ]
    group_of = join_addresses(ways, between, decided)
    smallest = _smallest(viewpoint, group_of)
    least: dict[str, str] = {}
    for value, group in group_of.items():
        least[group] = min(least.get(group, smallest[value]), smallest[value])
    return Places({smallest[value]: least[group] for value, group in group_of.items()})


def _both(each: Pair | Said, value_of: Mapping[str, str]) -> bool:
    """Whether both ends are seen, and are not of one value already."""
    left, right = value_of.get(each.left), value_of.get(each.right)
    return left is not None and right is not None and left != right


places: Kept[Places] = Kept(_places)
"""The addresses that are one for a viewpoint, kept while the store stands still."""


def _pairs(viewpoint: Viewpoint) -> list[Pair]:
    matches = Match.objects.filter(kind=MentionKind.ADDRESS, weight__gte=THRESHOLD_BITS)
    rows = viewpoint.visible(matches, *ENDS).values_list("left_id", "right_id", "weight")
    return [Pair(str(left), str(right), weight) for left, right, weight in rows]


def _judgements(viewpoint: Viewpoint) -> list[Said]:
    """What the centre decided of two addresses: a proposal joins nothing. Whether the ends are addresses is seen when their
    values are read."""
    rows = viewpoint.visible(DECISIONS, *ENDS)
    listed = rows.values_list("left_id", "right_id", "verdict", "decided_at")
    return [Said(str(left), str(right), verdict, at.isoformat()) for left, right, verdict, at in listed]


def _seen(viewpoint: Viewpoint) -> QuerySet[Mention]:
    return viewpoint.visible(Mention.objects.filter(kind=MentionKind.ADDRESS), "audience", "record__audience")


def _values(viewpoint: Viewpoint, mentions: Iterable[str]) -> tuple[dict[str, str], dict[str, list[Address]]]:
    """Mention -> its value (itself, where equal values mean nothing), and each value with every way it is written."""
    value_of: dict[str, str] = {}
    ways: dict[str, set[tuple[str, str]]] = {}
    text = Coalesce(KeyTextTransform("text", "detail"), F("caption"), output_field=TextField())
    postcode = Coalesce(KeyTextTransform("postcode", "detail"), Value(""), output_field=TextField())
    for chunk in _chunks(mentions):
        rows = _seen(viewpoint).filter(id__in=chunk).values_list("id", "selector", text, postcode)
        for mention, selector, *written in rows:
            value = str(mention) if selector is None or selector.endswith("||") else selector
            value_of[str(mention)] = value
            ways.setdefault(value, set()).add((written[0], written[1]))
    return value_of, {value: [read_address(*each) for each in sorted(written)] for value, written in ways.items()}


def _smallest(viewpoint: Viewpoint, values: Iterable[str]) -> dict[str, str]:
    """Value -> the smallest visible mention that has it."""
    smallest = {value: value for value in values if ":" not in value}
    for chunk in _chunks(value for value in values if ":" in value):
        rows = _seen(viewpoint).filter(selector__in=chunk).values_list("selector", Cast("id", TextField()))
        for selector, mention in rows:
            smallest[selector] = min(smallest.get(selector, mention), mention)
    return smallest


def _chunks(ids: Iterable[str]) -> Iterable[list[UUID] | list[str]]:
    listed = sorted(ids)
    for start in range(0, len(listed), CHUNK):
        yield listed[start : start + CHUNK]
