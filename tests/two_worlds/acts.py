"""What people do out of sight, by the real actions: they look, decide, review, release, shut away, plant decoys and sign in."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.utils import timezone

from crossline.access import one_time_codes as codes
from crossline.access.approvals import Act, ask, decide
from crossline.access.compartments.actions import admit, confirm_admission, end_admission
from crossline.access.models import AuditEvent, Person
from crossline.access.retention import QUESTIONS
from crossline.access.roles import Role
from crossline.access.second_factor import add_second_factor, end_second_factor
from crossline.access.viewer import viewer_of
from crossline.audit.decisions import Outcome
from crossline.audit.decisions import decide as decide_on_read
from crossline.deconfliction.answering import set_answer
from crossline.deconfliction.checking import Asked, Why, ask_check
from crossline.deconfliction.events import call_off_event, register_event
from crossline.deconfliction.inbox import asked_about
from crossline.deconfliction.pointing import make_pointers
from crossline.deconfliction.resolving import record_outcome
from crossline.deconfliction.rules import AnswerLevel, Resolution
from crossline.engines.deconfliction.tokens import Point
from crossline.lines.applicants import may_draft
from crossline.lines.judging import judge_change
from crossline.lines.models import ChangeState
from crossline.lines.register import register
from crossline.operations.joint.asking import About, Said
from crossline.operations.joint.asking import Asked as Wished
from crossline.operations.joint.asking import ask as ask_agency
from crossline.operations.joint.asking import move as move_request
from crossline.operations.joint.leads import offer_lead
from crossline.operations.joint.moves import AboutKind, AskedFor, Priority, RequestState
from crossline.operations.joint.surfacing import mark_read
from crossline.orders.drafting import draft_ddtro, gathered_for
from crossline.orders.following import follow_order
from crossline.orders.models import EntryKind, OrderState
from crossline.orders.steps import move_order, note_on_order
from crossline.records.compartments.actions import put_in, take_out
from crossline.records.decoys.drawing import Story
from crossline.records.decoys.planting import agree, end, plant
from crossline.records.disposal import dispose_due
from crossline.records.models import Mention, Record
from crossline.records.releasing import ask_to_release, release, take_back
from crossline.records.restriction import restrict
from crossline.records.retention.models import Choice, Ground, HoldGround
from crossline.records.retention.reviews import confirm, lift_hold, place_hold, review
from crossline.vocabulary.codes import Tristate

from .world import OF_NOBODY, World, compartment, numbers, planned, sent

ANSWERS: Final = {question.id: Tristate.NO for question in QUESTIONS}


def colleague(world: World, agency: str) -> None:
    """Somebody is enrolled, looks about and searches; and somebody to administer the agency's people."""
    world.builders.enrolled(f"{agency}.enroller", agency=agency, roles=(Role.ADMINISTRATOR,))
    who = world.builders.enrolled(f"{agency}.colleague", agency=agency, roles=(Role.ANALYST,))
    from .probes import fetch  # what they do is what everybody does

    with world.builders.role("crossline_web"):  # but never at another agency's records, whose auditors are told of it
        for address in ("/", "/lines", f"/records?agency={agency}", "/search?q=Jaden+Cole"):
            fetch(who, address)


def _manager(world: World, agency: str) -> Any:
    name = f"{agency}.manager{next(numbers)}"
    return world.builders.seen_by(world.builders.enrolled(name, agency=agency, roles=(Role.INFORMATION_MANAGER,)))


def own_record(world: World, agency: str) -> UUID:
    ref = f"{agency}/kept-{next(numbers)}"
    sent(world, agency, reports=[world.builders.full_report(ref, audience=[agency])])
    return Record.objects.get(owner=agency, ref=ref).id


def restricted(world: World, agency: str) -> None:
    """A record is not to be used for a decision."""
    record = own_record(world, agency)
    with _manager(world, agency) as viewpoint:
        restrict(record=record, reason="Disputed.", viewpoint=viewpoint)


def held(world: World, agency: str) -> None:
    """A record is kept for a court."""
    record = own_record(world, agency)
    with _manager(world, agency) as viewpoint:
        place_hold(record=record, ground=HoldGround.PROCEEDINGS, reason="Trial in May.", viewpoint=viewpoint)


def disposed_of(world: World, agency: str) -> None:
    """A record goes: one decides, another confirms, the daily round carries it out."""
    record = own_record(world, agency)
    with _manager(world, agency) as viewpoint:
        made = review(
            record=record,
            choice=Choice.DISPOSE,
            answers=ANSWERS,
            reason="Nothing came of it.",
            ground=Ground.NOT_NECESSARY,
            viewpoint=viewpoint,
            today=timezone.now().date(),
        )
    with _manager(world, agency) as viewpoint:
        confirm(review=made.id, agreed=True, viewpoint=viewpoint)
    assert dispose_due(reach=world.builders.reach(world.kept), now=timezone.now())


def approval_asked(world: World, agency: str) -> None:
    """Somebody asks for a second person's word, and gets it."""
    who = world.builders.enrolled(f"{agency}.asker{next(numbers)}", agency=agency, roles=(Role.ANALYST,))
    with world.builders.seen_by(who) as viewpoint:
        made = ask(act=Act.BULK_EXPORT, about="people as csv", rows=901, reason="For us.", viewpoint=viewpoint)
    with _manager(world, agency) as viewpoint:
        decide(approval=made.id, approved=True, note="", viewpoint=viewpoint)


def reviewed(world: World, agency: str) -> None:
    """A record is kept after a review; its disposal is decided and declined; and it is held, and no longer."""
    record = own_record(world, agency)
    said = {"record": record, "answers": ANSWERS, "reason": "Read again.", "today": timezone.now().date()}
    with _manager(world, agency) as viewpoint:
        review(choice=Choice.KEEP, ground=None, viewpoint=viewpoint, **said)
        made = review(choice=Choice.DISPOSE, ground=Ground.INACCURATE, viewpoint=viewpoint, **said)
    with _manager(world, agency) as viewpoint:
        confirm(review=made.id, agreed=False, reason="It is right.", viewpoint=viewpoint)
        hold = place_hold(record=record, ground=HoldGround.INQUIRY, reason="An inquest.", viewpoint=viewpoint)
        lift_hold(hold=hold.id, reason="It is over.", viewpoint=viewpoint)


def second_factor(world: World, agency: str) -> None:
    """Somebody sets up a device, loses it, and sets up another."""
    who = world.builders.enrolled(f"{agency}.device{next(numbers)}", agency=agency, roles=(Role.ANALYST,))
    for lost in (False, True):
        secret = codes.new_secret()
        with world.builders.seen_by(who):
            if lost:
                end_second_factor(person=who.person_id, username=who.username, by=who)
            add_second_factor(viewer=who, secret=secret, code=codes.code_of(secret, codes.step_at(time.time())))


def read_decided_on(world: World, agency: str) -> None:
    """An auditor asks somebody why they read what they read."""
    number = next(numbers)
    reader = world.builders.enrolled(f"{agency}.reader{number}", agency=agency, roles=(Role.ANALYST,))
    auditor = world.builders.enrolled(f"{agency}.asking{number}", agency=agency, roles=(Role.AUDITOR,))
    record = own_record(world, agency)
    from .probes import fetch

    with world.builders.role("crossline_web"):
        fetch(reader, f"/records/{record}")
    with world.builders.seen_by(auditor) as viewpoint:
        read = AuditEvent.objects.get(actor=reader.username, subject_kind="record")
        decide_on_read(event=read.id, outcome=Outcome.ASKED, note="Why this one?", viewpoint=viewpoint)


def released(world: World, agency: str) -> None:
    """A record is released to an agency of which nobody looks; and another, and back again."""
    who = world.builders.enrolled(f"{agency}.releaser{next(numbers)}", agency=agency, roles=(Role.ANALYST,))
    for again in (False, True):
        record = own_record(world, agency)
        with world.builders.seen_by(who) as viewpoint:
            said = {"to": "norfolk", "conditions": "Ask us first.", "reason": "For their inquiry."}
            asked = ask_to_release(record=record, viewpoint=viewpoint, **said)
        with _manager(world, agency) as viewpoint:
            decide(approval=asked.id, approved=True, note="", viewpoint=viewpoint)
        with world.builders.seen_by(who) as viewpoint:
            made = release(record=record, to="norfolk", approval=asked.id, viewpoint=viewpoint)
        if again:
            with _manager(world, agency) as viewpoint:
                take_back(release=made.id, reason="It is over.", viewpoint=viewpoint)


def _planted(world: World, agency: str) -> UUID:
    """A decoy with the name and number that everybody searches for, and nobody's word on it yet."""
    now, number = timezone.now(), next(numbers)
    story = Story(
        ref=f"{agency}/decoy-{number}",
        made_at=now - timedelta(days=9),
        occurred_at=now - timedelta(days=10),
        source_grade="1",
        information_grade="A",
        conditions="A1 S2",
        subject="Operation Larch",
        text="Jaden Cole uses 07700 900123.",
        forename="Jaden",
        surname="Cole",
        born="1996-04-11",
        sex="M",
        number="07700 900123",
    )
    said = {"days": 9, "reason": "Somebody sells what they read.", "sponsor": f"{agency}.sponsor"}
    with _person(world, f"{agency}.planter") as viewpoint:
        return plant(story=story, viewpoint=viewpoint, **said).id


def _person(world: World, username: str) -> Any:
    return world.builders.seen_by(viewer_of(Person.objects.get(username=username)))


def decoy_waiting(world: World, agency: str) -> None:
    """An auditor plants a decoy to which nobody has agreed."""
    _planted(world, agency)


def decoy(world: World, agency: str) -> None:
    """A decoy in force, and one that was and is no more."""
    for again in (False, True):
        made = _planted(world, agency)
        with _person(world, f"{agency}.sponsor") as viewpoint:
            agree(decoy=made, viewpoint=viewpoint)
        if again:
            with _person(world, f"{agency}.planter") as viewpoint:
                end(decoy=made, note="Over.", viewpoint=viewpoint)


def revised(world: World, agency: str) -> None:
    """An investigation is sent again with another name: whoever an earlier revision was released to is told nothing of it."""
    name = f"Operation Elder {next(numbers)}"
    again = world.builders.investigation("OP-2", agency=agency, name=name, line_refs=f"{agency}-MAX")
    sent(world, agency, investigations=[again])


def shut_away(world: World, agency: str) -> None:
    """Records go into a compartment of the agency, one of them is sent again while it is inside, and somebody is admitted."""
    number = next(numbers)
    # Whoever is enrolled is known to colleagues: where those are asked, it is done by who is there.
    own = world.people.get(f"{agency}.manager")
    made = compartment(world, agency, keeper=own, number=number)
    guest = world.builders.enrolled(f"norfolk.guest{number}", agency="norfolk", roles=(Role.INVESTIGATOR,))
    inside = [own_record(world, agency) for _ in range(2)]
    ref, named = f"OP-V{number}", {"agency": agency, "line_refs": f"{agency}-MAX"}
    sent(world, agency, investigations=[world.builders.investigation(ref, name="Operation Sorrel", **named)])
    inside.append(Record.objects.get(owner=agency, ref=ref).id)
    with world.builders.seen_by(made.keeper) as viewpoint:
        said = {"compartment": made.id, "reason": "On the case.", "viewpoint": viewpoint}
        asked = admit(username=guest.username, keeper=False, **said)
        for record in inside:
            put_in(record=record, **said)
    if own is None:
        manager = (Role.INFORMATION_MANAGER,)
        second = world.builders.enrolled(f"{agency}.second{number}", agency=agency, roles=manager)
        with world.builders.seen_by(made.keeper) as viewpoint:
            admit(**said | {"username": second.username, "keeper": True, "viewpoint": viewpoint})
        with world.builders.seen_by(second) as viewpoint:
            confirm_admission(admission=asked.id, viewpoint=viewpoint)
    sent(world, agency, investigations=[world.builders.investigation(ref, name="Operation Tansy", **named)])


def taken_out(world: World, agency: str) -> None:
    """A record goes into a compartment of the agency, and comes out again by another keeper; and somebody leaves."""
    number = next(numbers)
    made, record = compartment(world, agency, number=number), own_record(world, agency)
    manager = (Role.INFORMATION_MANAGER,)
    second = world.builders.enrolled(f"{agency}.second{number}", agency=agency, roles=manager)
    with world.builders.seen_by(made.keeper) as viewpoint:
        said = {"compartment": made.id, "reason": "On the case.", "viewpoint": viewpoint}
        left = admit(username=second.username, keeper=True, **said)
        put_in(record=record, **said)
    with world.builders.seen_by(second) as viewpoint:
        take_out(record=record, reason="It is known by now.", viewpoint=viewpoint)
        end_admission(admission=left.id, reason="It is over.", viewpoint=viewpoint)


def change_decided(world: World, agency: str) -> None:
    """Somebody rejects a change of number that another set of the agency's data showed."""
    number = next(numbers)
    data = f"AUTH-D{number}"
    _communications(world, agency, data)
    found = world.builders.succession(agency, "+447700900123#0042", f"+4477009008{number % 100:02}#0001", data=data)
    with _manager(world, agency) as viewpoint:
        judge_change(finding=found, state=ChangeState.REJECTED, reason="A taxi.", stood=None, viewpoint=viewpoint)


def change_decided_inside(world: World, agency: str) -> None:
    """The change that everybody of the agency sees is confirmed from data in a compartment, by who belongs there."""
    number = next(numbers)
    made = compartment(world, agency, keeper=world.people.get(f"{agency}.manager"), number=number)
    data = f"AUTH-V{number}"
    _communications(world, agency, data)
    pair = {
        "kent": ("+447700900123#0042", "+447700900777#0001"),
        "essex": ("+447700900444#0002", "+447700900888#0001"),
    }[agency]
    found = world.builders.succession(agency, *pair, data=data)
    with world.builders.seen_by(made.keeper) as viewpoint:
        record = Record.objects.get(owner=agency, ref=data).id
        put_in(record=record, compartment=made.id, reason="Covert.", viewpoint=viewpoint)
    with world.builders.seen_by(made.keeper) as viewpoint:
        judge_change(finding=found, state=ChangeState.CONFIRMED, reason="Seized.", stood=None, viewpoint=viewpoint)


def asked_between_agencies(world: World, agency: str) -> None:
    """An agency asks another, which declines; and marks as read what surfaced of the lines run from its area."""
    role, number = (Role.INVESTIGATOR,), next(numbers)
    asker = world.builders.enrolled(f"{agency}.asker{number}", agency=agency, roles=role)
    other = world.builders.enrolled(f"norfolk.asked{number}", agency="norfolk", roles=role)
    with world.builders.seen_by(asker) as viewpoint:
        words = {"subject": "Line Leo", "wanted": "Act.", "reason": "Harm.", "grounds": "A source."}
        said = Wished(
            "norfolk", AskedFor.ACTION, Priority.URGENT, about=About(AboutKind.LINE, agency, "LEO-1"), **words
        )
        made = ask_agency(asked=said, viewpoint=viewpoint)
        mark_read(up_to=timezone.now(), viewpoint=viewpoint)
    for stood, state in enumerate((RequestState.ACKNOWLEDGED, RequestState.DECLINED), start=1):
        with world.builders.seen_by(other) as viewpoint:
            move_request(request=made.id, to=state, said=Said(text="No."), stood=stood, viewpoint=viewpoint)


def lead_offered(world: World, agency: str) -> None:
    """An agency offers another the lead of a line that it returned: for everybody with a policing role, and nobody else."""
    name = f"{agency}.leader{next(numbers)}"
    with world.builders.seen_by(world.builders.enrolled(name, agency=agency, roles=(Role.ANALYST,))) as viewpoint:
        own = next(line for line in register(viewpoint).lines if agency in {row.owner for row in line.returns})
        offer_lead(line=UUID(own.id), lead="norfolk", reason="They hold it.", viewpoint=viewpoint)


def orders_of_a_court(world: World, agency: str) -> None:
    """An application about a line that the agency returned, and an order about somebody whom a record of it names."""
    with _manager(world, agency) as viewpoint:
        line = next(each for each in register(viewpoint).lines if may_draft(each, viewpoint))
        gathered = gathered_for(viewpoint, UUID(line.id), agency)
        assert gathered is not None
        sentences = {ground.record.id: "A deal was seen." for ground in gathered.grounds}
        keys = [each.key for each in gathered.identifiers]
        draft_ddtro(
            line=UUID(line.id),
            answers={},
            identifiers=keys,
            sentences=sentences,
            reason="Closing it.",
            viewpoint=viewpoint,
        )
        about = viewpoint.visible(Mention.objects.filter(kind="person", owner=agency)).order_by("record__ref", "key")[0]
        order = follow_order(kind="cbo", about=about.id, answers={}, reason="Convicted.", viewpoint=viewpoint).id
        done = {"order": order, "day": timezone.localdate(), "viewpoint": viewpoint}
        move_order(state=OrderState.GRANTED, stood=1, said={"order_ref": "1"}, reason="Granted.", **done)
        note_on_order(kind=EntryKind.BREACH, said={}, text="Seen there.", **done)


def _communications(world: World, agency: str, data: str) -> None:
    """A set of communications data under this reference."""
    folder = world.folder / data
    world.builders.delivery(folder, agency=agency, ref=data)
    said = world.builders.authorisation(data, agency=agency)
    world.builders.write_communications(folder / "comms", said=said)
    world.builders.take(folder, world.kept)


def check_asked(world: World, agency: str) -> None:
    """Somebody asks about a vehicle that nobody works on, and their agency says again that it is silent; they plan two events
    where nobody else does, and call one of them off."""
    why = Why("before a stop", "Operation Tansy", "Their own desk", 28)
    with _manager(world, agency) as viewpoint:
        ask_check(asked=Asked.read("vrm", f"ZZ{next(numbers) % 100:02} ZZZ"), why=why, viewpoint=viewpoint)
        set_answer(level=AnswerLevel.SILENT, contact="", category="", viewpoint=viewpoint)
        elsewhere = planned(AnswerLevel.CONTACT, Point(54.9, -1.5))
        for _ in range(2):
            made = register_event(planned=elsewhere, reason=why, viewpoint=viewpoint)
        call_off_event(check=made.id, viewpoint=viewpoint)


def silent_investigation(world: World, agency: str) -> None:
    """An agency that lets nothing be said works on what others have asked about: it is told of them, and they of nothing; and
    what it makes of each is its own to read."""
    ref = f"OP-S{next(numbers)}"
    said = {"agency": agency, "name": "Operation Yarrow", "line_refs": "", "selectors": f"phone:{OF_NOBODY}"}
    sent(world, agency, investigations=[world.builders.investigation(ref, **said)])
    make_pointers()
    with _manager(world, agency) as viewpoint:
        own = Record.objects.get(owner=agency, ref=ref).id
        concerned = [each for each in asked_about(viewpoint) if each.record == own]
        assert concerned, "others have asked about it"
        for each in concerned:
            outcome = {"state": Resolution.NO_CONFLICT, "note": "We keep away.", "stood": None}
            record_outcome(check=each.asked, other=agency, viewpoint=viewpoint, **outcome)
