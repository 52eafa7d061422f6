"""A referral leans on records, a second person reads it, no child goes by duty to notify, and decisions keep their clocks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from crossline.access.audit import Event
from crossline.access.compartments.actions import open_compartment
from crossline.access.compartments.models import CompartmentKind
from crossline.access.models import AuditEvent
from crossline.access.roles import Role
from crossline.errors import MoveNotAllowed, NotPermitted, UserError
from crossline.records.compartments.actions import put_in
from crossline.records.models import Record
from crossline.safeguarding.nrm.drafting import NEVER_A_CHILD, Observed, Said, open_draft, save_draft
from crossline.safeguarding.nrm.gathering import gathered_about
from crossline.safeguarding.nrm.guardians import guardian_of, say_coverage
from crossline.safeguarding.nrm.models import (
    IDENTIFYING,
    MOVES,
    Coverage,
    NrmCase,
    NrmObservation,
    NrmState,
    NrmStep,
    NrmVersion,
)
from crossline.safeguarding.nrm.presenter import nrm_of
from crossline.safeguarding.nrm.routes import Age, Consent, Route
from crossline.safeguarding.nrm.standing import nrm_case
from crossline.safeguarding.nrm.steps import NO, move_nrm
from crossline.vocabulary.working_days import working_day_after

from .conftest import QUESTIONS, Case

SENT = {"reference": "NRM/2026/77", "authority": "sca"}


def record(ref: str) -> UUID:
    return Record.objects.get(ref=ref).id


def observed(*refs: str) -> dict[UUID, Observed]:
    return {record(ref): Observed(f"What {ref} shows.", "travel", "missing") for ref in refs}


def to_sent(case: Case, nrm: UUID, said: dict[str, str] | None = None, days_ago: int = 0) -> None:
    day = timezone.localdate() - timedelta(days=days_ago)
    case.move(nrm, NrmState.READ, case.second, QUESTIONS, day)
    case.move(nrm, NrmState.SENT, case.lead, said or SENT, day)


def test_records_offer_a_chronology_and_say_what_may_not_go(case: Case) -> None:
    with case.builders.seen_by(case.lead) as viewpoint:
        gathered = gathered_about(viewpoint, case.person("Hollowell"))
        assert gathered is not None and gathered.age is Age.CHILD
        offered = {each.record.ref: (each.sentence, each.corroborates) for each in gathered.offered}
        left = {each.record.ref: each.why for each in gathered.left_out}
        assert gathered.initial["names"] == "Lucasta Hollowell" and gathered.initial["born"] == "2011-05-06"
    assert offered["KENT/seen"] == ("Seen handing over a parcel.", "phone")
    assert offered["KENT/missing"][1] == "missing"
    assert set(offered) == {"KENT/seen", "KENT/own", "KENT/missing", "KENT/custody"}
    assert left == {"KENT/E": "Suspected to be false", "ESSEX/C": "Under conditions: ask the agency that sent it"}
    with case.builders.seen_by(case.lead) as viewpoint:
        assert gathered_about(viewpoint, uuid4()) is None


@pytest.mark.parametrize("surname", ["Hollowell", "Quillfeather"])
@pytest.mark.parametrize("consent", [each.value for each in Consent])
def test_a_child_or_who_may_be_one_never_goes_by_duty_to_notify(case: Case, surname: str, consent: str) -> None:
    """Scenario 10: refused by the action, for a child and for somebody of whom no age is known, whatever they answer."""
    for wanted in ({"route": "duty_to_notify"}, {"anonymous": True}):
        with pytest.raises(MoveNotAllowed, match="always referred"):
            case.draft(surname, consent=consent, **wanted)
    found = case.found(case.draft(surname, consent=consent))
    assert (found.route, found.consent, found.is_child) == (Route.NRM, Consent.NOT_NEEDED, True)


def test_nobody_is_called_an_adult_against_a_record_and_never_without_saying_how_it_is_known(case: Case) -> None:
    with pytest.raises(MoveNotAllowed, match="under 18, or may be"):
        case.draft("Hollowell", age="adult", age_evidence="Looks older.", consent="refused")
    with pytest.raises(UserError, match="how it was found out"):
        case.draft("Quillfeather", age="adult", consent="refused")
    found = case.found(case.draft("Quillfeather", age="adult", age_evidence="Passport seen.", consent="refused"))
    assert (found.age, found.route, found.version.age_evidence) == (Age.ADULT, Route.DUTY_TO_NOTIFY, "Passport seen.")
    assert case.found(case.draft("Underwood", age="child")).route is Route.NRM, "somebody may always be called a child"


def test_the_database_refuses_a_notice_about_a_child_whoever_writes_it(case: Case) -> None:
    nrm = case.draft("Hollowell")
    version = NrmVersion.objects.get(case=nrm)

    def written(**said: Any) -> None:
        row = {
            "case_id": nrm,
            "number": 2,
            "age": Age.ADULT,
            "consent": Consent.REFUSED,
            "route": Route.DUTY_TO_NOTIFY,
            "reason": "Other.",
            "by": "kent.lead",
            "by_agency": "kent",
            "audience_id": version.audience_id,
        }
        NrmVersion(**(row | said)).save(force_insert=True)

    for age in (Age.CHILD, Age.MAY_BE_CHILD):
        with pytest.raises(DatabaseError, match="never_goes_by_duty_to_notify"), transaction.atomic():
            written(age=age)
    with pytest.raises(DatabaseError, match="may mean a child"), transaction.atomic():
        written()  # calling her an adult: her own record gives a date of birth
    with (
        pytest.raises(DatabaseError, match="may mean a child"),
        case.builders.seen_by(case.lead),
        transaction.atomic(),
    ):
        written()
    grown = case.draft("Underwood", consent="refused")
    with pytest.raises(DatabaseError, match="names_nobody"), transaction.atomic():
        written(case_id=grown, anonymous=True, answers={"names": "Barnaby Underwood"})
    with pytest.raises(DatabaseError, match="with_consent"), transaction.atomic():
        written(case_id=grown, route=Route.NRM)
    with case.builders.role("none"), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM nrm_nrmversion")
        assert cursor.fetchone() == (2,)


def test_an_adult_is_asked_first_and_notified_about_without_a_name(case: Case) -> None:
    with pytest.raises(MoveNotAllowed, match="asked first"):
        case.draft("Underwood", route="duty_to_notify")
    with pytest.raises(MoveNotAllowed, match="only with informed consent"):
        case.draft("Underwood", route="nrm", consent="refused")
    with pytest.raises(MoveNotAllowed, match="without a name"):
        case.draft("Underwood", consent="given", anonymous=True)
    unasked = case.draft("Underwood")
    with pytest.raises(MoveNotAllowed, match="informed consent first"):
        case.move(unasked, NrmState.READ, case.second, QUESTIONS)
    answers = {"names": "Barnaby Underwood", "contact": "07700 900444", "encounter": "On the pier.", "means": "Debt."}
    nrm = case.draft("Underwood", consent="refused", anonymous=True, answers=answers)
    assert case.found(nrm).version.answers == {"encounter": "On the pier.", "means": "Debt."}
    assert not {part.id for part in case.found(nrm).parts} & set(IDENTIFYING)
    to_sent(case, nrm, {"reference": "DTN/1"})
    found = case.found(nrm)
    assert (found.state, found.moves, found.due) == (NrmState.SENT, [], None), "nothing is decided on a notice"
    page = case.browse(case.lead, f"/nrm/{nrm}/text").content.decode()
    assert "On the pier." in page and "Underwood" not in page and "900444" not in page


def test_whoever_wrote_any_of_it_is_no_second_reader_and_every_question_is_answered_yes(case: Case) -> None:
    nrm = case.draft("Hollowell", observations=observed("KENT/seen"))
    with pytest.raises(NotPermitted, match="second reader"):
        case.move(nrm, NrmState.READ, case.lead, QUESTIONS)
    with pytest.raises(MoveNotAllowed, match="stand alone"):
        case.move(nrm, NrmState.READ, case.second, QUESTIONS | {"stands_alone": NO})
    with pytest.raises(MoveNotAllowed, match="does not lead"):
        case.move(nrm, NrmState.SENT, case.second, SENT)
    case.move(nrm, NrmState.READ, case.second, QUESTIONS)
    with pytest.raises(MoveNotAllowed, match="read by a second person"), case.builders.seen_by(case.lead) as viewpoint:
        save_draft(case=nrm, stood=1, said=Said("More."), viewpoint=viewpoint)
    case.move(nrm, NrmState.DRAFTED, case.lead)
    with case.builders.seen_by(case.second) as viewpoint:
        save_draft(case=nrm, stood=1, said=Said("More."), viewpoint=viewpoint)
    with pytest.raises(MoveNotAllowed, match="Somebody else changed"), case.builders.seen_by(case.lead) as viewpoint:
        save_draft(case=nrm, stood=1, said=Said("At once."), viewpoint=viewpoint)
    with pytest.raises(NotPermitted, match="second reader"):
        case.move(nrm, NrmState.READ, case.second, QUESTIONS)
    case.move(nrm, NrmState.READ, case.centre, QUESTIONS)
    events = AuditEvent.objects.filter(subject_kind="nrm", subject=str(nrm)).values_list("event", flat=True)
    assert sorted(events) == [Event.NRM_MOVED] * 3 + [Event.NRM_SAVED] * 2


def test_the_database_asks_for_two_people_too(case: Case) -> None:
    nrm = case.draft("Hollowell")
    found = case.found(nrm)
    read = {"case_id": nrm, "number": 2, "state": "read", "version": found.version, "day": timezone.localdate()}
    signed = {"by": "kent.lead", "by_agency": "kent", "reason": "Done.", "audience_id": found.case.audience_id}
    with (
        pytest.raises(DatabaseError, match="row-level security"),
        case.builders.seen_by(case.lead),
        transaction.atomic(),
    ):
        NrmStep(**read, **signed).save(force_insert=True)
    with (
        pytest.raises(DatabaseError, match="permission denied"),
        case.builders.seen_by(case.lead),
        transaction.atomic(),
    ):
        NrmStep.objects.update(reason="Other.")
    with (
        pytest.raises(DatabaseError, match="row-level security"),
        case.builders.seen_by(case.analyst),
        transaction.atomic(),
    ):
        NrmCase(about_id=case.person("Hollowell"), owner_id="kent", by="kent.analyst", by_agency="kent").save(
            force_insert=True
        )


def test_decisions_keep_their_clocks_and_a_reconsideration_is_of_its_stage(case: Case) -> None:
    nrm = case.draft("Hollowell")
    to_sent(case, nrm, days_ago=80)
    found, today = case.found(nrm), timezone.localdate()
    sent = today - timedelta(days=80)
    assert found.due is not None and found.due.day == working_day_after(sent, 5) and found.due.is_late
    case.move(nrm, NrmState.REASONABLE_NO, case.lead, day=sent + timedelta(days=7))
    case.move(nrm, NrmState.RECONSIDERATION, case.lead, {"asked_by": "Kent"}, day=sent + timedelta(days=9))
    assert set(case.found(nrm).moves) == {NrmState.REASONABLE_YES, NrmState.REASONABLE_NO}
    case.move(nrm, NrmState.REASONABLE_YES, case.lead, day=sent + timedelta(days=12))
    early = sent + timedelta(days=41)
    with pytest.raises(MoveNotAllowed, match="30 days of recovery"):
        case.move(nrm, NrmState.CONCLUSIVE_YES, case.lead, day=early)
    with pytest.raises(UserError, match="lies ahead"):
        case.move(nrm, NrmState.CONCLUSIVE_YES, case.lead, day=today + timedelta(days=1))
    case.move(nrm, NrmState.CONCLUSIVE_YES, case.lead, day=early + timedelta(days=1))
    assert case.found(nrm).moves == []
    assert set(MOVES) == set(NrmState) and {state for to in MOVES.values() for state in to} <= set(NrmState)


def test_a_devolved_panel_has_clocks_of_its_own_and_is_for_children(case: Case) -> None:
    nrm = case.draft("Hollowell")
    to_sent(case, nrm, SENT | {"authority": "panel"})
    found = case.found(nrm)
    assert found.due is not None and found.due.day == timezone.localdate() + timedelta(days=45)
    case.move(nrm, NrmState.REASONABLE_YES, case.lead)
    case.move(nrm, NrmState.CONCLUSIVE_YES, case.lead)
    grown = case.draft("Underwood", consent="given")
    case.move(grown, NrmState.READ, case.second, QUESTIONS)
    with pytest.raises(MoveNotAllowed, match="children only"):
        case.move(grown, NrmState.SENT, case.lead, SENT | {"authority": "panel"})


def test_who_is_no_first_responder_asks_one(case: Case) -> None:
    nrm = case.draft("Hollowell", case.unit)
    case.move(nrm, NrmState.READ, case.centre, QUESTIONS)
    with pytest.raises(NotPermitted, match="no first responder"):
        case.move(nrm, NrmState.SENT, case.unit, SENT)
    with pytest.raises(NotPermitted, match="first responder that was asked"):
        case.move(nrm, NrmState.SENT, case.essex_lead, SENT)
    case.move(nrm, NrmState.ASKED, case.unit, {"agency": "essex"})
    assert case.found(nrm).asked == "essex"
    with pytest.raises(NotPermitted):
        case.move(nrm, NrmState.SENT, case.lead, SENT)
    case.move(nrm, NrmState.SENT, case.essex_lead, SENT)
    assert case.found(nrm, case.unit).state is NrmState.SENT
    with pytest.raises(UserError, match="Choose from the list"):
        again = case.draft("Hollowell", case.unit)
        case.move(again, NrmState.READ, case.centre, QUESTIONS)
        case.move(again, NrmState.ASKED, case.unit, {"agency": "serocu"})
    case.move(again, NrmState.ASKED, case.unit, {"agency": "essex"})
    case.move(again, NrmState.READ, case.essex_lead)
    with pytest.raises(NotPermitted):
        case.move(again, NrmState.SENT, case.essex_lead, SENT)  # they gave it back


def test_a_child_is_withdrawn_only_for_another_referral(case: Case) -> None:
    nrm = case.draft("Hollowell")
    with pytest.raises(UserError, match="other referral"):
        case.move(nrm, NrmState.WITHDRAWN, case.lead)
    case.move(nrm, NrmState.WITHDRAWN, case.lead, {"other": "NRM/2026/76"})
    case.move(case.draft("Underwood"), NrmState.WITHDRAWN, case.lead)


def test_what_is_missing_counts_the_form_and_what_a_child_has_not_said_lowers_nothing(case: Case) -> None:
    bare = case.found(case.draft("Hollowell")).completeness
    said = {"says": "Has not spoken of it.", "act": "Carried.", "purpose": "To sell drugs."}
    more = case.found(case.draft("Hollowell", answers=said, observations=observed("KENT/seen"))).completeness
    told = case.found(case.draft("Hollowell", answers=said | {"says": "Tells all of it."})).completeness
    assert (more.answered, told.answered) == (bare.answered + 4, bare.answered + 3)
    assert more.needed == bare.needed and not {"Means: how", "Act: what was done to the person"} & set(more.missing)


def test_an_observation_is_seen_beside_its_record_and_a_compartment_takes_all_of_it_along(case: Case) -> None:
    nrm = case.draft("Hollowell", observations=observed("KENT/own", "KENT/seen"))
    assert {each.record.ref for each in case.found(nrm, case.second).observations} == {"KENT/own", "KENT/seen"}
    assert {each.record.ref for each in case.found(nrm, case.essex_lead).observations} == {"KENT/seen"}
    with case.builders.seen_by(case.essex_lead) as viewpoint:
        assert not viewpoint.visible(NrmObservation.objects.filter(record__ref="KENT/own")).exists()
    keeper = case.builders.enrolled("kent.keeper", roles=[Role.INFORMATION_MANAGER, Role.SAFEGUARDING])
    about = NrmCase.objects.get(id=nrm).about.record_id
    with case.builders.seen_by(keeper) as viewpoint:
        kind = CompartmentKind.OPERATION
        made = open_compartment(name="Larch", kind=kind, reason="A source.", viewpoint=viewpoint)
    with case.builders.seen_by(keeper) as viewpoint:
        put_in(record=about, compartment=made.id, reason="A source.", viewpoint=viewpoint)
    for who in (case.lead, case.essex_lead, case.centre):
        with case.builders.seen_by(who) as viewpoint:
            assert nrm_case(viewpoint, nrm) is None


def test_others_see_none_of_it_and_a_person_has_their_referrals_on_their_page(case: Case) -> None:
    nrm = case.draft("Hollowell")
    for address in (f"/nrm/{nrm}", f"/nrm/{nrm}/draft", f"/nrm/{nrm}/text", f"/nrm/{uuid4()}", f"/nrm/new/{uuid4()}"):
        assert case.browse(case.essex, address).status_code == 404, address
    with case.builders.seen_by(case.essex) as viewpoint:
        assert nrm_case(viewpoint, nrm) is None
        with pytest.raises(NotPermitted):
            said = {"day": timezone.localdate(), "said": {}, "reason": "Done."}
            move_nrm(case=nrm, state=NrmState.READ, stood=1, viewpoint=viewpoint, **said)
        with pytest.raises(NotPermitted, match="safeguarding lead"):
            open_draft(about=case.person("Underwood"), said=Said("No."), viewpoint=viewpoint)
        assert nrm_of(viewpoint, [case.person("Hollowell")]) == []
    with case.builders.seen_by(case.analyst) as viewpoint:
        by_another_mention = nrm_of(viewpoint, [case.person("Hollowell", "KENT/custody")])
    assert [row["href"] for row in by_another_mention] == [f"/nrm/{nrm}"]


def test_a_guardian_goes_by_parental_responsibility_and_no_coverage_is_made_up(case: Case) -> None:
    answers = {"local_authority": "Kent", "parental_responsibility": "No"}
    with case.builders.seen_by(case.lead) as viewpoint:
        guardian = guardian_of(viewpoint, answers)
        assert guardian.worker.startswith("A direct worker") and guardian.coverage is Coverage.NOT_KNOWN
        assert "co-ordinator" in guardian_of(viewpoint, answers | {"parental_responsibility": "Yes"}).worker
        assert guardian_of(viewpoint, {}).worker.startswith("Find out")
        with pytest.raises(NotPermitted):
            say_coverage(authority="Kent", coverage="covered", source="Heard it.", viewpoint=viewpoint)
    told = {"authority": "Kent", "coverage": "not_covered", "source": "Letter of 3 March 2026 (made up for tests)"}
    assert case.browse(case.centre, "/nrm/guardians", told).status_code == 302
    assert case.browse(case.centre, "/nrm/guardians", told | {"authority": "Nowhere"}).status_code == 422
    with case.builders.seen_by(case.lead) as viewpoint:
        assert guardian_of(viewpoint, answers).coverage is Coverage.NOT_COVERED
    assert "Letter of 3 March" in case.browse(case.lead, "/nrm/guardians").content.decode()


def test_the_pages_write_read_and_send_and_the_text_to_enter_is_a_disclosure(case: Case) -> None:
    about = case.person("Hollowell")
    page = case.browse(case.lead, f"/nrm/new/{about}").content.decode()
    assert "A child is always referred" in page and "Duty to notify" not in page and "Means: how" not in page
    chosen = str(record("KENT/seen"))
    form = {
        "reason": "First.",
        "names": "Lucasta Hollowell",
        "observe": chosen,
        f"sentence-{chosen}": "Handed over a parcel.",
    }
    refused = case.browse(case.lead, f"/nrm/new/{about}", form | {"route": "duty_to_notify"})
    assert refused.status_code == 422 and "always referred" in refused.content.decode()
    assert NEVER_A_CHILD.startswith("A child")
    made = case.browse(case.lead, f"/nrm/new/{about}", form | {f"sign-{chosen}": "travel"})
    where = made.headers["Location"]
    assert case.browse(case.lead, f"{where}/text").status_code == 404, "nobody has read it yet"
    shown = case.browse(case.lead, where).content.decode()
    assert "never whether somebody is believed" in shown and "Handed over a parcel." in shown
    assert case.browse(case.lead, f"{where}/draft", form | {"stood": "1", "reason": "Again."}).status_code == 302
    step = {"stood": "1", "day": timezone.localdate().isoformat(), "reason": "Read."}
    assert case.browse(case.lead, where, step | QUESTIONS | {"which": "read"}).status_code == 422
    assert case.browse(case.second, where, step | QUESTIONS | {"which": "read"}).status_code == 302
    text = case.browse(case.second, f"{where}/text").content.decode()
    assert "Lucasta Hollowell" in text and "Handed over a parcel." in text
    assert AuditEvent.objects.filter(event=Event.NRM_TEXT_GIVEN, verb="disclosure").exists()
    assert case.browse(case.second, where, step | SENT | {"stood": "2", "which": "sent"}).status_code == 302
    listed = case.browse(case.lead, "/nrm?waiting=decision").content.decode()
    assert "Reasonable grounds by" in listed and "Lucasta Hollowell" in listed
    assert "Lucasta" not in case.browse(case.lead, "/nrm?waiting=draft").content.decode()
