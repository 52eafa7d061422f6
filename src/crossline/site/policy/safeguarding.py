"""What the policy says of safeguarding: who answers for people put forward, what is written and told of them, and the clocks."""

from __future__ import annotations

from collections.abc import Iterator

from crossline.access.partners import COVERS
from crossline.access.roles import Role
from crossline.engines.indicators.answerers import Capacity
from crossline.engines.indicators.rulebook import RULEBOOK
from crossline.lines.applicants import WHO_OFFERS_HELP
from crossline.safeguarding.answering import clocks
from crossline.safeguarding.answering.moves import MOVES, WHO_ANSWERS, WHO_COORDINATES, CaseEnd, CaseState, Side
from crossline.safeguarding.meetings import parts, plan_parts
from crossline.safeguarding.meetings.security import WHO_CALLS
from crossline.safeguarding.missing.rules import rules as missing_rules
from crossline.safeguarding.nrm import routes as nrm_routes
from crossline.safeguarding.nrm import security as nrm
from crossline.safeguarding.nrm.form import nrm_form, section_45
from crossline.safeguarding.nrm.models import MOVES as NRM_MOVES
from crossline.safeguarding.nrm.models import NrmState
from crossline.safeguarding.outreach.messages import messages
from crossline.safeguarding.outreach.models import MOVES as OUTREACH_MOVES
from crossline.safeguarding.outreach.models import OutreachState
from crossline.safeguarding.premises import security as premises
from crossline.safeguarding.premises.guide import guide
from crossline.safeguarding.premises.models import PREMISES_MOVES, PremisesState
from crossline.safeguarding.referrals.drafting import WHO_OVERRIDES
from crossline.safeguarding.referrals.fields import entries, recipients
from crossline.safeguarding.referrals.gathering import NEVER as NEVER_TOLD
from crossline.safeguarding.referrals.security import WHO_REFERS
from crossline.safeguarding.referrals.states import MOVES as REFERRAL_MOVES
from crossline.safeguarding.referrals.states import urgencies
from crossline.safeguarding.reporting.models import MOVES as REPORT_MOVES
from crossline.safeguarding.reporting.models import ReportState
from crossline.safeguarding.reporting.security import WHO_ANSWERS as WHO_ANSWERS_REPORTS
from crossline.safeguarding.reporting.standing import ANSWERED_WITHIN, CLOCKS_AUTHORITY, READ_WITHIN
from crossline.safeguarding.screening.form import newest as screening_form
from crossline.site.policy.words import (
    joined,
    label_in_words,
    role_in_words,
    roles_in_words,
    span_in_words,
)

_SIDES = {
    Side.OWNER: "the agency that owns it",
    Side.OFFERED: "the agency it is offered to",
    Side.CENTRE: "the centre",
    Side.PROCESS: "Crossline itself, where a new reason is raised",
}


def safeguarding() -> Iterator[str]:
    """Who answers for people put forward, what is written of them and told of them, to whom, and within what time."""
    yield from concerns()
    yield from _missing_episodes()
    yield from _screenings()
    yield from _referrals()
    yield from _meetings()
    yield from _national_referrals()
    yield from _premises()
    yield from _reports()
    yield from _outreach()


def concerns() -> Iterator[str]:
    """Who answers for somebody put forward, how they are told, and what may become of it."""
    for rule in RULEBOOK.rules.values():
        limits = joined((f"{name} {value}" for name, value in sorted(rule.thresholds.items())), none="no threshold")
        which = f"{rule.id}, version {rule.version}"
        yield f"Somebody is put forward by {which}: {rule.wording} With {limits}. Source: {rule.source}."
    yield (
        f"Of somebody put forward these answer: {joined(each.meaning.lower() for each in Capacity)}. Where somebody is found "
        "out of their area, all are told in the round that raises it. One agency owns a concern, and there a person or its desk."
    )
    kinds = joined(kind.meaning.lower() for kind in sorted(COVERS))
    yield (
        f"A local authority is told on the page of an organisation that covers it ({kinds}), where somebody there may sign in: a "
        "reference, that somebody needs help, and whom to ring. Else somebody rings it."
    )
    yield (
        "A case is seen by whoever may see what it was raised from, of the agency that answers, the safeguarding leads and "
        f"the centre. It is acted on by {roles_in_words(WHO_ANSWERS)} of its agency; at the centre by "
        f"{roles_in_words(WHO_COORDINATES)}."
    )
    for state, leads_to in MOVES.items():
        become = joined(
            (f"“{each.label}” by {joined(_SIDES[side] for side in sorted(sides))}" for each, sides in leads_to.items()),
            none="nothing else",
        )
        yield f"A concern that stands “{state.label}” can become: {become}."
    yield f"A concern ends in one of these ways: {joined(f'“{each.label}”' for each in CaseEnd)}."
    for state in CaseState:
        if state in clocks.CLOCKS:
            yield _clock(f"that stands “{state.label}”", clocks.CLOCKS[state])
    yield _clock("of a child found out of area that nobody named has", clocks.FOUND_FAR)
    yield _clock("that asks for somebody’s age alone and nobody named has", clocks.QUESTION)


def _clock(which: str, rule: clocks.ClockRule) -> str:
    counted = "working time" if rule.working else "time as it passes"
    return f"Of a concern {which}, {rule.what} within {span_in_words(rule.within)} of {counted}. Authority: {rule.authority}."


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


def _meetings() -> Iterator[str]:
    """Who calls meetings and keeps plans, what of minutes goes to whom, and the clocks."""
    yield f"Meetings are called, and plans kept, by somebody with one of the roles: {joined(map(role_in_words, WHO_CALLS))}."
    for part in parts.parts().values():
        yield f"Of minutes, {part.id} may be given to: {joined(part.to)}. Authority: {part.label}."
    yield f"An action that is {span_in_words(parts.escalated_after())} late is seen by the centre's coordinators."
    yield f"A safety plan is reviewed within {span_in_words(plan_parts.longest_until_review())}, and ended by two people."
    for point in plan_parts.points().values():
        yield f"Outcomes are asked for at {point.id}, after {point.days} days of a plan. Authority: {point.label}."
    again = span_in_words(plan_parts.asked_again_after())
    yield f"What of outcomes is {plan_parts.NOT_KNOWN} is asked again after {again}."


def _reports() -> Iterator[str]:
    """Who reads what a partner reports, who answers, and by when."""
    yield (
        "A report of a partner is seen by the force it went to, the centre, safeguarding leads and the organisation that sent "
        "it; once it is on record, police see it only beside that record."
    )
    yield f"It is read and answered by {roles_in_words(WHO_ANSWERS_REPORTS)} of that force or the centre."
    yield (
        f"It is read within {span_in_words(READ_WITHIN)} and answered within {span_in_words(ANSWERED_WITHIN)}. "
        f"Authority: {CLOCKS_AUTHORITY}."
    )
    for state, leads_to in REPORT_MOVES.items():
        become = joined((each.label.lower() for each in ReportState if each in leads_to), none="nothing else")
        yield f"A report that is {state.label.lower()} can become: {become}."


def _outreach() -> Iterator[str]:
    """What is sent to those who bought from a closed line, by whom, and what is kept of it."""
    said = messages()
    yield (
        f"Outreach follows a closure, is planned by {roles_in_words(WHO_OFFERS_HELP)}, and is sent only once the health partner "
        "or charity has agreed. It is seen by who planned it, the centre, safeguarding leads and that organisation, which is not "
        "told the line."
    )
    for each in said.by_id.values():
        yield f"The message “{each.title}”: {each.text} {said.opt_out} Authority: {said.authority}."
    counted = joined(each.title.lower() for each in said.counts.values())
    yield f"Of outreach these numbers are kept, and nothing of anybody: {counted}."
    for state, leads_to in OUTREACH_MOVES.items():
        become = joined((each.label.lower() for each in OutreachState if each in leads_to), none="nothing else")
        yield f"Outreach that is {state.label.lower()} can become: {become}."
