"""Which lines belong together: evidence item by item, each with its points, and best-first merging (decision 0022).

Points are a log odds, all of them this platform's own [D]. Two groups of lines join when the best pair between them has more
points than the log of how many pairs there are between them: the more pairs, the likelier one of them looks linked by chance.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from math import exp, log
from types import MappingProxyType

from crossline.engines.comms.networks.beyond import Joined
from crossline.engines.comms.networks.role_profiles import CONTACT_ROLES, Role
from crossline.engines.comms.networks.roles import ContactRole
from crossline.engines.comms.networks.shared_customers import Overlap

_HELD, _RAN, _GAVE = Role.HOLDER_CONTACT, Role.RUNNER, Role.SUPPLIER


@dataclass(frozen=True)
class LinkWeights:
    """Points. `shared`: of a phone that is no customer's on both lines, by its role on one and on the other."""

    version: str
    authority: str
    base: float
    shared: Mapping[tuple[Role, Role], float] = field(default_factory=dict)
    handset: float = 5.0
    direct: float = 2.5
    met: float = 4.0  # a phone of the one line in touch with a phone of the other
    middle: float = 0.5  # chance that lines of one network have a phone in the middle that the held phones show
    least_chance: float = 0.02
    customers: float = 1.5  # for each unit of the log ratio's lower end
    most_customers: float = 2.5
    most_shared: float = 12.0


STANDARD_LINKS = LinkWeights(
    version="line-links-1",
    authority="platform proposal [D], set on synthetic worlds (bench/comms_networks_world.py, seeds 1 to 4)",
    base=-4.6,
    shared=MappingProxyType(
        {
            (_HELD, _HELD): 8.0,
            (_HELD, _RAN): 5.0,
            (_RAN, _RAN): 4.4,
            (_GAVE, _GAVE): 1.0,
            (_GAVE, _HELD): 1.0,
            (_GAVE, _RAN): 0.5,
        }
    ),
)


@dataclass(frozen=True)
class Evidence:
    """One item: what kind, its points, and a sentence. `phone` is the shared phone's id, where there is one."""

    kind: str
    points: float
    sentence: str
    phone: int | None = None


@dataclass(frozen=True)
class LineLink:
    """Two lines with all that links them, weightiest first."""

    left: int
    right: int
    evidence: tuple[Evidence, ...]
    points: float

    @property
    def probability(self) -> float:
        return 1.0 / (1.0 + exp(-max(min(self.points, 40.0), -40.0)))


def link_lines(
    *,
    contacts: Sequence[ContactRole],
    overlaps: Sequence[Overlap],
    handsets: Mapping[int, frozenset[str]],
    direct: Mapping[tuple[int, int], int],
    joined: Mapping[tuple[int, int], Joined],
    lines: int,
    most_lines: int,
    spread: Mapping[int, int],
    weights: LinkWeights = STANDARD_LINKS,
) -> list[LineLink]:
    """Every pair of lines with any evidence, weightiest first. `spread`: lines each phone is in touch with, in any way."""
    evidence: dict[tuple[int, int], list[Evidence]] = defaultdict(list)
    _shared_phones(evidence, contacts, lines=lines, most_lines=most_lines, spread=spread, weights=weights)
    _shared_handsets(evidence, handsets, weights)
    for (left, right), calls in direct.items():
        evidence[left, right].append(
            Evidence("direct calls", weights.direct, f"the lines' own numbers rang each other {calls} times")
        )
    for pair, joining in joined.items():
        evidence[pair] += _joined(joining, weights)
    for overlap in overlaps:
        points = min(max(weights.customers * overlap.low, 0.0), weights.most_customers)
        said = (
            f"{overlap.observed} customers in common where chance gives {overlap.expected:.1f} "
            f"(ratio {exp(overlap.log_ratio):.2f}, 95 % {exp(overlap.low):.2f} to {exp(overlap.high):.2f})"
        )
        evidence[overlap.left, overlap.right].append(Evidence("customers in common", points, said))
    links = [_link(pair, items, weights) for pair, items in evidence.items()]
    return sorted(links, key=lambda link: (-link.points, link.left, link.right))


def _joined(joining: Joined, weights: LinkWeights) -> list[Evidence]:
    """What held phones round the two lines show: that they are in touch, or with one and the same phone, beyond chance."""
    items = []
    if joining.direct:
        said = f"phones of the one are in touch with phones of the other ({joining.direct})"
        items.append(Evidence("phones in touch", weights.met, said))
    if joining.middle:
        chance = max(joining.by_chance, weights.least_chance)
        odds = (1.0 - weights.middle) + weights.middle * joining.middle / chance
        said = f"{joining.middle} phone(s) that no line knows are in touch with phones of both, where chance gives {chance:.2f}"
        items.append(Evidence("phone in the middle", max(log(odds), 0.0), said))
    return items


def _link(pair: tuple[int, int], items: Iterable[Evidence], weights: LinkWeights) -> LineLink:
    ordered = tuple(sorted(items, key=lambda item: (-item.points, item.kind, item.sentence)))
    phones = sum(item.points for item in ordered if item.phone is not None)
    others = sum(item.points for item in ordered if item.phone is None)
    return LineLink(*pair, ordered, weights.base + min(phones, weights.most_shared) + others)


def _shared_phones(
    evidence: dict[tuple[int, int], list[Evidence]],
    contacts: Sequence[ContactRole],
    *,
    lines: int,
    most_lines: int,
    spread: Mapping[int, int],
    weights: LinkWeights,
) -> None:
    by_phone: dict[int, list[ContactRole]] = defaultdict(list)
    for contact in contacts:
        by_phone[contact.other].append(contact)
    full = log(1.0 + max(lines, 2) / 2.0)
    for phone, theirs in by_phone.items():
        known = max(spread.get(phone, 0), len(theirs))
        if len(theirs) < 2 or known > most_lines:
            continue
        rarity = min(log(1.0 + max(lines, known) / known) / full, 1.0)
        for one, two in combinations(sorted(theirs, key=lambda each: each.line), 2):
            points = rarity * _expected(one, two, weights)
            said = (
                f"one phone is {one.role} of the one ({one.no_customer:.0%} no customer) and {two.role} of the other "
            )
            said += f"({two.no_customer:.0%}); {known} lines know it"
            evidence[one.line, two.line].append(Evidence("phone in common", points, said, phone))


def _expected(one: ContactRole, two: ContactRole, weights: LinkWeights) -> float:
    """Points of a shared phone over what it may be to either line; a customer's is worth nothing."""
    total = 0.0
    for left in CONTACT_ROLES[1:]:
        for right in CONTACT_ROLES[1:]:
            worth = weights.shared.get((left, right), weights.shared.get((right, left), 0.0))
            total += worth * one.share(left) * two.share(right)
    return total


def _shared_handsets(
    evidence: dict[tuple[int, int], list[Evidence]], handsets: Mapping[int, frozenset[str]], weights: LinkWeights
) -> None:
    spread = Counter(handset for used in handsets.values() for handset in used)
    for left, right in combinations(sorted(handsets), 2):
        common = [handset for handset in handsets[left] & handsets[right] if spread[handset] <= 3]
        if common:
            said = f"{len(common)} handset(s) held a SIM of both"
            evidence[left, right].append(Evidence("handset in common", weights.handset, said))


def networks_of(lines: int, links: Sequence[LineLink]) -> list[int]:
    """For each line the least line of its network; every line is in one, if alone."""
    group = {line: {line} for line in range(lines)}
    at = list(range(lines))
    for link in sorted(links, key=lambda link: (-link.points, link.left, link.right)):
        left, right = at[link.left], at[link.right]
        if left == right or link.points <= log(len(group[left]) * len(group[right])):
            continue
        keep, gone = min(left, right), max(left, right)
        group[keep] |= group.pop(gone)
        for line in group[keep]:
            at[line] = keep
    return at
