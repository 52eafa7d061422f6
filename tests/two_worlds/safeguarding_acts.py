"""What safeguarding leads do out of sight, by the real actions: they refer somebody and consider section 45."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from crossline.access.models import Person
from crossline.access.roles import Role
from crossline.access.viewer import viewer_of
from crossline.records.models import Mention, Record
from crossline.safeguarding.answering.acts import move_case, note_on_case
from crossline.safeguarding.answering.models import ConcernCase
from crossline.safeguarding.answering.moves import CaseState
from crossline.safeguarding.meetings.calling import call_meeting, invite
from crossline.safeguarding.meetings.plan_parts import plan_parts
from crossline.safeguarding.meetings.planning import open_plan
from crossline.safeguarding.missing.episodes import episodes
from crossline.safeguarding.missing.models import EntryKind as EpisodeEntryKind
from crossline.safeguarding.missing.noting import disclose, note_on_episode
from crossline.safeguarding.missing.planning import save_plan
from crossline.safeguarding.missing.standing import plans_of
from crossline.safeguarding.nrm.drafting import Observed, Said, open_draft
from crossline.safeguarding.nrm.form import nrm_form, section_45
from crossline.safeguarding.nrm.models import NrmState
from crossline.safeguarding.nrm.section45 import Considered, consider, held_in
from crossline.safeguarding.nrm.steps import YES, move_nrm
from crossline.safeguarding.premises.keeping import TenantSaid, note_on_premises, register_premises, say_tenant
from crossline.safeguarding.premises.models import PremisesEntryKind
from crossline.safeguarding.raising import raise_due
from crossline.safeguarding.reporting.content import Answers
from crossline.safeguarding.reporting.keeping import keep_reports
from crossline.safeguarding.reporting.models import ReportState
from crossline.safeguarding.reporting.sending import move_report, send_report
from crossline.safeguarding.screening.form import newest
from crossline.safeguarding.screening.models import InformationNeeded, Stage
from crossline.safeguarding.screening.reckoning import Answer
from crossline.safeguarding.screening.saving import Said as Screened
from crossline.safeguarding.screening.saving import answer_needed, enter_local_result, screen_person, sign_off
from crossline.safeguarding.screening.standing import STAGES, all_screenings, person_of
from crossline.vocabulary.codes import Tristate

from .acts import own_record
from .world import TRUST, World, numbers, refer, sent


def referred_nationally(world: World, agency: str) -> None:
    """Somebody whom a custody record of the agency's own names is referred, by two leads; and section 45 is considered."""
    ref = f"{agency}/referred-{next(numbers)}"
    custody = {"offence": "Supplying crack cocaine", "outcome": "bailed", "under_18": True}
    held = world.builders.full_report(ref, kind="custody", custody=custody, audience=[agency])
    sent(world, agency, reports=[held])
    record = Record.objects.get(owner=agency, ref=ref).id
    about = Mention.objects.get(record=record, kind="person").id
    first, second = (
        world.builders.enrolled(f"{agency}.lead{next(numbers)}", agency=agency, roles=(Role.SAFEGUARDING,))
        for _ in range(2)
    )
    with world.builders.seen_by(first) as viewpoint:
        said = Said("Held with drugs.", age="child", observations={record: Observed("Held.", "held_with_drugs")})
        made = open_draft(about=about, said=said, viewpoint=viewpoint)
    with world.builders.seen_by(second) as viewpoint:
        done = {"day": timezone.localdate(), "reason": "Read.", "viewpoint": viewpoint}
        move_nrm(
            case=made.id, state=NrmState.READ, stood=1, said={each.id: YES for each in nrm_form().questions}, **done
        )
        found = held_in(viewpoint, record)
        assert found is not None
        tests = {each.id: "unknown" for each in section_45().tests_for(found.age)}
        words = Considered("A sergeant", "Seen.", "more_needed", "Asked.", tests, safeguarding_disposal="A worker.")
        consider(record=record, stood=0, said=words, viewpoint=viewpoint)


def premises_entered(world: World, agency: str) -> None:
    """An address that a record of the agency's own names is entered in the register, visited, and its tenant called a victim."""
    ref = f"{agency}/premises-{next(numbers)}"
    sent(world, agency, reports=[world.builders.full_report(ref, audience=[agency])])
    named = {each.kind: each for each in Mention.objects.filter(record__owner=agency, record__ref=ref)}
    lead = world.builders.enrolled(f"{agency}.lead{next(numbers)}", agency=agency, roles=(Role.SAFEGUARDING,))
    today = timezone.localdate()
    with world.builders.seen_by(lead) as viewpoint:
        made = register_premises(about=named["address"].id, reason="Open dealing.", viewpoint=viewpoint).id
    with world.builders.seen_by(lead) as viewpoint:
        came = {"kind": PremisesEntryKind.VISIT, "said": {"outcome": "nobody"}, "text": "Two officers.", "day": today}
        note_on_premises(premises=made, viewpoint=viewpoint, **came)
        tenant = named["person"]
        said = TenantSaid(tenant.id, tenant.record_id, "victim", today, "Afraid in his home.")
        say_tenant(premises=made, stood=0, said=said, viewpoint=viewpoint)


def reported_by_a_partner(world: World, agency: str) -> None:
    """A clinic reports a concern to an agency, whose safeguarding people answer; it is on record from then on."""
    nurse = viewer_of(Person.objects.get(username="marrowmere.nurse"))
    said = Answers(about="child", seen="An injury that nobody explains.", surname="Thistlewood", signs=("injuries",))
    with world.builders.seen_by(nurse) as viewpoint:
        made = send_report(force=agency, pack="health", said=said, today=timezone.localdate(), viewpoint=viewpoint)
    keep_reports(communications=world.kept)
    reader = world.builders.enrolled(f"{agency}.reader{next(numbers)}", agency=agency, roles=(Role.SAFEGUARDING,))
    with world.builders.seen_by(reader) as viewpoint:
        move_report(report=made.id, state=ReportState.ANSWERED, stood=0, words="Seen.", viewpoint=viewpoint)


def concern_taken_on(world: World, agency: str) -> None:
    """A record that an agency keeps to itself puts a child forward, whom its desk takes on, and writes what it did."""
    child = world.builders.person(forename="Hyacinth", surname="Quarrington", dob="2011-02-03")
    runs = [{"from": "p1", "to": "l1", "type": "runs_for", "basis": "fact", "category": "victim"}]
    said = {"audience": [agency], "mentions": [child, {"key": "l1", "kind": "line", "name": "Max"}], "assertions": runs}
    ref = f"{agency}/taken-on-{next(numbers)}"
    sent(world, agency, reports=[world.builders.report(ref, **said)])
    raise_due()
    lead = world.builders.enrolled(f"{agency}.lead{next(numbers)}", agency=agency, roles=(Role.SAFEGUARDING,))
    case = ConcernCase.objects.get(about__record__ref=ref).id
    with world.builders.seen_by(lead) as viewpoint:
        acts = {"case": case, "viewpoint": viewpoint}
        move_case(state=CaseState.TAKEN_ON, stood=1, person=lead.username, reason="Mine.", **acts)
        note_on_case(text="Rang her aunt.", **acts)


def referred(world: World, agency: str) -> None:
    """A child whom everybody with a policing role sees is referred to a charity: told to the agency, the centre, safeguarding
    leads and that charity."""
    refer(world, agency, f"{agency}/P", TRUST, "charity")


def referred_of_own(world: World, agency: str) -> None:
    """The same of a record that the agency keeps to itself: then nobody else reads the referral either."""
    ref = f"{agency}/kept-{next(numbers)}"
    sent(world, agency, reports=[world.builders.full_report(ref, audience=[agency])])
    refer(world, agency, ref, TRUST, "charity")


def episode_seen_to(world: World, agency: str) -> None:
    """A child of the agency goes missing and is found in it, and its safeguarding lead writes of that, with a trigger plan."""
    ref = f"{agency}/seen-to-{next(numbers)}"
    sent(world, agency, reports=[world.builders.missing_report(ref, home=agency, found=agency)])
    with _lead(world, agency) as viewpoint:
        act = {"episode": _child_in(ref), "viewpoint": viewpoint}
        done = {"kind": EpisodeEntryKind.DONE, "said": {"who": "Worker Q"}, "text": "Seen late."}
        note_on_episode(happened_at=timezone.now(), **done, **act)
        soon = timezone.localdate() + timedelta(days=9)
        stood = len(plans_of(viewpoint, episodes(viewpoint).of_mention[act["episode"]]))
        save_plan(text="Ring the aunt.", review_on=soon, reason="Again.", stood=stood, **act)


def disclosed_to_leads(world: World, agency: str) -> None:
    """What a child disclosed is written beside the agency's missing record, which another force's analysts see too."""
    with _lead(world, agency) as viewpoint:
        said = {"told_at": timezone.now(), "told_to": "Worker Q", "text": "Was made to carry a parcel."}
        disclose(episode=_child_in(f"{agency}/missing"), viewpoint=viewpoint, **said)


def screened(world: World, agency: str) -> None:
    """The agency's lead screens the child of its missing record, which others see as well, below a floor; another signs that off,
    and answers some of what was asked; and a local tool's result is entered."""
    other = {"kent": "essex", "essex": "kent"}[agency]
    asked = dict.fromkeys((each.id for each in newest().domains), other)
    ref = f"{agency}/missing"
    with _lead(world, agency) as viewpoint:
        person = person_of(viewpoint, _child_in(ref))
        assert person is not None
        before = all_screenings(viewpoint, person.mentions)
        stage = STAGES[Stage(before[-1].row.stage) if before else None][0]
        said = Screened(
            stage, {"debt": Answer(Tristate.NO)}, asked, 9, "“Leave me.”", "Seen.", judged="low", grounds=("ended",)
        )
        row = screen_person(about=_child_in(ref), said=said, stood=len(before), viewpoint=viewpoint)
        made = {"tool": "grid_0_3", "result": "2", "made_by": "Worker Q", "day": timezone.localdate(), "text": ""}
        enter_local_result(about=_child_in(ref), viewpoint=viewpoint, **made)
    with _lead(world, agency) as viewpoint:
        sign_off(screening=row.id, agreed=True, reason="Seen too.", viewpoint=viewpoint)
        for needed in InformationNeeded.objects.filter(screening=row).order_by("question")[:1]:
            answer_needed(needed=needed.id, said=Tristate.YES, text="They owe.", viewpoint=viewpoint)


def _lead(world: World, agency: str) -> Any:
    who = world.builders.enrolled(f"{agency}.lead{next(numbers)}", agency=agency, roles=(Role.SAFEGUARDING,))
    return world.builders.seen_by(who)


def _child_in(ref: str) -> UUID:
    return Mention.objects.get(record__ref=ref, kind="person").id


def met_about(world: World, agency: str) -> None:
    """A strategy meeting about somebody whom a record of the agency's own mentions, another agency invited, and a plan."""
    record = own_record(world, agency)
    name = f"{agency}.caller{next(numbers)}"
    lead = world.builders.enrolled(name, agency=agency, roles=(Role.SAFEGUARDING,))
    with world.builders.seen_by(lead) as viewpoint:
        people = viewpoint.visible(Mention.objects.filter(record=record, kind="person")).order_by("place")
        later = timezone.now() + timedelta(days=1)
        told = {"purpose": "Keep safe.", "starts_at": later, "joining": "Room 2"}
        called = call_meeting(about=people[0].id, viewpoint=viewpoint, **told)
        invite(meeting=called.id, invited="norfolk", bring="", viewpoint=viewpoint)
        said = dict.fromkeys(plan_parts(), "Said.")
        due = timezone.localdate() + timedelta(days=7)
        open_plan(about=people[0].id, said=said, review_on=due, reason="At risk.", viewpoint=viewpoint)
