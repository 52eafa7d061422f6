"""What the policy says of seeing: which groups people belong to, which of them see which records, and who opens which page."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from django.urls import URLPattern, URLResolver, get_resolver

from crossline.access.pages import PagePolicy
from crossline.access.policy import CENTRE, Circumstances, audience_for, labels_for, rule_for
from crossline.access.roles import POLICING_ROLES, Role, roles_of
from crossline.lines import security as deciding
from crossline.lines import states as declared
from crossline.lines.applicants import WHO_PREPARES
from crossline.lines.models import MOVES, ChangeState
from crossline.orders.law import application
from crossline.orders.models import MOVES as ORDER_MOVES
from crossline.orders.models import OrderState
from crossline.records import release_security
from crossline.records.compartments import security as compartments
from crossline.site.policy.words import (
    FOUND,
    HOME,
    OTHER,
    OTHER_PARTNER,
    OWNER,
    joined,
    label_in_words,
    role_in_words,
    roles_in_words,
)
from crossline.vocabulary.codes import Handling, RecordKind

_AGENCIES = (OWNER, HOME, FOUND, OTHER, CENTRE)
_SORTS_OF_PEOPLE = (
    ("of the centre", CENTRE),
    ("of any other agency", OTHER),
    ("of a partner organisation", OTHER_PARTNER),
)


def roles() -> Iterator[str]:
    """What each role is for, and what it makes of somebody in the centre and elsewhere."""
    for role in Role:
        carries = "carries a policing purpose" if role in POLICING_ROLES else "carries no policing purpose"
        yield f"{role_in_words(role).capitalize()}: {carries}. {role.meaning}"
    for where, agency in _SORTS_OF_PEOPLE:
        for role in sorted(roles_of(agency), key=list(Role).index):
            yield f"Somebody {where} with the role {role_in_words(role)} belongs to these groups: {_groups(agency, role)}."
        yield f"Somebody {where} without a role belongs to these groups: {_groups(agency)}."
        yield from _together(where, agency)


def _groups(agency: str, *held: Role) -> str:
    return joined((label_in_words(each) for each in labels_for(agency=agency, roles=held)), none="no group")


def _together(where: str, agency: str) -> Iterator[str]:
    """Whether several roles give more, or less, than each of them: asked for every set of roles that there is."""
    offered = sorted(roles_of(agency), key=list(Role).index)
    of_one = {role: labels_for(agency=agency, roles=[role]) for role in offered}
    differing = False
    for size in range(2, len(offered) + 1):
        for held in combinations(offered, size):
            if labels_for(agency=agency, roles=held) != frozenset().union(*(of_one[role] for role in held)):
                differing = True
                named = joined(role_in_words(role) for role in held)
                yield f"Somebody {where} with the roles {named} together belongs to these groups: {_groups(agency, *held)}."
    if not differing:
        yield f"Somebody {where} with several roles belongs to what each of them gives, and to nothing else."


def records() -> Iterator[str]:
    """Who sees a record of each kind under each handling, and what its sender may say about that."""
    for kind in RecordKind:
        of_each = {handling: _seen(kind, handling) for handling in Handling}
        if len(set(of_each.values())) == 1:
            yield f"{kind.meaning}, under any handling: {of_each[Handling.P]}"
        else:
            for handling, seen in of_each.items():
                yield f"{kind.meaning}, under handling {handling}: {seen}"
    for kind in RecordKind:
        for handling in Handling:
            if _named(kind, handling) != _named(RecordKind.INTELLIGENCE, Handling.P):
                yield f"{kind.meaning}, under handling {handling}: whom its sender names see it: {_named(kind, handling)}."
    yield (
        "Whoever sends a record may name agencies and roles that see it; that takes the place of the rule. Where another agency, "
        f"the centre and auditors are named: {_named(RecordKind.INTELLIGENCE, Handling.P)}."
    )
    for kind, why in release_security.NEVER.items():
        yield f"{kind.meaning}: is never released to another agency. Why: {why}."
    for kind, why in compartments.NEVER.items():
        yield f"{kind.meaning}: is never put into a compartment. Why: {why}."
    yield from _changes_of_number()
    yield from _orders()
    yield from _states_of_lines()


def _states_of_lines() -> Iterator[str]:
    """Who declares how a line stands, who decides on a closure, and what may follow what."""
    who = roles_in_words(deciding.WHO_DECIDES)
    for states, whose in (
        (declared.BY_OWNER, "of the agency that returned the line"),
        (declared.BY_CENTRE, "of the centre who did not propose it"),
        (declared.BY_EITHER, "of the agency that returned the line or of the centre"),
    ):
        named = joined(f"“{each.label}”" for each in declared.DeclaredState if each in states)
        yield f"Of a returned line {named} is declared by {who}, {whose}."
    for state, leads_to in declared.MOVES.items():
        become = joined(f"“{each.label}”" for each in declared.DeclaredState if each in leads_to)
        yield f"A line that stands “{state.label}” can become: {become}."
    days = joined(str(each) for each in declared.CHECK_BACKS.days)
    yield f"A closed line is checked {days} days after the closure. Authority: {declared.CHECK_BACKS.authority}."


def _changes_of_number() -> Iterator[str]:
    """Who decides on what call records put forward, and what may follow what."""
    yield (
        f"A change of number is decided on by {roles_in_words(deciding.WHO_DECIDES)}, of the agency whose communications data "
        "showed it or of the centre; until it is confirmed it joins no lines."
    )
    for state, leads_to in MOVES.items():
        become = joined(each.label.lower() for each in ChangeState if each in leads_to)
        yield f"A change of number that is {state.label.lower()} can become: {become}."


def _orders() -> Iterator[str]:
    """Who sees and prepares orders of a court, in whose name one is signed off, and what may follow what."""
    yield (
        "An order of a court is seen by the agency that applies and the centre, and is prepared by "
        f"{roles_in_words(WHO_PREPARES)} of these; what it says of a record is seen only by who sees the record."
    )
    yield (
        "An application is signed off by somebody who wrote none of its text, in the name of one of these ranks: "
        f"{joined(application().ranks)}. Authority: {application().authority}."
    )
    for state, leads_to in ORDER_MOVES.items():
        become = joined((each.label.lower() for each in OrderState if each in leads_to), none="nothing else")
        yield f"An application that is {state.label.lower()} can become: {become}."


def _seen(kind: RecordKind, handling: Handling) -> str:
    """By the rule alone, with the agencies that a missing episode names."""
    about = Circumstances(kind, OWNER, handling, None, HOME, FOUND)
    labels = audience_for(about, agencies=_AGENCIES)
    return f"seen by {joined(label_in_words(each) for each in labels)}. Authority: {rule_for(about).authority}."


def _named(kind: RecordKind, handling: Handling) -> str:
    about = Circumstances(kind, OWNER, handling, (OTHER, CENTRE, Role.AUDITOR.value), HOME, FOUND)
    labels = audience_for(about, agencies=_AGENCIES)
    named = {"agency:other": "the other agency"}
    return joined(named.get(each) or label_in_words(each) for each in labels)


def pages() -> Iterator[str]:
    """Every address with the roles that open it, its purpose and how it is logged."""
    for route, policy in sorted(_policies(), key=lambda each: each[0]):
        if policy is None:
            yield f"{route}: has no policy."
        elif policy.roles:
            yield f"{route}: opened by {roles_in_words(policy.roles)}, for {policy.purpose}; logged as {policy.event}."
        else:
            yield f"{route}: needs no role, and reads nothing of what is held, for {policy.purpose}."


def _policies() -> Iterator[tuple[str, PagePolicy | None]]:
    def walk(entries: list[URLPattern | URLResolver], before: str) -> Iterator[tuple[str, PagePolicy | None]]:
        for entry in entries:
            if isinstance(entry, URLResolver):
                yield from walk(entry.url_patterns, before + str(entry.pattern))
            else:
                found = getattr(entry.callback, "policy", None)
                found = found or getattr(getattr(entry.callback, "view_class", None), "policy", None)
                yield before + str(entry.pattern), found if isinstance(found, PagePolicy) else None

    yield from walk(get_resolver().url_patterns, "/")
