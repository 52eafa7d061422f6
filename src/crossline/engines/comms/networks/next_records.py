"""Which number's records would tell most next: what is uncertain now and would be seen then, against who else would be seen.

Never a customer's phone, never one whose records are held. The figures order a conversation; whether a request is necessary and
proportionate is for the applicant and the authorising individual to judge, phone by phone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log2, sqrt
from statistics import median

from crossline.engines.comms.networks.beyond import Tie
from crossline.engines.comms.networks.line_links import LineLink
from crossline.engines.comms.networks.role_profiles import Role
from crossline.engines.comms.networks.roles import ContactRole

PROPORTIONALITY = (
    "An estimate of what the records would tell, not a reason to ask for them. Say in the application why nothing less "
    "would do, ask for no more days than these, and say how contacts of people who have nothing to do with it will be handled."
)
TYPICAL_PEOPLE = 30.0
"""People an own phone is in touch with, where no held phone says it [D]."""


@dataclass(frozen=True)
class NextWeights:
    """How much of an uncertainty one phone's records would settle; all this platform's own [D]."""

    shared: float = 0.5  # of a link between two lines that both know the phone
    one_sided: float = 0.15  # of a link of a line that knows the phone with another
    role: float = 0.7  # of what the phone did
    runner: float = 0.5  # how much a runner's phone says of other lines, where a holder's says all
    seller: float = 0.05  # a seller serves rivals, and a business that a line rings looks like one
    least_held: int = 3  # held phones, before their own number of contacts is taken as typical


NEXT_WEIGHTS = NextWeights()


@dataclass(frozen=True)
class NextRecords:
    """A phone whose records are not held. `bits`: expected information; `people`: others who would be seen; days to ask for."""

    phone: int
    roles: tuple[Role, ...]  # empty for a phone in touch with no line, but with phones round several
    lines: tuple[int, ...]
    bits: float
    people: float
    first_day: int
    last_day: int
    explanation: str

    @property
    def bits_for_each_hundred(self) -> float:
        return self.bits / self.people * 100.0


def next_records(
    *,
    contacts: Sequence[ContactRole],
    links: Sequence[LineLink],
    between: Mapping[int, tuple[Tie, ...]],
    held: Mapping[int, int],
    days_about: Mapping[int, tuple[int, int]],
    span: int,
    weights: NextWeights = NEXT_WEIGHTS,
) -> list[NextRecords]:
    """Every phone worth considering, the most information for each person seen first.

    `held`: held phones with how many people each knows; `days_about`: first and last day of each phone; `span`: days of all.
    """
    typical = float(median(held.values())) if len(held) >= weights.least_held else TYPICAL_PEOPLE
    of_phone: dict[int, list[ContactRole]] = {}
    for each in contacts:
        of_phone.setdefault(each.other, []).append(each)
    lines_of = {phone: {each.line for each in theirs} for phone, theirs in of_phone.items()}
    dealings: dict[int, float] = {}
    for each in contacts:
        if each.role is Role.HOLDER_CONTACT:
            dealings[each.line] = dealings.get(each.line, 0.0) + sum(each.counts)
    found = []
    for phone in sorted((set(of_phone) | set(between)) - set(held)):
        theirs = of_phone.get(phone, [])
        through = {line for tie in between.get(phone, ()) for line in lines_of.get(tie.phone, ())}
        lines = {each.line for each in theirs} | through
        first, last = days_about.get(phone, (0, span - 1))
        people = max(typical * sqrt(min(last - first + 1, span) / span), 1.0)
        tells = max((_tells(each, dealings, weights) for each in theirs), default=1.0)
        roles = tells * weights.role * sum(_entropy(each.shares) for each in theirs)
        shared, one_sided = (tells * bits for bits in _of_links(lines, links, weights))
        explanation = (
            f"in touch with {len({each.line for each in theirs})} line(s)"
            + (f" and, through others' phones, {len(through)}" if through else "")
            + f"; would settle {shared:.2f} bits of links it stands between, {one_sided:.2f} of links of its lines with others,"
            f" {roles:.2f} of what it did; about {people:.0f} other people's contacts would be seen"
        )
        found.append(
            NextRecords(
                phone,
                tuple(sorted({each.role for each in theirs})),
                tuple(sorted(lines)),
                shared + one_sided + roles,
                people,
                first,
                last,
                explanation,
            )
        )
    return sorted(found, key=lambda each: (-each.bits_for_each_hundred, each.phone))


def _tells(contact: ContactRole, dealings: Mapping[int, float], weights: NextWeights) -> float:
    """How much a phone's records say of other lines: the holder's own phone is likely the one the line deals with most."""
    if contact.role is Role.HOLDER_CONTACT:
        return contact.no_customer * sum(contact.counts) / dealings[contact.line]
    return contact.no_customer * (weights.runner if contact.role is Role.RUNNER else weights.seller)


def _of_links(lines: set[int], links: Sequence[LineLink], weights: NextWeights) -> tuple[float, float]:
    """Bits of links between its lines, and of links of one of its lines with another line."""
    shared = one_sided = 0.0
    for link in links:
        ends = (link.left in lines) + (link.right in lines)
        bits = _entropy((link.probability, 1.0 - link.probability))
        shared += weights.shared * bits * (ends == 2)
        one_sided += weights.one_sided * bits * (ends == 1)
    return shared, one_sided


def _entropy(shares: Sequence[float]) -> float:
    return -sum(share * log2(share) for share in shares if share > 0)
