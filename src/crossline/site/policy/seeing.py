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
from crossline.safeguarding.missing.rules import rules as missing_rules
from crossline.safeguarding.nrm import routes as nrm_routes
from crossline.safeguarding.nrm import security as nrm
from crossline.safeguarding.nrm.form import nrm_form, section_45
from crossline.safeguarding.nrm.models import MOVES as NRM_MOVES
from crossline.safeguarding.nrm.models import NrmState
from crossline.safeguarding.premises import security as premises
from crossline.safeguarding.premises.guide import guide
from crossline.safeguarding.premises.models import PREMISES_MOVES, PremisesState
from crossline.safeguarding.referrals.drafting import WHO_OVERRIDES
from crossline.safeguarding.referrals.fields import entries, recipients
from crossline.safeguarding.referrals.gathering import NEVER as NEVER_TOLD
from crossline.safeguarding.referrals.security import WHO_REFERS
from crossline.safeguarding.referrals.states import MOVES as REFERRAL_MOVES
from crossline.safeguarding.referrals.states import urgencies
from crossline.safeguarding.screening.form import newest as screening_form
from crossline.site.policy.safeguarding import concerns
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
    yield from _missing_episodes()
    yield from _screenings()
    yield from _states_of_lines()
    yield from concerns()
    yield from _referrals()
    yield from _national_referrals()
    yield from _premises()


def _referrals() -> Iterator[str]:
    """Who refers somebody to a partner, what each kind of recipient may be given, who makes which move, and by when."""
    yield (
        "A referral to a partner is seen by the agency that refers, the centre and safeguarding leads, beside the mention that "
        f"it is about; it is written and followed by {roles_in_words(WHO_REFERS)} of that agency. Its sheet is seen by one "
        "partner organisation too, until it is revoked."
    )
    yield f"That consent is overridden is for {roles_in_words(WHO_OVERRIDES)} to say."
    for kind, why in NEVER_TOLD.items():
        yield f"{kind.meaning}: no referral rests on it. Why: {why}."
    for each in recipients().values():
        told = joined(entries()[field].title.lower() for field in each.fields)
        reader = " One named person of it reads a sheet." if each.one_reader else ""
        yield f"{each.title} may be given: {told}. Must not reach them: {each.never.lower()}.{reader} Authority: {each.label}."
    for state, leads in REFERRAL_MOVES.items():
        become = joined(f"{to.label.lower()}, by {side.label.lower()}" for to, side in leads.items())
        yield f"A referral that is {state.label.lower()} can become: {become}."
    for urgency in urgencies().values():
        yield (
            f"{urgency.name}: opened within {urgency.received} hours, answered within {urgency.answered}, acted on within "
            f"{urgency.action}; {urgency.escalated} hours later the centre’s coordinators see it. Authority: {urgency.label}."
        )


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


def _national_referrals() -> Iterator[str]:
    """Which way somebody is referred, who does it, and who considers section 45."""
    yield (
        "A referral, a notice and the section 45 log are seen by the agency whose they are, the centre and the safeguarding "
        "leads of every agency, and only beside the mention and the records that they are about."
    )
    for age, answers in nrm_routes.ROUTES.items():
        for consent, route in answers.items():
            yield f"Of a person who is “{age.label}” with consent “{consent.label}” the route is: {route.label}."
    who = roles_in_words(nrm.WHO_REFERS)
    yield f"A referral is drafted, read, sent and followed by {who}; its second reader wrote none of it."
    for state, leads_to in NRM_MOVES.items():
        become = joined((f"“{each.label}”" for each in NrmState if each in leads_to), none="nothing else")
        yield f"A referral that stands “{state.label}” can become: {become}."
    for name, clock in nrm_form().clocks.items():
        limit = clock.limit.replace("_", " ")
        days = f"{limit} {clock.days} {clock.unit}"
        yield f"Clock of a referral, {name.replace('_', ' ')}: {days}. Authority: {clock.authority}."
    yield (
        f"Section 45 is considered by {roles_in_words(nrm.WHO_CONSIDERS)} of the agency that holds the person or of the centre, "
        f"within {section_45().due_days} day. Authority: {section_45().due_authority}."
    )


def _premises() -> Iterator[str]:
    """Who sees and keeps the register of premises, and what its victim tenants are protected from."""
    yield (
        "The register of premises is seen by the agency that entered them, the centre and the safeguarding leads of every "
        "agency, beside the mention of the address; that somebody is a victim tenant, by everybody with a policing role who "
        "sees the tenant and the record that it rests on."
    )
    yield (
        f"It is kept by {roles_in_words(premises.WHO_KEEPS)} of these. A victim tenant counts as a victim everywhere, and no "
        "export calls one a suspect, not even one that names victims."
    )
    for state, leads_to in PREMISES_MOVES.items():
        become = joined((f"“{each.label}”" for each in PremisesState if each in leads_to), none="nothing else")
        yield f"Premises that stand “{state.label}” can become: {become}."
    days = joined(str(each) for each in guide().review_days)
    yield f"Premises are reviewed {days} days after they were made safe. Authority: {guide().review_authority}."


def _missing_episodes() -> Iterator[str]:
    """Who writes beside a missing record, who reads what was disclosed, and which clocks run from a return."""
    lead = role_in_words(Role.SAFEGUARDING)
    yield (
        f"What happened in a missing episode, and a trigger plan, is written by the role {lead} of the agency whose record it "
        "is, of the home force, of the finder and of the centre, and is seen by whoever sees the record; the role "
        f"{role_in_words(Role.COORDINATOR)} of the centre writes whom it asked."
    )
    yield f"What somebody disclosed after a missing episode is seen by {label_in_words('safeguarding')} who see the record."
    for clock in missing_rules().clocks:
        whom = "children, and people of unknown age" if clock.children_only else "everybody"
        yield (
            f"{clock.name}: owed to {whom} within {clock.hours} hours of a return; silence after it counts as "
            f"{clock.silence.replace('_', ' ')}. Authority: {clock.authority}."
        )


def _screenings() -> Iterator[str]:
    """Who screens, who reads it, what its band never falls below, and what takes a second person."""
    form, lead = screening_form(), role_in_words(Role.SAFEGUARDING)
    yield (
        f"A screening is made by the role {lead}, and is seen by the agency that made it, the centre and "
        f"{label_in_words('safeguarding')}, as far as they see the record it hangs on; so is the result of a local tool."
    )
    yield (
        f"A judgement below a floor stands once another person with the role {lead}, of the same agency or of the centre, "
        "has agreed to it."
    )
    for band in form.bands:
        yield f"Screening, version {form.version}: “{band.title}” from a score of {band.starts_at}. Source: {band.source}."
    yield f"One answer of level {form.strong_level} makes at least “{form.band(form.strong_band).title}”: {form.strong_source}."
    for floor in form.floors:
        yield f"Floor: {floor.wording} Source: {floor.source}."
    never = joined(f"“{ground.title}”" for ground in form.grounds if not ground.may_lower)
    yield f"Never grounds for a lower judgement: {never}."
    yield f"What a screening leaves unknown is to be answered within {form.information_within.days} days."


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
