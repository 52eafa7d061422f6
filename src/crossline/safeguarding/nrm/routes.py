"""Which way somebody goes: National Referral Mechanism or duty to notify, by their age and their consent. A table, and pure.

A child is always referred, and consent is not asked of a child. Who may be a child is treated as one. An adult is referred with
informed consent; without it the Home Office is notified, which may be done without a name. [S] domain notes 6.3.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final

from django.db import models


class Age(models.TextChoices):
    """How old the person is to a referral."""

    CHILD = "child", "A child"
    MAY_BE_CHILD = "may_be_child", "May be a child: treated as one"
    ADULT = "adult", "An adult"


class Consent(models.TextChoices):
    """What an adult answered."""

    NOT_NEEDED = "not_needed", "Not needed: a child"
    GIVEN = "given", "Informed consent given"
    REFUSED = "refused", "Does not consent"
    NOT_ASKED = "not_asked", "Not asked yet"


class Route(models.TextChoices):
    """Which way it goes."""

    NRM = "nrm", "National Referral Mechanism"
    DUTY_TO_NOTIFY = "duty_to_notify", "Duty to notify"
    ASK = "ask", "Ask for informed consent first"


_OF_A_CHILD: Final = dict.fromkeys(Consent, Route.NRM)
ROUTES: Final[Mapping[Age, Mapping[Consent, Route]]] = MappingProxyType(
    {
        Age.CHILD: MappingProxyType(_OF_A_CHILD),
        Age.MAY_BE_CHILD: MappingProxyType(_OF_A_CHILD),
        Age.ADULT: MappingProxyType(
            {
                Consent.NOT_NEEDED: Route.ASK,
                Consent.GIVEN: Route.NRM,
                Consent.REFUSED: Route.DUTY_TO_NOTIFY,
                Consent.NOT_ASKED: Route.ASK,
            }
        ),
    }
)
"""Whatever somebody says of consent, no child goes by duty to notify."""
ADULT_AGE: Final = 18


def route_of(age: Age, consent: Consent) -> Route:
    """Which way somebody goes."""
    return ROUTES[age][consent]


def is_child(age: str) -> bool:
    """Whether somebody is treated as a child."""
    return age != Age.ADULT


def age_of(under_18: Iterable[bool | None]) -> Age:
    """How old somebody is by what each of their records says: one that may mean a child is enough, and silence is no adult."""
    said = [each for each in under_18 if each is not None]
    if any(said):
        return Age.CHILD
    return Age.ADULT if said else Age.MAY_BE_CHILD


def far_enough_from_18(born: date, on: date, days: int) -> bool:
    """Whether a child has more than so many days to go until they are 18."""
    try:
        grown = born.replace(year=born.year + ADULT_AGE)
    except ValueError:  # born on 29 February
        grown = date(born.year + ADULT_AGE, 3, 1)
    return grown - on > timedelta(days=days)
