"""The roles people hold, each in a sentence an information manager can approve."""

from __future__ import annotations

from enum import StrEnum

from crossline.vocabulary.agencies import is_partner


class Role(StrEnum):
    """What somebody does here. A role opens pages; what rows those pages hold follows from labels (access/policy.py)."""

    ANALYST = "analyst"
    INTELLIGENCE = "intelligence"
    INVESTIGATOR = "investigator"
    SAFEGUARDING = "safeguarding"
    COORDINATOR = "coordinator"
    INFORMATION_MANAGER = "information_manager"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    PARTNER = "partner"

    @property
    def meaning(self) -> str:
        return MEANINGS[self]


MEANINGS: dict[Role, str] = {
    Role.ANALYST: "Builds the picture from records that may be shared for policing purposes and from the agency's own.",
    Role.INTELLIGENCE: "Submits and develops the agency's intelligence.",
    Role.INVESTIGATOR: "Runs investigations into lines and those who control them.",
    Role.SAFEGUARDING: "Sees missing episodes and concerns of every agency, to find and protect the exploited.",
    Role.COORDINATOR: "Coordinates forces nationally or for a region.",
    Role.INFORMATION_MANAGER: (
        "Answers for the agency's records: reviews, retention and disposal, rights requests and approvals."
    ),
    Role.AUDITOR: "Reads the audit; does not work with intelligence.",
    Role.ADMINISTRATOR: "Enrols people of the agency and ends their access; sees no intelligence by it.",
    Role.PARTNER: (
        "Takes part in keeping people safe for a partner organisation: sees what is referred to it and nothing of intelligence."
    ),
}

POLICING_ROLES = frozenset(
    {
        Role.ANALYST,
        Role.INTELLIGENCE,
        Role.INVESTIGATOR,
        Role.SAFEGUARDING,
        Role.COORDINATOR,
        Role.INFORMATION_MANAGER,
    }
)
"""Roles that carry a policing purpose, and with it the label `police` (3x5x2 handling P: lawful sharing permitted)."""

PARTNER_ROLES = frozenset({Role.PARTNER, Role.ADMINISTRATOR})
"""What somebody of a partner organisation can hold. Other roles answer for records or work with them, and it has none."""


def roles_of(agency: str) -> frozenset[Role]:
    """The roles that people of an agency, or of a partner organisation, can hold."""
    return PARTNER_ROLES if is_partner(agency) else frozenset(Role) - {Role.PARTNER}
