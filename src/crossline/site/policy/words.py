"""The words in which the policy is stated: roles, labels, spans of time and lists, as people say them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from crossline.access.policy import CENTRE, agency_label, partner_label, role_label
from crossline.access.roles import POLICING_ROLES, Role
from crossline.vocabulary.agencies import PARTNER

OWNER, HOME, FOUND, OTHER = "owner", "home", "found", "other"
"""Agencies that stand in for any: the sender of a record, of the home and the finder of who was missing, and some other."""
OTHER_PARTNER: Final = f"{PARTNER}{OTHER}"
"""A partner organisation that stands in for any."""
_LABELS: Final = {
    "police": "everybody with a policing role",
    "centre": "people of the centre with a policing role",
    "safeguarding": "safeguarding leads of every agency",
    agency_label(OWNER): "the agency that sent it",
    agency_label(HOME): "the agency of the home of whoever was missing",
    agency_label(FOUND): "the agency that found them",
    agency_label(OTHER): "their own agency",
    agency_label(CENTRE): "their own agency",
    partner_label(OTHER_PARTNER): "their own organisation, and no agency",
}


def joined(words: Iterable[str], *, none: str = "nobody") -> str:
    """A list in an order that is always the same."""
    return ", ".join(sorted(words)) or none


def label_in_words(label: str) -> str:
    """A group of viewers."""
    if label in _LABELS:
        return _LABELS[label]
    role = next((each for each in Role if role_label(each) == label), None)
    return label if role is None else f"everybody with the role {role_in_words(role)}"


def role_in_words(role: Role) -> str:
    """A role without its underscores."""
    return role.value.replace("_", " ")


def roles_in_words(roles: frozenset[Role]) -> str:
    """A set of roles, by its name where it has one."""
    if roles == frozenset(Role):
        return "everybody who is enrolled"
    return "every policing role" if roles == POLICING_ROLES else joined(role_in_words(each) for each in roles)


def span_in_words(span: timedelta) -> str:
    """A length of time in the largest whole unit."""
    seconds = int(span.total_seconds())
    for size, name in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds and seconds % size == 0:
            number = seconds // size
            return f"{number:,} {name}" + ("" if number == 1 else "s")
    return f"{seconds:,} seconds"
