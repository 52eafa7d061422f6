"""Investigations of county lines, who asks for whose records, and where two agencies are after the same thing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Final

from crossline.simulation.chance import stream
from crossline.simulation.line_returns import LineReturn
from crossline.simulation.networks import Network
from crossline.simulation.parameters import WINDOW_FROM, WINDOW_TO
from crossline.simulation.people import Person
from crossline.simulation.selectors import write_number, write_plate
from crossline.simulation.world import Investigation
from crossline.simulation.written import slip_letter

_MODES: Final = ("selector", "person", "succession")


@dataclass(frozen=True, slots=True)
class Selector:
    """One selector of an investigation as written, and what it really is (a person's, a line's or a deal number)."""

    scheme: str
    written: str
    person_id: str = ""
    line_id: str = ""
    number: str = ""


@dataclass(slots=True)
class Inquiry:
    """An investigation with its selectors."""

    investigation: Investigation
    closed: date | None
    networks: list[Network]
    selectors: list[Selector] = field(default_factory=list)

    def row(self, line_refs: Sequence[str]) -> dict[str, object]:
        """Its row of investigations.csv."""
        about = self.investigation
        return {
            "agency": about.agency,
            "ref": about.ref,
            "name": about.name,
            "opened": about.opened.isoformat(),
            "closed": self.closed.isoformat() if self.closed else "",
            "status": "closed" if self.closed else "open",
            "contact": f"{about.name.lower().replace(' ', '.')}@{about.agency}.example",
            "selectors": ";".join(f"{one.scheme}:{one.written}" for one in self.selectors),
            "line_refs": ";".join(line_refs),
        }


def make_inquiries(networks: Sequence[Network], *, count: int, planted: int, seed: int) -> list[Inquiry]:
    """`count` investigations, of which `planted` pairs concern the same thing by selector, person or succession in turn."""
    rng = stream(seed, "investigations")
    names = _operation_names(rng, count)
    external = [n for n in networks if any(m.force_id != n.line.exporting_agency for m in n.line.markets)]
    chosen = _chosen_for_planting(external, planted, rng)
    exporters = _exporters(networks, [network for network, _ in chosen], count - planted, rng)
    inquiries: list[Inquiry] = []
    for agency, theirs in exporters:
        inquiry = _opened(agency, theirs, names, len(inquiries), rng)
        for network in theirs:
            inquiry.selectors += _selectors_of(network, rng)
        inquiries.append(inquiry)
    for network, mode in chosen:
        importer = next(m.force_id for m in network.line.markets if m.force_id != network.line.exporting_agency)
        left = next(
            i for i in inquiries if network in i.networks and i.investigation.agency == network.line.exporting_agency
        )
        right = _opened(importer, [network], names, len(inquiries), rng)
        _plant(left, right, network, mode, rng)
        inquiries.append(right)
    return inquiries


def _chosen_for_planting(external: Sequence[Network], planted: int, rng: Random) -> list[tuple[Network, str]]:
    """Lines for the planted pairs, each with the way in which the pair meets."""
    left = list(external)
    rng.shuffle(left)
    chosen = []
    for at in range(planted):
        mode = _MODES[at % len(_MODES)]
        fitting = [n for n in left if mode != "succession" or len(n.line.periods) >= 2]
        network = (fitting or left)[0]
        left.remove(network)
        chosen.append((network, mode if fitting else "selector"))
    return chosen


def _exporters(
    networks: Sequence[Network], wanted: Sequence[Network], count: int, rng: Random
) -> list[tuple[str, list[Network]]]:
    """`count` exporting-side investigations of one to four lines each; those of `wanted` lines come first."""
    by_agency: dict[str, list[Network]] = {}
    first = {network.line.line_id for network in wanted}
    rest = [network for network in networks if network.line.line_id not in first]
    rng.shuffle(rest)
    rest.sort(key=lambda network: len(network.line.periods) < 2)  # a line that keeps changing number is taken up sooner
    for network in (*wanted, *rest):
        by_agency.setdefault(network.line.exporting_agency, []).append(network)
    needed, spare = [], []
    for agency, theirs in sorted(by_agency.items()):
        must = [network for network in theirs if network.line.line_id in first]
        others = theirs[len(must) :]
        for network in must:
            size = rng.randint(0, 3)
            needed.append((agency, [network, *others[:size]]))
            others = others[size:]
        while others:
            size = rng.randint(1, 4)
            spare.append((agency, others[:size]))
            others = others[size:]
    rng.shuffle(needed)
    rng.shuffle(spare)
    return [*needed, *spare][: max(count, len(needed))]


def _opened(agency: str, networks: list[Network], names: list[str], at: int, rng: Random) -> Inquiry:
    first = min(network.active_from for network in networks)
    opened = min(first + timedelta(days=rng.randint(5, 60)), WINDOW_TO - timedelta(days=7))
    closed = None
    if rng.random() < 0.15:
        closed = min(WINDOW_TO, opened + timedelta(days=rng.randint(60, 240)))
    about = Investigation(
        agency=agency,
        ref=f"{agency.upper()}/OP/{opened.year}/{at + 1:03d}",
        name=names[at],
        opened=opened,
        line_ids=tuple(network.line.line_id for network in networks),
    )
    return Inquiry(about, closed, list(networks))


def _selectors_of(network: Network, rng: Random) -> list[Selector]:
    """What an exporting force has of a line: numbers, the holder, sometimes a handset, a car, a runner, the brand."""
    line = network.line
    found = [_phone(network, at, rng) for at in range(len(line.periods)) if rng.random() < 0.55]
    found = found or [_phone(network, len(line.periods) - 1, rng)]
    if rng.random() < 0.7:
        found.append(_person(network.holder))
    if (own := network.holder.phone_on(WINDOW_TO, rng)) and rng.random() < 0.35:
        found.append(Selector("phone", write_number(own.number, rng), person_id=network.holder.person_id))
    if rng.random() < 0.25:
        found.append(Selector("imei", line.periods[-1].imei, line_id=line.line_id))
    if network.holder.vehicle and rng.random() < 0.4:
        found.append(Selector("vrm", write_plate(network.holder.vehicle.vrm, rng)))
    if network.runners and rng.random() < 0.3:
        found.append(_person(network.runners[0]))
    if rng.random() < 0.4:
        found.append(Selector("line", line.brand, line_id=line.line_id))
    return found


def _plant(left: Inquiry, right: Inquiry, network: Network, mode: str, rng: Random) -> None:
    """Make two investigations meet in one way, and as far as this line goes in that way alone."""
    left.selectors = [one for one in left.selectors if not _is_of(one, network)]
    last = len(network.line.periods) - 1
    if mode == "selector":
        left.selectors.append(_phone(network, last, rng))
        right.selectors.append(_phone(network, last, rng))
    elif mode == "succession":
        left.selectors.append(_phone(network, last - 1, rng))
        right.selectors.append(_phone(network, last, rng))
    else:
        left.selectors.append(_person(network.holder))
        right.selectors.append(_person_otherwise(network.holder, rng))
    local = [*(p for p in network.runners if p.force_id == right.investigation.agency), *network.users]
    right.selectors.append(_person(rng.choice(local)))
    for premises in network.premises[:2]:
        if premises.market.force_id == right.investigation.agency:
            right.selectors.append(Selector("address", f"{premises.address.text}, {premises.address.postcode}"))


def _is_of(one: Selector, network: Network) -> bool:
    people = {person.person_id for person in network.people}
    car = network.holder.vehicle.vrm.replace(" ", "") if network.holder.vehicle else "-"
    same_car = one.scheme == "vrm" and one.written.replace(" ", "").upper() == car
    return one.line_id == network.line.line_id or one.person_id in people or same_car


def _phone(network: Network, at: int, rng: Random) -> Selector:
    number = network.line.periods[at].number
    return Selector("phone", write_number(number, rng), line_id=network.line.line_id, number=number)


def _person(person: Person) -> Selector:
    name = person.name
    return Selector("person", f"{name.forename} {name.surname}|{person.born.isoformat()}", person_id=person.person_id)


def _person_otherwise(person: Person, rng: Random) -> Selector:
    """The same person spelt differently, with a date of birth that is whole, or a year."""
    name = person.name
    forename, surname = name.forename, slip_letter(name.surname, rng)
    if surname == name.surname or rng.random() < 0.4:
        forename = slip_letter(name.forename, rng)
    if (forename, surname) == (name.forename, name.surname):
        surname += "e"
    born = str(person.born.year) if rng.random() < 0.25 else person.born.isoformat()
    return Selector("person", f"{forename} {surname}|{born}", person_id=person.person_id)


def _operation_names(rng: Random, count: int) -> list[str]:
    """Names of operations, which mean nothing, as they should."""
    pairs = [f"Operation {first}{second}" for first in _FIRST for second in _SECOND]
    rng.shuffle(pairs)
    return pairs[: count + 8]


_FIRST: Final = (
    *("Amber", "Birch", "Cob", "Dun", "Elder", "Fal", "Glen", "Harrow", "Ivel", "Juniper", "Kest", "Larch", "Mar"),
    *("Nettle", "Oak", "Pebble", "Quill", "Rook", "Sand", "Thistle", "Under", "Vetch", "Wren", "Yar"),
)
_SECOND: Final = ("mere", "croft", "dale", "field", "ford", "gate", "holt", "lode", "moor", "ridge", "stone", "wick")


def overlaps_between(inquiries: Sequence[Inquiry], norms: Sequence[Sequence[str | None]]) -> list[tuple[str, ...]]:
    """Every pair of investigations of different agencies that concern the same thing, with how. `norms`: selectors normalised."""
    found: list[tuple[str, ...]] = []
    for at, left in enumerate(inquiries):
        for other in range(at + 1, len(inquiries)):
            right = inquiries[other]
            if left.investigation.agency == right.investigation.agency:
                continue
            for via, scheme, value in _meetings(left, right, norms[at], norms[other]):
                found.append(
                    (
                        left.investigation.agency,
                        left.investigation.ref,
                        right.investigation.agency,
                        right.investigation.ref,
                        "investigation",
                        via,
                        scheme,
                        value,
                    )
                )
    return found


def _meetings(
    left: Inquiry, right: Inquiry, left_norms: Sequence[str | None], right_norms: Sequence[str | None]
) -> list[tuple[str, str, str]]:
    found: dict[tuple[str, str, str], None] = {}
    for one, one_norm in zip(left.selectors, left_norms, strict=True):
        for two, two_norm in zip(right.selectors, right_norms, strict=True):
            if one.scheme != two.scheme or one_norm is None or two_norm is None:
                continue
            same = one_norm == two_norm
            if (same and one.scheme != "line" and one.person_id == two.person_id) or (
                same and one.line_id == two.line_id and one.scheme == "line"
            ):
                found["selector", one.scheme, one_norm] = None
            elif one.scheme == "person" and one.person_id == two.person_id:
                found["person", "person", one_norm] = None
            elif one.number and two.number and one.line_id == two.line_id:
                found["succession", "phone", two_norm] = None
    return list(found)


def window_of(networks: Sequence[Network]) -> tuple[date, date]:
    """The days of the window on which any of the lines was at work."""
    first = min(network.active_from for network in networks)
    return max(WINDOW_FROM, first), max(network.active_to for network in networks)


def line_refs_for(inquiry: Inquiry, returns: Sequence[LineReturn]) -> list[str]:
    """The agency's own references of the lines it investigates, where it has returned them."""
    theirs = {(r.agency, r.line_id): r.line_ref for r in returns}
    agency = inquiry.investigation.agency
    return [theirs[agency, line_id] for line_id in inquiry.investigation.line_ids if (agency, line_id) in theirs]
