"""Writing a draft: opening it about somebody and saving each text of it, with the route decided by the table and no other way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from crossline.access.audit import Event, Subject, log
from crossline.access.viewer import Viewpoint
from crossline.errors import MoveNotAllowed, NotPermitted, UserError
from crossline.records.decoys.finding import refuse_decoy
from crossline.records.one_at_a_time import claim
from crossline.safeguarding.nrm.form import AUTHORITY, FormPart, nrm_form
from crossline.safeguarding.nrm.gathering import Gathered, gathered_about
from crossline.safeguarding.nrm.guardians import local_authorities
from crossline.safeguarding.nrm.models import (
    IDENTIFYING,
    NrmCase,
    NrmObservation,
    NrmState,
    NrmStep,
    NrmVersion,
)
from crossline.safeguarding.nrm.routes import Age, Consent, Route, is_child, route_of
from crossline.safeguarding.nrm.standing import NrmStanding, may_refer, nrm_case

PURPOSE: Final = "safeguarding"
LONGEST_REASON: Final = 2_000
LONGEST_ANSWER: Final = 10_000
LONGEST_SENTENCE: Final = 1_000
LONGEST_LINE: Final = 300
OVERTAKEN: Final = "Somebody else changed this draft since you opened it, so nothing was saved; read it again first."
NEVER_A_CHILD: Final = (
    "A child, or somebody who may be one, is always referred to the National Referral Mechanism; the duty to notify is for "
    "adults who do not consent."
)


@dataclass(frozen=True)
class Observed:
    """What one record shows, as a person edited it: a sign of the list, and what it corroborates."""

    sentence: str
    indicator: str = ""
    corroborates: str = ""


@dataclass(frozen=True)
class Said:
    """What somebody saves. `age`: empty where the records are followed; `route`: empty where the table is."""

    reason: str
    age: str = ""
    age_evidence: str = ""
    consent: str = Consent.NOT_ASKED.value
    route: str = ""
    anonymous: bool = False
    answers: Mapping[str, str] = field(default_factory=dict)
    observations: Mapping[UUID, Observed] = field(default_factory=dict)


def open_draft(*, about: UUID, said: Said, viewpoint: Viewpoint) -> NrmCase:
    """Begin a draft about the person of a visible mention, for the viewer's agency, and save its first text."""
    gathered = _seen(viewpoint, about)
    if not may_refer(viewpoint, viewpoint.viewer.agency):
        raise NotPermitted("Only a safeguarding lead drafts a referral; ask your agency's.")
    checked = _checked(gathered, said)
    viewer = viewpoint.viewer
    made = NrmCase(about_id=about, owner_id=viewer.agency, by=viewer.username, by_agency=viewer.agency)
    made.save(force_insert=True)
    made.refresh_from_db(fields=["audience"])
    version = _saved(made, checked, said, 1, viewpoint)
    NrmStep(
        case=made,
        number=1,
        state=NrmState.DRAFTED,
        version=version,
        day=timezone.localdate(),
        reason=version.reason,
        by=viewer.username,
        by_agency=viewer.agency,
        audience_id=made.audience_id,
    ).save(force_insert=True)
    return made


def save_draft(*, case: UUID, stood: int, said: Said, viewpoint: Viewpoint) -> NrmVersion:
    """Save another text of a draft. `stood`: the version that was read."""
    if nrm_case(viewpoint, case) is None:
        raise NotPermitted("That draft does not exist, or you may not see it.")
    claim(case)
    found = nrm_case(viewpoint, case)
    if found is None or not found.may_write:
        raise NotPermitted(
            "Only a safeguarding lead of the agency that drafts it, or of the centre, changes this draft."
        )
    if found.state is not NrmState.DRAFTED:
        raise MoveNotAllowed("It was read by a second person; bring it back to drafted before it is changed.")
    if found.version.number != stood:
        raise MoveNotAllowed(OVERTAKEN)
    gathered = _seen(viewpoint, found.case.about_id)
    return _saved(found.case, _checked(gathered, said), said, stood + 1, viewpoint)


def gathered_for(found: NrmStanding) -> Gathered | None:
    """What records hold for a draft that stands."""
    return gathered_about(found.viewpoint, found.case.about_id)


@dataclass(frozen=True)
class _Checked:
    age: Age
    consent: Consent
    route: Route
    answers: Mapping[str, str]


def _seen(viewpoint: Viewpoint, about: UUID) -> Gathered:
    gathered = gathered_about(viewpoint, about)
    refuse_decoy(viewpoint, person=about)
    if gathered is None:
        raise NotPermitted("That person does not exist, or you may not see them.")
    return gathered


def _checked(gathered: Gathered, said: Said) -> _Checked:
    age = _age(gathered, said)
    if said.consent not in Consent.values:
        raise UserError("Choose what the person answered from the list.")
    consent = Consent.NOT_NEEDED if is_child(age) else Consent(said.consent)
    route = _route(age, consent, said)
    without = frozenset(IDENTIFYING) if said.anonymous else frozenset[str]()
    parts = nrm_form().parts_for(age, route, without=without)
    answers = {part.id: answer for part in parts if (answer := _answer(part, said.answers.get(part.id, "")))}
    _check_observations(gathered, said.observations)
    return _Checked(age, consent, route, answers)


def _age(gathered: Gathered, said: Said) -> Age:
    """As the records say. A person may say that somebody is a child; that they are none, only where no record speaks."""
    if said.age in (Age.CHILD, Age.MAY_BE_CHILD):
        return Age(said.age)
    if said.age != Age.ADULT or gathered.age is Age.ADULT:
        return gathered.age
    if gathered.age is Age.CHILD:
        raise MoveNotAllowed(f"A record says that this person is under 18, or may be. {NEVER_A_CHILD}")
    if not 0 < len(said.age_evidence.strip()) <= LONGEST_LINE:
        raise UserError(
            f"No record gives an age: say how it was found out that this is an adult, in up to {LONGEST_LINE} characters, or "
            "leave the person as one who may be a child."
        )
    return Age.ADULT


def _route(age: Age, consent: Consent, said: Said) -> Route:
    route = route_of(age, consent)
    if is_child(age) and (said.route == Route.DUTY_TO_NOTIFY or said.anonymous):
        raise MoveNotAllowed(NEVER_A_CHILD)
    if said.route == Route.DUTY_TO_NOTIFY and route is not Route.DUTY_TO_NOTIFY:
        raise MoveNotAllowed(
            "An adult is asked first: the Home Office is notified under the duty once they do not consent to a referral."
        )
    if said.route == Route.NRM and route is not Route.NRM:
        raise MoveNotAllowed(
            "An adult is referred to the National Referral Mechanism only with informed consent; without it, notify."
        )
    if said.anonymous and route is not Route.DUTY_TO_NOTIFY:
        raise MoveNotAllowed("Only a notice under the duty to notify can go without a name.")
    return route


def _answer(part: FormPart, given: str) -> str:
    answer = given.strip()
    longest = LONGEST_LINE if part.kind not in ("text",) else LONGEST_ANSWER
    if len(answer) > longest:
        raise UserError(f"“{part.title}” is longer than {longest:,} characters; shorten it.")
    offered = local_authorities() if part.kind == AUTHORITY else part.choices
    if answer and offered and answer not in offered:
        raise UserError(f"Choose the answer to “{part.title}” from its list.")
    return answer


def _check_observations(gathered: Gathered, observations: Mapping[UUID, Observed]) -> None:
    offered = {each.record.id: each.record for each in gathered.offered}
    signs = {each.id for each in nrm_form().indicators} | {""}
    kinds = {each.id for each in nrm_form().corroboration} | {""}
    if set(observations) - set(offered):
        raise UserError("A record can no longer be drawn on; open the page again and choose from its list.")
    for record, each in observations.items():
        if not 0 < len(each.sentence.strip()) <= LONGEST_SENTENCE:
            raise UserError(
                f"The observation of {offered[record].ref} is empty or longer than {LONGEST_SENTENCE:,} characters."
            )
        if each.indicator not in signs or each.corroborates not in kinds:
            raise UserError(f"Choose sign and corroboration of {offered[record].ref} from their lists.")


def _saved(case: NrmCase, checked: _Checked, said: Said, number: int, viewpoint: Viewpoint) -> NrmVersion:
    version = NrmVersion(
        case=case,
        number=number,
        age=checked.age,
        age_evidence=said.age_evidence.strip() if said.age == Age.ADULT else "",
        consent=checked.consent,
        route=checked.route,
        anonymous=said.anonymous,
        answers=dict(checked.answers),
        reason=reason_given(said.reason),
        by=viewpoint.viewer.username,
        by_agency=viewpoint.viewer.agency,
        audience_id=case.audience_id,
    )
    try:
        with transaction.atomic():
            version.save(force_insert=True)
    except IntegrityError as error:
        if "an_nrm_version_once" in str(error):
            raise MoveNotAllowed(OVERTAKEN) from None
        raise MoveNotAllowed(NEVER_A_CHILD) from None
    NrmObservation.objects.bulk_create(
        NrmObservation(
            version=version,
            record_id=record,
            indicator=each.indicator,
            corroborates=each.corroborates,
            sentence=each.sentence.strip(),
            audience_id=version.audience_id,
        )
        for record, each in said.observations.items()
    )
    detail = {
        "version": number,
        "route": str(version.route),
        "child": is_child(version.age),
        "reason": version.reason[:200],
    }
    log(Event.NRM_SAVED, by=viewpoint.viewer, about=Subject("nrm", str(case.id), detail), purpose=PURPOSE)
    return version


def reason_given(reason: str) -> str:
    """The reason of an act, as it is kept."""
    said = reason.strip()
    if not 0 < len(said) <= LONGEST_REASON:
        raise UserError(f"Give the reason, in up to {LONGEST_REASON:,} characters: others will read it years from now.")
    return said
