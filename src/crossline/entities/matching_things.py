"""The step of the daily rhythm that matches addresses, vehicles and telephones: written otherwise, or a near miss of another.

Things of equal value are one without a match. A match joins nothing here: a page shows it with its reason, and an export may
join addresses at or above the threshold (entities/places.py).
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from crossline.access.audit import Event, Subject, log
from crossline.engines.resolution import addresses, near
from crossline.engines.resolution.evidence import Aspect, Evidence
from crossline.engines.resolution.pairs_by_key import pairs_by_key
from crossline.entities.gathering_things import KINDS, Group, Members, gather_things, things_of_deliveries
from crossline.entities.matching import MATCHING
from crossline.entities.writing_matches import MatchRow, write_matches
from crossline.records.models import Step
from crossline.records.rhythm import mark_done, waiting_for
from crossline.vocabulary.codes import MentionKind

STEP: Final = "match things"


@dataclass(frozen=True)
class Rules:
    """How things of a kind are read, keyed and compared, and the words of what they are if they are one, or not."""

    version: str
    prior_bits: float
    aspects: Mapping[str, Aspect]
    read: Callable[[Any], Any]
    keys: Callable[[Any], frozenset[str]]
    compare: Callable[[Any, Any], Evidence | None]
    one: str
    two: str


RULES: Final[Mapping[MentionKind, Rules]] = MappingProxyType(
    {
        MentionKind.ADDRESS: Rules(
            addresses.VERSION,
            addresses.PRIOR_BITS,
            addresses.ASPECTS,
            lambda written: addresses.read_address(written.text, written.postcode),
            addresses.address_keys,
            addresses.compare,
            "one address",
            "two addresses",
        ),
        MentionKind.VEHICLE: Rules(
            near.VERSION,
            near.PRIOR_BITS,
            near.ASPECTS,
            lambda vehicle: vehicle,
            lambda vehicle: near.plate_keys(vehicle.plate),
            near.compare_vehicles,
            "one vehicle",
            "two vehicles",
        ),
        MentionKind.PHONE: Rules(
            near.VERSION,
            near.PRIOR_BITS,
            near.ASPECTS,
            lambda telephone: telephone,
            lambda telephone: (
                near.number_keys(telephone.number) if telephone.holders or telephone.handset else frozenset()
            ),
            near.compare_telephones,
            "one number",
            "two numbers",
        ),
    }
)
"""The rules of each kind. A number nobody is said to use has no near misses: one digit alone is too little to be shown."""

VERSION: Final = f"{addresses.VERSION}, {near.VERSION}"
WORTH_SHOWING_BITS: Final = min(addresses.WORTH_SHOWING_BITS, near.WORTH_SHOWING_BITS)


def match_things(*, full: bool = False, progress: Callable[[str], None] = lambda _: None) -> int:
    """Match the things of deliveries that were not matched yet (or of all, with `full`). Gives how many pairs were written.

    Rules of another version than the last run's make it a full one: what the old ones wrote is written anew.
    """
    full = full or Step.objects.filter(step=STEP).exclude(version=VERSION).exists()
    deliveries = waiting_for(STEP, version=VERSION, full=full)
    if not deliveries:
        return 0
    found: list[MatchRow] = []
    for kind in KINDS:
        new = None if full else things_of_deliveries(kind, deliveries)
        if new is None or new:
            groups = gather_things(kind)
            progress(f"matching {sum(map(len, groups.values())) if new is None else len(new):,} mentions of {kind}")
            found.extend(_rows(kind, groups, new))
    return _write(found, deliveries, full=full)


"""(id, left, right, kind, weight, version, explanation as compact JSON), left before right."""


def _rows(kind: MentionKind, groups: Mapping[Group, Members], new: Set[str] | None) -> Iterator[MatchRow]:
    """Each pair of groups that may be one thing, as matches of their mentions.

    Each mention of one is matched with the first of the other that each audience may see. So whoever sees one of each sees a
    match of them, and rows grow with the number of mentions, not with its square.
    """
    rules = RULES[kind]
    named = {f"{place:09d}": group for place, group in enumerate(groups)}
    things = {name: rules.read(group.said) for name, group in named.items()}
    keys = {name: rules.keys(thing) for name, thing in things.items()}
    fresh = None
    if new is not None:
        fresh = {
            name for name, group in named.items() if any(not new.isdisjoint(each) for each in groups[group].values())
        }
    alone = [(name, name) for name, group in named.items() if group.value is None and (fresh is None or name in fresh)]
    for one, other in (*pairs_by_key(keys, fresh), *alone):
        if named[one].value is not None and named[one].value == named[other].value:
            continue
        evidence = rules.compare(things[one], things[other])
        if evidence is None or evidence.weight_bits < WORTH_SHOWING_BITS:
            continue
        explanation = json.dumps(evidence.compact(), separators=(",", ":"))
        for left, right in _between(groups[named[one]], groups[named[other]], new):
            yield uuid.uuid4(), left, right, str(kind), evidence.weight_bits, rules.version, explanation


def _between(ours: Members, theirs: Members, new: Set[str] | None) -> Iterator[tuple[str, str]]:
    pairs = {
        (min(mention, firsts[0]), max(mention, firsts[0]))
        for some, others in ((ours, theirs), (theirs, ours))
        for mentions in some.values()
        for mention in mentions
        for firsts in others.values()
        if mention != firsts[0]
    }
    yield from sorted(pair for pair in pairs if new is None or not new.isdisjoint(pair))


@transaction.atomic
def _write(rows: Iterable[MatchRow], deliveries: list[UUID], *, full: bool) -> int:
    written = write_matches(rows, anew=KINDS if full else ())
    mark_done(STEP, deliveries, version=VERSION)
    about = Subject("match", VERSION, {"pairs": written, "deliveries": len(deliveries), "full": full})
    log(Event.THINGS_MATCHED, by=MATCHING, about=about, purpose="analysis")
    return written
