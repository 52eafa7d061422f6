"""Comparing any two visible mentions of people, whether a match of them is stored or not: the one place that scores a pair."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Final
from uuid import UUID

from crossline.access.viewer import Viewpoint
from crossline.engines.resolution.comparing import Scorer
from crossline.engines.resolution.explain import Explanation, explain
from crossline.engines.resolution.model import Model, released_model
from crossline.engines.resolution.preparing import prepare_one
from crossline.entities.models import Match
from crossline.entities.registration import model_in_force
from crossline.records.models import Assertion, Mention
from crossline.vocabulary.codes import AssertionType, MentionKind

_SCORERS: Final[dict[str, Scorer]] = {}
_TIES = (AssertionType.USES, AssertionType.DRIVES, AssertionType.OWNS, AssertionType.LIVES_AT)


def compare(viewpoint: Viewpoint, left: Mention, right: Mention) -> Explanation:
    """The weight of two different mentions of people and what it is made of, under the model in force."""
    model = model_for_comparing()
    first, second = sorted((left, right), key=lambda mention: str(mention.id))
    stored = viewpoint.visible(
        Match.objects.filter(left=first, right=second, model_version=model.version), "left_audience", "right_audience"
    ).first()
    if stored is not None:
        return explain(levels_of(stored), model)
    one, other = (prepare_one(row) for row in people_rows(viewpoint, (first, second)))
    return explain(scorer_of(model).score(one, other).as_levels(), model)


def model_for_comparing() -> Model:
    """The model in force; before anything was matched, the release as it is packaged."""
    return model_in_force() or released_model()


def scorer_of(model: Model) -> Scorer:
    """What weighs pairs under this model; made once in a process, as making it takes as long as hundreds of pairs."""
    version = model.version
    if version not in _SCORERS:
        _SCORERS.clear()  # another model came into force
        _SCORERS[version] = Scorer(model)
    return _SCORERS[version]


def levels_of(match: Match) -> list[dict[str, float]]:
    """A match's stored explanation as the engine gave it."""
    return [dict(zip(("comparison", "level", "bits"), part, strict=True)) for part in match.explanation]


def people_rows(viewpoint: Viewpoint, mentions: Iterable[Mention]) -> list[dict[str, object]]:
    """These mentions as MENTION_SCHEMA has them and as the matching gathers them: with what their own record says they use
    or live at, and whom else it names."""
    held = list(mentions)
    tied = _tied(viewpoint, [mention.id for mention in held])
    beside = _beside(viewpoint, held)
    rows = [_row(mention, tied[mention.id], beside[mention.id]) for mention in held]
    return [{name: value or None for name, value in row.items()} for row in rows]


def _beside(viewpoint: Viewpoint, mentions: list[Mention]) -> dict[UUID, list[str]]:
    """The full names of others whom a mention's record names for the same audience."""
    named = Mention.objects.filter(record__in=[each.record_id for each in mentions], kind=MentionKind.PERSON)
    rows = viewpoint.visible(named.exclude(forename="").exclude(surname=""))
    others = list(rows.values_list("id", "record_id", "audience_id", "forename", "surname"))
    return {
        mention.id: [
            f"{forename} {surname}"
            for other, record, audience, forename, surname in others
            if other != mention.id and (record, audience) == (mention.record_id, mention.audience_id)
        ]
        for mention in mentions
    }


def _tied(viewpoint: Viewpoint, mentions: list[UUID]) -> defaultdict[UUID, list[tuple[str, Mention]]]:
    said = Assertion.objects.filter(from_mention__in=mentions, type__in=_TIES).select_related("to_mention")
    found: defaultdict[UUID, list[tuple[str, Mention]]] = defaultdict(list)
    for each in viewpoint.visible(said):
        found[each.from_mention_id].append((each.type, each.to_mention))
    return found


def _row(mention: Mention, tied: list[tuple[str, Mention]], beside: list[str]) -> dict[str, object]:
    selectors = [each.selector or "" for _, each in tied]
    homes = [
        each.detail for type_, each in tied if type_ == AssertionType.LIVES_AT and each.kind == MentionKind.ADDRESS
    ]
    return {
        "mention_id": str(mention.id),
        "agency": mention.owner_id,
        "forename": mention.forename,
        "middle": mention.middle,
        "surname": mention.surname,
        "aliases": mention.aliases,
        "dob": mention.born,
        "sex": mention.sex,
        "pnc": mention.pnc,
        "nominal": mention.nominal,
        "phones": sorted({each[6:] for each in selectors if each.startswith("phone:")}),
        "vrm": min((each[4:] for each in selectors if each.startswith("vrm:")), default=None),
        "postcode": min((str(each["postcode"]) for each in homes if each.get("postcode")), default=None),
        "address": min((str(each["text"]) for each in homes if each.get("text")), default=None),
        "place": None,
        "associates": beside,
    }
