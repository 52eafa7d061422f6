"""The people a demonstration can sign in as: invented, of several agencies, so that two of them can be compared."""

from __future__ import annotations

from dataclasses import dataclass

from crossline.access.roles import Role


@dataclass(frozen=True)
class DemoPerson:
    """Somebody to sign in as."""

    username: str
    name: str
    agency: str
    roles: tuple[Role, ...]


DEMO_PASSWORD = "synthetic-demo-only"  # noqa: S105  # printed on screen; every fact it opens is invented
PEOPLE: tuple[DemoPerson, ...] = (
    DemoPerson("centre.analyst", "Asha Renwick", "nclcc", (Role.ANALYST, Role.COORDINATOR, Role.SAFEGUARDING)),
    DemoPerson("kent.analyst", "Tom Hadlow", "kent", (Role.ANALYST, Role.INTELLIGENCE)),
    DemoPerson("essex.analyst", "Priya Maldon", "essex", (Role.ANALYST, Role.INTELLIGENCE)),
    DemoPerson("met.investigator", "Dele Harrow", "metropolitan", (Role.INVESTIGATOR, Role.ANALYST)),
    DemoPerson("kent.safeguarding", "Mair Lenham", "kent", (Role.SAFEGUARDING,)),
    DemoPerson("kent.records", "Nia Wingham", "kent", (Role.INFORMATION_MANAGER,)),
    DemoPerson("kent.records2", "Owen Charing", "kent", (Role.INFORMATION_MANAGER,)),
)
