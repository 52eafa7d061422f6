"""The policy of this very software as a statement: every part of it in short lines, from the rules themselves.

A function of the code alone. What an operator sets is not in it (docs/decisions/0018-change-of-policy.md says why).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

from crossline.access.policy_changes.statement import Line, Statement
from crossline.site.policy import database, limits, safeguarding, seeing

PARTS: Final[Mapping[str, Callable[[], Iterable[str]]]] = MappingProxyType(
    {
        "Roles": seeing.roles,
        "Records": seeing.records,
        "Two people": limits.two_people,
        "Exports": limits.exports,
        "Deconfliction": limits.deconfliction,
        "Safeguarding": safeguarding.safeguarding,
        "Review and disposal": limits.retention_rules,
        "Signing in": limits.signing_in,
        "Pages": seeing.pages,
        "Database": database.row_security,
    }
)
"""The parts of the policy in the order in which they are read."""


def state_policy() -> Statement:
    """The policy as it is at this moment."""
    return Statement(tuple(Line(part, text) for part, texts in PARTS.items() for text in texts()))


@cache
def running() -> Statement:
    """The policy of this process, stated once: its code does not change while it runs."""
    return state_policy()
