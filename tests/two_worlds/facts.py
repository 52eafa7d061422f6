"""The kinds of hidden fact, and from whom each is hidden."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from .acts import (
    approval_asked,
    asked_between_agencies,
    change_decided,
    change_decided_inside,
    check_asked,
    colleague,
    decoy,
    decoy_waiting,
    disposed_of,
    held,
    lead_offered,
    met_about,
    orders_of_a_court,
    read_decided_on,
    released,
    restricted,
    reviewed,
    revised,
    second_factor,
    shut_away,
    silent_investigation,
    taken_out,
)
from .deliveries import (
    bridge,
    bridged_by_judgement,
    called_a_victim,
    campaign_return,
    communications,
    concern,
    conditional,
    homicide,
    investigation,
    judgement_withdrawn,
    missing,
    money,
    rows_refused,
    same_person,
    same_reference,
    stranger,
)
from .world import World, worked_on

Fact = Callable[[World, str], None]
"""Adds something that belongs to an agency."""


def worked_on_afresh(world: World, agency: str) -> None:
    """Everything is analysed again from the beginning."""
    worked_on(full=True)


FACTS: Final[Mapping[str, Fact]] = MappingProxyType(
    {
        fact.__name__: fact
        for fact in (
            *(
                same_person,
                same_reference,
                bridge,
                bridged_by_judgement,
                judgement_withdrawn,
                called_a_victim,
                conditional,
                concern,
                missing,
            ),
            *(
                investigation,
                money,
                homicide,
                campaign_return,
                communications,
                rows_refused,
                colleague,
                worked_on_afresh,
            ),
            *(restricted, held, disposed_of, approval_asked, released, revised, shut_away, taken_out, stranger),
            *(reviewed, second_factor, read_decided_on, decoy, decoy_waiting, change_decided, change_decided_inside),
            *(asked_between_agencies, lead_offered),
            *(check_asked, silent_investigation),
            *(
                reviewed,
                second_factor,
                read_decided_on,
                decoy,
                decoy_waiting,
                change_decided,
                change_decided_inside,
                orders_of_a_court,
                met_about,
            ),
        )
    }
)

OWN_ONLY: Final = (
    *("same_person", "same_reference", "bridge", "bridged_by_judgement", "judgement_withdrawn", "rows_refused"),
    *("restricted", "held", "disposed_of", "approval_asked", "released", "shut_away"),
    *("taken_out", "colleague", "stranger", "decoy", "decoy_waiting", "called_a_victim"),
    *("reviewed", "second_factor", "read_decided_on", "change_decided_inside", "check_asked"),
    "met_about",
)
"""What an agency keeps to itself."""
FOR_OWNER_AND_CENTRE: Final = (
    "conditional",
    "investigation",
    "revised",
    "money",
    "homicide",
    "campaign_return",
    "communications",
    "change_decided",
    "asked_between_agencies",
    "silent_investigation",
    "orders_of_a_court",
)
RESTRICTED: Final = ("concern", "missing")
"""What is told of children: to the owner, home and finder, the centre and safeguarding leads."""


def hidden_from(username: str) -> tuple[tuple[str, str], ...]:
    """The facts of which this person may see no row, each with the agency it belongs to: a plain list, by the trade's rules."""
    other = "essex" if username.startswith("kent.") else "kent"
    kinds = {
        "surrey.safeguarding": (*OWN_ONLY, *FOR_OWNER_AND_CENTRE),
        # The centre sees what forces send it; an agency can keep a record to itself. How many checks there are it is told.
        "centre.coordinator": tuple(kind for kind in OWN_ONLY if kind != "check_asked"),
    }.get(username, (*OWN_ONLY, *FOR_OWNER_AND_CENTRE, *RESTRICTED))
    own = {
        "kent.auditor": [("same_person", "kent"), ("lead_offered", "essex")],  # answers for records and sees none
        "kent.administrator": [("lead_offered", "essex")],
        "quillhaven.partner": [("lead_offered", "kent")],
        # Their own agency's, and not for them.
        "kent.analyst": [("shut_away", "kent"), ("change_decided_inside", "kent")],
    }.get(username, [])
    if username.startswith("kent.") and username != "kent.auditor":  # a decoy is its auditors' to know
        own = [*own, ("decoy_waiting", "kent")]
    return (*((name, other) for name in kinds), *own, ("worked_on_afresh", other))
