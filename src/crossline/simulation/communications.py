"""The communications data of the synthetic nation: what operators return for each authorised set, and the truth of it.

`write_communications` is the one way in. It draws the customers, deal lines, bystanders and masts round the lines it is
given, fits them to the rows asked for, and writes each set as a delivery holds it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Final

from crossline.simulation.communications_events import day_of
from crossline.simulation.communications_fit import Fit, fit_world
from crossline.simulation.communications_movement import Carrier
from crossline.simulation.communications_numbers import PersonalPhone, handset_and_sim
from crossline.simulation.communications_parameters import OBSERVED_DAYS, RECORDS_TARGET
from crossline.simulation.communications_rhythms import Bystander
from crossline.simulation.communications_rows import SetDrawing
from crossline.simulation.communications_world import SetPlan, World, draw_world
from crossline.simulation.communications_writing import Handsets, write_set
from crossline.simulation.parameters import Scale
from crossline.simulation.world import AuthorisedSet, Line

__all__ = ["CommunicationsTruth", "Fit", "NumberRole", "PersonalPhone", "Role", "write_communications"]

_NOT_IN_A_NAME: Final = re.compile(r"[^a-z0-9]+")
_NO_PHONES: Final[Mapping[str, PersonalPhone]] = MappingProxyType({})


class Role(StrEnum):
    """What a number in an authorisation really is."""

    DEAL_LINE = "deal line"
    HOLDER = "holder"
    RUNNER = "runner"
    COMPANION = "companion"
    RESIDENT = "resident"
    TAXI = Bystander.TAXI
    TAKEAWAY = Bystander.TAKEAWAY
    SURGERY = Bystander.SURGERY
    SCHOOL = Bystander.SCHOOL
    CHURCH = Bystander.CHURCH
    DELIVERY = Bystander.DELIVERY


@dataclass(frozen=True, slots=True)
class NumberRole:
    """The truth about one authorised number: the line of a deal line, the person of somebody's own phone."""

    role: Role
    line_id: str | None = None
    person_id: str | None = None


@dataclass(frozen=True, slots=True)
class CommunicationsTruth:
    """What the engines should find out.

    observed    true changes of number (old, new), splits and mergers among them, of which one set holds at least 3 days
                with rows on both sides
    kept        for each true change, the share of the old number's customers who were carried over
    records     rows written, over all sets; of these
    planted     rows outside the numbers or the period of their authorisation
    duplicated  second copies, from the other party's operator
    roles       every authorised number
    windows     first and last day of each set (agency, ref) as written in its authorisation
    fit         what was turned to come to the rows asked for
    """

    observed: frozenset[tuple[str, str]]
    records: int
    planted: int = 0
    duplicated: int = 0
    kept: Mapping[tuple[str, str], float] = field(default_factory=dict)
    roles: Mapping[str, NumberRole] = field(default_factory=dict)
    windows: Mapping[tuple[str, str], tuple[date, date]] = field(default_factory=dict)
    fit: Fit | None = None


def write_communications(
    *,
    out_deliveries: Path,
    lines: Sequence[Line],
    sets: Sequence[AuthorisedSet],
    scale: Scale,
    seed: int,
    progress: Callable[[str], None],
    folder_for: Callable[[str], Path] | None = None,
    personal_phones: Mapping[str, PersonalPhone] = _NO_PHONES,
    records_target: int | None = None,
) -> CommunicationsTruth:
    """Write every set to `<folder of its agency>/comms-<ref>/` and say what is true of it.

    `personal_phones` are own phones, by person id, that the people side has given numbers; others are invented.
    `records_target` overrides the rows that the scale stands for.
    """
    if not sets:
        return CommunicationsTruth(observed=frozenset(), records=0)
    if not lines:
        raise ValueError("communications data needs at least one line to be about")
    target = RECORDS_TARGET.value[scale] if records_target is None else records_target
    folders = _folders(sets, folder_for or (lambda agency: out_deliveries / agency))
    world, fit = fit_world(
        lambda list_scale: draw_world(lines, sets, personal_phones, seed=seed, list_scale=list_scale), target
    )
    progress(
        f"communications: {target:,} rows asked for, {fit.expected_rows:,} expected with activity x {fit.activity}, "
        f"windows x {fit.window_share}, lists x {fit.list_scale:.3g}"
    )
    drawing, handsets = SetDrawing(world, fit.activity), _handsets(world, lines, personal_phones)
    held: list[Mapping[str, int]] = []
    records = planted = duplicated = 0
    for plan in world.sets:
        drawn = drawing.draw(plan)
        write_set(plan, drawn.rows, world, handsets, folders[plan.source.agency, plan.source.ref])
        records, planted = records + len(drawn.rows), planted + drawn.planted
        duplicated += drawn.duplicated
        held.append(drawn.days_in_use)
        progress(f"communications: {plan.source.agency} {plan.source.ref}: {len(drawn.rows):,} rows")
    changes = _changes(lines)
    return CommunicationsTruth(
        observed=frozenset(pair for pair in changes if any(_sees(days, pair) for days in held)),
        records=records,
        planted=planted,
        duplicated=duplicated,
        kept={(old, deal.number): share for deal in world.deals.values() for old, share in deal.members.kept.items()},
        roles=dict(sorted(_roles(world, personal_phones).items())),
        windows={(p.source.agency, p.source.ref): (day_of(p.first), day_of(p.last)) for p in world.sets},
        fit=fit,
    )


def _folders(sets: Sequence[AuthorisedSet], folder_for: Callable[[str], Path]) -> dict[tuple[str, str], Path]:
    folders: dict[tuple[str, str], Path] = {}
    for asked in sets:
        name = f"comms-{_NOT_IN_A_NAME.sub('-', asked.ref.lower()).strip('-')}"
        folder = folder_for(asked.agency) / name
        if folder in folders.values():
            raise ValueError(f"two authorised sets would be written to {folder}: give each its own ref")
        folders[asked.agency, asked.ref] = folder
    return folders


def _changes(lines: Sequence[Line]) -> list[tuple[str, str]]:
    """True changes of number: consecutive ones of a line, and those by a split or a merger."""
    found = []
    for line in lines:
        numbers = [period.number for period in line.periods]
        found += list(pairwise(numbers))
        found += [(line.split_from, numbers[0])] if numbers and line.split_from else []
        found += [(numbers[-1], line.merged_into)] if numbers and line.merged_into else []
    return found


def _sees(days: Mapping[str, int], pair: tuple[str, str]) -> bool:
    return all(days.get(number, 0) >= OBSERVED_DAYS.value for number in pair)


def _handsets(world: World, lines: Sequence[Line], personal_phones: Mapping[str, PersonalPhone]) -> Handsets:
    """Handset and SIM of every phone whose own operator may have been asked."""
    directory = world.directory
    found = {directory.code(period.number): (period.imei, period.imsi) for line in lines for period in line.periods}
    given = {phone.number: (phone.imei, phone.imsi) for phone in personal_phones.values()}
    for plan in world.sets:
        for number, code in plan.others():
            found[code] = given.get(number) or handset_and_sim(world.seed, number)
    return found


def _roles(world: World, personal_phones: Mapping[str, PersonalPhone]) -> dict[str, NumberRole]:
    owners = {phone.number: person_id for person_id, phone in personal_phones.items()}
    roles: dict[str, NumberRole] = {}
    for plan in world.sets:
        roles.update({deal.number: NumberRole(Role.DEAL_LINE, deal.line_id) for deal in plan.authorised_deals()})
        roles.update({place.number: NumberRole(Role(place.kind.value)) for place in plan.premises})
        roles.update(_own_roles(plan, owners))
    return roles


def _own_roles(plan: SetPlan, owners: Mapping[str, str]) -> dict[str, NumberRole]:
    roles = {}
    for phone in plan.phones:
        if phone.person.carrier is Carrier.RESIDENT:
            role = Role.RESIDENT if phone.beside is None else Role.COMPANION
            roles[phone.number] = NumberRole(role, person_id=owners.get(phone.number))
        else:
            role = Role.HOLDER if phone.person.carrier is Carrier.HOLDER else Role.RUNNER
            roles[phone.number] = NumberRole(role, person_id=phone.person.key)
    return roles
