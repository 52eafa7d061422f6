"""The policy: which labels a person holds, and which labels may see a record. One place, compiled three ways.

- `labels_for` says what a viewer is; stored as memberships, read by row security (access/row_security.py).
- `audience_for` says who may see a record; stored as an interned audience on every row of content.
- `Viewpoint.visible` (access/viewer.py) is the same rule as a queryset filter.

A viewer sees a row when they hold one of the labels of its audience. The rules are data; the authority for each is named.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from crossline.access.roles import POLICING_ROLES, Role
from crossline.errors import RowRefused
from crossline.vocabulary.agencies import is_partner
from crossline.vocabulary.codes import Handling, RecordKind

CENTRE = "nclcc"
"""The agency id of the coordination centre; its people hold `centre`."""


def agency_label(agency: str) -> str:
    """The label of everybody with a policing role in one agency."""
    return f"agency:{agency}"


COMPARTMENT = "compartment:"
"""How the labels of compartments begin: held by who was admitted (access/compartments), not by agency and roles."""


def role_label(role: str) -> str:
    """The label of everybody who holds a role, in whatever agency."""
    return f"role:{role}"


def partner_label(agency: str) -> str:
    """The label of everybody who takes part for one partner organisation: what is referred to it goes to this one."""
    return f"partner:{agency}"


def labels_for(*, agency: str, roles: Iterable[Role]) -> frozenset[str]:
    """The labels a person holds. An auditor without a policing role holds none of intelligence.

    Somebody of a partner organisation holds its own at most, whatever the roles: not a role's either, which a sender may name.
    """
    held = frozenset(roles)
    if is_partner(agency):
        return frozenset({partner_label(agency)} if Role.PARTNER in held else ())
    labels = {role_label(role) for role in held - {Role.PARTNER}}
    if held & POLICING_ROLES:
        labels |= {"police", agency_label(agency)}
        if agency == CENTRE:
            labels.add("centre")
    if Role.SAFEGUARDING in held:
        labels.add("safeguarding")
    return frozenset(labels)


@dataclass(frozen=True)
class AudienceRule:
    """Who sees records of one kind under one handling. `owner`, `home` and `found` stand for those agencies' labels."""

    kinds: frozenset[RecordKind]
    handling: Handling | None  # None: whichever
    labels: frozenset[str]
    authority: str


_SAFEGUARDING_KINDS = frozenset({RecordKind.MISSING, RecordKind.CONCERN})
_OWNED_KINDS = frozenset(
    {
        RecordKind.INVESTIGATION,
        RecordKind.CAMPAIGN_RETURN,
        RecordKind.MONEY_EVENT,
        RecordKind.HOMICIDE,
        RecordKind.COMMUNICATIONS,
        RecordKind.FINDING,
    }
)
_INTELLIGENCE_KINDS = frozenset(RecordKind) - _SAFEGUARDING_KINDS - _OWNED_KINDS - {RecordKind.LINE_RETURN}

RULES: tuple[AudienceRule, ...] = (
    AudienceRule(
        _SAFEGUARDING_KINDS,
        None,
        frozenset({"owner", "home", "found", "centre", "safeguarding"}),
        "[D] domain.md G-3, R-25: records about children and missing people are restricted, and reach home and finder at once",
    ),
    AudienceRule(
        frozenset({RecordKind.LINE_RETURN}),
        None,
        frozenset({"police"}),
        "[D] domain.md R-01: one national line register with local ownership",
    ),
    AudienceRule(
        _OWNED_KINDS,
        None,
        frozenset({"owner", "centre"}),
        "[D] docs/architecture.md: each agency keeps control of what it sent; the centre coordinates",
    ),
    AudienceRule(
        _INTELLIGENCE_KINDS,
        Handling.P,
        frozenset({"police"}),
        "[S] 3x5x2 handling P: lawful sharing permitted, to anyone with policing purpose and need",
    ),
    AudienceRule(
        _INTELLIGENCE_KINDS,
        Handling.C,
        frozenset({"owner", "centre"}),
        "[S] 3x5x2 handling C: lawful sharing permitted with conditions; [D] until released, owner and centre",
    ),
)


@dataclass(frozen=True)
class Circumstances:
    """What the policy needs to know of a record. `home` and `found` are as a missing episode names them: a name that is no
    agency's id opens the record to nobody."""

    kind: RecordKind
    owner: str
    handling: Handling
    explicit: tuple[str, ...] | None = None
    home: str | None = None
    found: str | None = None


def rule_for(circumstances: Circumstances) -> AudienceRule:
    """The one rule that decides. Every kind and handling has one: a test walks them all."""
    for rule in RULES:
        if circumstances.kind in rule.kinds and rule.handling in (None, circumstances.handling):
            return rule
    raise AssertionError(f"no audience rule for {circumstances}")


def audience_for(circumstances: Circumstances, *, agencies: Iterable[str]) -> frozenset[str]:
    """The labels that may see a record. An explicit list replaces the rule, but the owner always keeps its own.

    Raises RowRefused when the explicit list names something that is neither an agency nor a role, or a partner organisation.
    """
    known = frozenset(agency for agency in agencies if not is_partner(agency))
    if circumstances.explicit is not None:
        return frozenset({agency_label(circumstances.owner)} | _explicit(circumstances.explicit, known))
    stand_ins = {"owner": circumstances.owner, "home": circumstances.home, "found": circumstances.found}
    labels: set[str] = set()
    for label in rule_for(circumstances).labels:
        if label not in stand_ins:
            labels.add(label)
        elif (agency := stand_ins[label]) and (agency in known or label == "owner"):
            labels.add(agency_label(agency))
    return frozenset(labels)


def _explicit(names: tuple[str, ...], agencies: frozenset[str]) -> set[str]:
    labels: set[str] = set()
    for name in names:
        if is_partner(name) or name == Role.PARTNER:
            raise RowRefused(
                f"audience names {name!r}, and partners are shown no intelligence; name agencies and roles of policing.",
                column="audience",
            )
        if name == CENTRE:
            labels.add("centre")
        elif name in agencies:
            labels.add(agency_label(name))
        elif name in frozenset(Role):
            labels.add(role_label(name))
        else:
            raise RowRefused(
                f"audience names {name!r}, which is neither an agency nor a role; use ids such as 'kent' or "
                f"roles such as {Role.ANALYST.value!r}.",
                column="audience",
            )
    return labels
