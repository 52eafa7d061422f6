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
from .safeguarding_acts import (
    concern_taken_on,
    disclosed_to_leads,
    episode_seen_to,
    met_about,
    premises_entered,
    referred,
    referred_nationally,
    referred_of_own,
    reported_by_a_partner,
    screened,
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
            *(referred_nationally, premises_entered),
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
                reported_by_a_partner,
                concern_taken_on,
                referred,
                referred_of_own,
                met_about,
            ),
            *(episode_seen_to, disclosed_to_leads, screened),
        )
    }
)

OWN_ONLY: Final = (
    *("same_person", "same_reference", "bridge", "bridged_by_judgement", "judgement_withdrawn", "rows_refused"),
    *("restricted", "held", "disposed_of", "approval_asked", "released", "shut_away"),
    *("referred_nationally", "premises_entered"),
    *("taken_out", "colleague", "stranger", "decoy", "decoy_waiting", "called_a_victim"),
    *("reviewed", "second_factor", "read_decided_on", "change_decided_inside", "check_asked", "referred_of_own"),
    "concern_taken_on",
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
RESTRICTED: Final = ("concern", "missing", "reported_by_a_partner", "referred", "episode_seen_to", "screened")
"""What is told of children: to the owner, home and finder, the centre and safeguarding leads."""
FOR_LEADS: Final = ("disclosed_to_leads",)
"""What a child disclosed: to safeguarding leads alone."""


def hidden_from(username: str) -> tuple[tuple[str, str], ...]:
    """The facts of which this person may see no row, each with the agency it belongs to: a plain list, by the trade's rules."""
    other = "essex" if username.startswith("kent.") else "kent"
    kinds = {
        "surrey.safeguarding": (*OWN_ONLY, *FOR_OWNER_AND_CENTRE),
        # The centre sees what forces send it; an agency can keep a record to itself. How many checks there are it is told.
        "centre.coordinator": (*(kind for kind in OWN_ONLY if kind != "check_asked"), *FOR_LEADS),
    }.get(username, (*OWN_ONLY, *FOR_OWNER_AND_CENTRE, *RESTRICTED, *FOR_LEADS))
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
