"""What people do in the world that row security is tried in: they look, decide, ask, review, hold, restrict and sign in.

All of it through the real actions, as the web login. Kent's people do more of everything than Essex's, so that no two people
see the same number of rows by chance.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from random import Random
from uuid import UUID

import psycopg
from django.db import transaction
from django.test import Client
from django.utils import timezone

from crossline.access import one_time_codes as codes
from crossline.access.approvals import Act, ask, withdraw
from crossline.access.approvals import decide as decide_on_request
from crossline.access.compartments.actions import admit, confirm_admission, end_admission, open_compartment
from crossline.access.compartments.models import CompartmentKind
from crossline.access.lock_out import Door
from crossline.access.models import AuditDecision, AuditEvent, AuditSubject, Person
from crossline.access.policy_changes.actions import Said, State, history, say, write_down
from crossline.access.policy_changes.statement import Statement
from crossline.access.retention import QUESTIONS
from crossline.access.second_factor import add_second_factor, end_second_factor
from crossline.access.viewer import Explanation, Viewer, Viewpoint, reading
from crossline.audit.decisions import Outcome, decide
from crossline.deconfliction.answering import set_answer
from crossline.deconfliction.checking import Asked, Why, ask_check
from crossline.deconfliction.events import Planned, call_off_event, register_event
from crossline.deconfliction.resolving import record_outcome
from crossline.deconfliction.rules import AnswerLevel, Resolution
from crossline.engines.deconfliction.tokens import EventKind, PlannedEvent, Point
from crossline.hosting.logins import DatabaseAccess, Login
from crossline.installation import use_login
from crossline.lines import declaring
from crossline.lines.applicants import may_draft
from crossline.lines.attention import change_attention
from crossline.lines.declaring_orders import declare_orders
from crossline.lines.evidence import Offered
from crossline.lines.judging import judge_change
from crossline.lines.models import ChangeState, PairVerdict
from crossline.lines.pairing import judge_pair
from crossline.lines.register import register
from crossline.lines.rows import successions
from crossline.lines.states import DeclaredState, OrdersTaken
from crossline.operations.joint.asking import Asked as Wished
from crossline.operations.joint.asking import Said as Words
from crossline.operations.joint.asking import ask as ask_agency
from crossline.operations.joint.asking import move as move_request
from crossline.operations.joint.leads import offer_lead
from crossline.operations.joint.moves import AskedFor, Priority, RequestState
from crossline.operations.joint.surfacing import mark_read
from crossline.orders.drafting import draft_ddtro, gathered_for
from crossline.orders.following import follow_order
from crossline.orders.models import EntryKind, OrderState
from crossline.orders.steps import move_order, note_on_order
from crossline.records.compartments.actions import put_in, take_out
from crossline.records.decoys.drawing import draw
from crossline.records.decoys.planting import agree, end, plant
from crossline.records.disposal import Reach, dispose_due
from crossline.records.models import Mention, Record
from crossline.records.releasing import ask_to_release, release, take_back
from crossline.records.restriction import lift, restrict
from crossline.records.retention.models import Choice, Ground, HoldGround
from crossline.records.retention.reviews import confirm, lift_hold, place_hold, review

from .meetings_at_work import meet_about
from .partners_at_work import (
    answer_for_children,
    keep_one_report,
    offer_help,
    refer,
    report_as_partners,
    screen_people,
    see_to_missing,
)
from .recalls_at_work import answer_what_is_asked, export_people
from .safeguarding_at_work import keep_premises, refer_people

OFTEN: Mapping[str, int] = {"kent": 2, "essex": 1}
"""Whose people act, and how often."""
SECOND: Mapping[str, str] = {"kent": "information-manager", "essex": "everything"}
"""Who is asked to agree to decoys."""
READERS = (
    *("kent.analyst", "essex.analyst", "metropolitan.analyst", "surrey.safeguarding", "nclcc.coordinator"),
    "norfolk.analyst",
)
ANSWERS = {question.id: "unknown" for question in QUESTIONS}


def people_at_work(
    access: DatabaseAccess, viewers: Mapping[str, Viewer], former: Sequence[Viewer], reach: Reach
) -> None:
    """Everything that people do on pages, and the disposals that follow. `former` are people whose access ends afterwards."""
    changed = write_down_another_policy()
    use_login(access.only(Login.WEB), Login.WEB)
    try:
        answer_to_it(viewers, changed)
        for reader in [*(viewers[name] for name in READERS), *former]:
            look_at_records(reader)
        for each in former:
            ask_for_exports(each, times=1)
            set_up_second_factor(each, changes=0)
        for agency, often in OFTEN.items():
            decide_on_reads(viewers, agency, often)
            made = ask_for_exports(viewers[f"{agency}.analyst"], times=often)
            with reading(viewers[f"{agency}.information-manager"]) as viewpoint:
                decide_on_request(approval=made[0], approved=True, note="", viewpoint=viewpoint)
            set_up_second_factor(viewers[f"{agency}.analyst"], changes=often)
            answer_for_records(viewers, agency, often)
            release_records(viewers, agency, often)
            shut_away(viewers, agency, often)
            plant_decoys(viewers, agency, often)
            decide_on_changes(viewers, agency, often)
            work_together(viewers, agency, often)
            deconflict(viewers, agency, often)
            apply_for_orders(viewers, agency, often)
            answer_for_children(viewers, agency, often)
            refer(viewers, agency, often)
            refer_people(viewers, agency, often)
            keep_premises(viewers, agency, often)
            see_to_missing(viewers, agency, often)
            screen_people(viewers, agency, often)
            meet_about(viewers, agency, often)
            declare_on_lines(viewers, agency, often)
            say_of_lines(viewers, agency, often)
            report_as_partners(viewers, agency, often)
            offer_help(viewers, agency, often)
            export_people(viewers, agency, often)
        claim_a_read(viewers, of="kent", by="essex")
        try_to_sign_in()
    finally:
        use_login(access, Login.ENGINE)
    for force in OFTEN:
        keep_one_report(force)
    now = timezone.now()
    due = dispose_due(reach=reach, now=now, dry_run=True)
    assert len(dispose_due(reach=reach, now=now, expect=len(due))) == len(due) > len(OFTEN)
    use_login(access.only(Login.WEB), Login.WEB)
    try:
        for agency, often in OFTEN.items():
            answer_what_is_asked(viewers, agency, often)
    finally:
        use_login(access, Login.ENGINE)
    with psycopg.connect(access.conninfo(Login.ADMINISTRATOR), autocommit=True) as connection:
        connection.execute(
            "INSERT INTO access_signinattempt (id, at, username, address, outcome) SELECT gen_random_uuid(), "
            "now() - hours * interval '1 hour', 'kent.analyst', '192.0.2.1', 'failed' FROM generate_series(3, 5) hours"
        )


def write_down_another_policy() -> Statement:
    """As a start of other software does; what is served here stays in force."""
    changed = Statement(history()[0].statement.lines[1:])
    assert write_down(stated=changed, offered=True) is State.WAITS
    return changed


def answer_to_it(viewers: Mapping[str, Viewer], changed: Statement) -> None:
    """One information manager of the centre agrees to it, and another refuses."""
    for who, said in (("nclcc.information-manager", Said.AGREED), ("nclcc.everything", Said.REFUSED)):
        with reading(viewers[who]) as viewpoint:
            latest = history()[0].row.id
            say(statement=latest, said=said, note="Read.", running=changed.digest, viewpoint=viewpoint)


def signed_in(username: str) -> Client:
    """A browser in which somebody has signed in."""
    client = Client(headers={"host": "localhost"})
    client.force_login(Person.objects.get(username=username))
    return client


def look_at_records(reader: Viewer) -> None:
    """A list, a search, and some records of each agency that the reader sees any of."""
    with reading(reader) as viewpoint:
        seen = viewpoint.visible(Record.objects.exclude(delivery=None)).order_by("owner_id", "ref", "id")
        of_each: dict[str, list[UUID]] = {}
        for owner, record in seen.values_list("owner_id", "id"):
            of_each.setdefault(owner, []).append(record)
    client = signed_in(reader.username)
    for address in (
        "/records",
        "/search?q=jaden",
        *(f"/records/{each}" for own in of_each.values() for each in own[:2]),
    ):
        assert client.get(address).status_code == 200, (reader.username, address)


def decide_on_reads(viewers: Mapping[str, Viewer], agency: str, often: int) -> None:
    """The agency's auditor on reads of its own records by its own people, of which no other agency's auditor learns."""
    with reading(viewers[f"{agency}.auditor"]) as viewpoint:
        own = AuditSubject.objects.filter(owner_agency=agency).values("event")
        reads = AuditEvent.objects.filter(actor=f"{agency}.analyst", subject_kind="record", id__in=own)
        for read in reads.order_by("at")[:often]:
            decide(event=read.id, outcome=Outcome.ASKED, note="asked", viewpoint=viewpoint)


def ask_for_exports(who: Viewer, *, times: int) -> list[UUID]:
    """Requests of one person, the last of several taken back."""
    with reading(who) as viewpoint:
        asked = [
            ask(act=Act.BULK_EXPORT, about=f"people as csv {number}", rows=9, reason="needed", viewpoint=viewpoint).id
            for number in range(times)
        ]
        if times > 1:
            withdraw(approval=asked[-1], viewpoint=viewpoint)
    return asked


def set_up_second_factor(who: Viewer, *, changes: int) -> None:
    """A device, and another for each change."""
    assert who.person_id is not None
    for number in range(changes + 1):
        secret = codes.new_secret()
        with reading(who):
            if number:
                end_second_factor(person=who.person_id, username=who.username, by=who)
            add_second_factor(viewer=who, secret=secret, code=codes.code_of(secret, codes.step_at(time.time())))


def records_of(who: Viewer, agency: str) -> list[UUID]:
    """Records of an agency's own that somebody sees: those made for this world, in the order of their references."""
    with reading(who) as viewpoint:
        own = viewpoint.visible(Record.objects.filter(owner=agency, source="reports", ref__contains="/Qu"))
        return list(own.order_by("ref", "id").values_list("id", flat=True))


def answer_for_records(viewers: Mapping[str, Viewer], agency: str, often: int) -> None:
    """Two information managers of an agency: reviews of every kind, a second word, holds and restrictions, some lifted."""
    manager, second = viewers[f"{agency}.information-manager"], viewers[f"{agency}.everything"]
    own, apart = records_of(manager, agency), 14 // often
    with reading(manager) as viewpoint:
        for record in own[0::apart]:
            reviewed(record, Choice.KEEP, viewpoint)
        held = [
            place_hold(record=each, ground=HoldGround.INQUIRY, reason="asked", viewpoint=viewpoint)
            for each in own[1::apart]
        ]
        for hold in held[::2]:
            lift_hold(hold=hold.id, reason="over", viewpoint=viewpoint)
        for number, record in enumerate(own[2::apart]):
            restrict(record=record, reason="disputed", viewpoint=viewpoint)
            if number % 2:
                lift(record=record, reason="settled", viewpoint=viewpoint)
        to_go = [reviewed(record, Choice.DISPOSE, viewpoint) for record in own[3::apart]]
    with reading(second) as viewpoint:
        for number, decided in enumerate(to_go):
            confirm(review=decided, agreed=number % 2 == 0, reason="looked again", viewpoint=viewpoint)


def release_records(viewers: Mapping[str, Viewer], agency: str, often: int) -> None:
    """A record under handling C to agencies that did not see it, asked for by one person and allowed by another, then another
    record and back again."""
    asker, manager = viewers[f"{agency}.analyst"], viewers[f"{agency}.information-manager"]
    for number, to in enumerate([*("norfolk", "metropolitan")[:often], *["norfolk"] * often]):
        with reading(asker) as viewpoint:
            own = viewpoint.visible(Record.objects.filter(owner=agency, source="reports", ref__contains="/Qu"))
            record = own.filter(kind="intelligence", handling="C").order_by("-ref")[max(0, number - often + 1)].id
            asked = ask_to_release(record=record, to=to, conditions="Ask us.", reason="theirs", viewpoint=viewpoint)
        with reading(manager) as viewpoint:
            decide_on_request(approval=asked.id, approved=True, note="", viewpoint=viewpoint)
        with reading(asker) as viewpoint:
            made = release(record=record, to=to, approval=asked.id, viewpoint=viewpoint)
        if number >= often:
            with reading(manager) as viewpoint:
                take_back(release=made.id, reason="over", viewpoint=viewpoint)


def shut_away(viewers: Mapping[str, Viewer], agency: str, often: int) -> None:
    """Compartments of an agency, a second keeper, somebody of it and somebody of another, some of whom leave; and records that
    are put in, one of them taken out again."""
    first, second = viewers[f"{agency}.information-manager"], viewers[f"{agency}.everything"]
    other, own = viewers["norfolk.analyst"], viewers[f"{agency}.analyst"]
    for number in range(often + 1):
        with reading(first) as viewpoint:
            made = open_compartment(
                kind=CompartmentKind.OPERATION, name=f"Operation Quoin {number}", reason="covert", viewpoint=viewpoint
            )
        with reading(first) as viewpoint:
            said = {"compartment": made.id, "reason": "on the case", "viewpoint": viewpoint}
            admit(username=second.username, keeper=True, **said)
            admitted = [admit(username=who.username, keeper=False, **said) for who in (other, own)]
        with reading(second) as viewpoint:
            confirm_admission(admission=admitted[0].id, viewpoint=viewpoint)
            if number:
                end_admission(admission=admitted[number % 2].id, reason="off the case", viewpoint=viewpoint)
        with reading(first) as viewpoint:
            rows = viewpoint.visible(Record.objects.filter(owner=agency, source="reports", ref__contains="/Qu"))
            chosen = rows.filter(kind="intelligence", handling="P", audience__labels__key="police").order_by("ref")
            inside = list(chosen.values_list("id", flat=True)[: 1 + often])
            for record in inside:
                put_in(record=record, compartment=made.id, reason="tells of the source", viewpoint=viewpoint)
        with reading(second) as viewpoint:
            take_out(record=inside[0], reason="it is known by now", viewpoint=viewpoint)


def plant_decoys(viewers: Mapping[str, Viewer], agency: str, often: int) -> None:
    """An agency's auditor plants decoys; whoever is asked agrees to all but one, and one of them is ended. One is read.

    In Essex the information manager is not asked, and is not to know.
    """
    auditor, second = viewers[f"{agency}.auditor"], viewers[f"{agency}.{SECOND[agency]}"]
    made = []
    with reading(auditor) as viewpoint:
        for number in range(often + 2):
            story = draw(agency, chance=Random(f"{agency} {number}"), now=timezone.now())
            made.append(plant(story=story, days=9, reason="asked", sponsor=second.username, viewpoint=viewpoint).id)
    with reading(second) as viewpoint:
        for each in made[1:]:
            agree(decoy=each, viewpoint=viewpoint)
        end(decoy=made[1], note="over", viewpoint=viewpoint)
    assert signed_in(f"{agency}.analyst").get(f"/records/{made[-1]}").status_code == 200


def decide_on_changes(viewers: Mapping[str, Viewer], agency: str, often: int) -> None:
    """An agency's analyst confirms a change of number, and somebody of the centre rejects it; in Kent that is taken back."""
    with reading(viewers[f"{agency}.analyst"]) as viewpoint:
        found = next(each for each in successions(viewpoint) if each.owner == agency)
    said = [("analyst", agency, ChangeState.CONFIRMED), ("information-manager", "nclcc", ChangeState.REJECTED)]
    stood: UUID | None = None
    for role, of, state in [*said, ("analyst", agency, ChangeState.WITHDRAWN)][: 1 + often]:
        with reading(viewers[f"{of}.{role}"]) as viewpoint:
            asked = {"finding": found.record, "reason": "looked into", "viewpoint": viewpoint}
            stood = judge_change(state=state, stood=stood, **asked).id


def work_together(viewers: Mapping[str, Viewer], agency: str, often: int) -> None:
    """An agency asks another, which says that it has the request; offers the lead of its line; and reads what surfaced."""
    with reading(viewers[f"{agency}.analyst"]) as viewpoint:
        asked = [
            ask_agency(
                asked=Wished("norfolk", AskedFor.ACTION, Priority.URGENT, f"Line {number}", "Act.", "Harm.", "Seen."),
                viewpoint=viewpoint,
            ).id
            for number in range(often)
        ]
        own = next(line for line in register(viewpoint).lines if agency in {row.owner for row in line.returns})
        offer_lead(
            line=UUID(own.id), lead=("surrey", "norfolk")[often - 1], reason="They hold it.", viewpoint=viewpoint
        )
        for _ in range(often):
            mark_read(up_to=timezone.now(), viewpoint=viewpoint)
    with reading(viewers["norfolk.analyst"]) as viewpoint:
        move_request(request=asked[0], to=RequestState.ACKNOWLEDGED, said=Words(), stood=1, viewpoint=viewpoint)


def deconflict(viewers: Mapping[str, Viewer], agency: str, often: int) -> None:
    """An agency lets it be said of some of its investigations that it works on them; another asks, and both record what became
    of it: the first agency as well while it is silent. It plans events, and calls them off."""
    other = {"kent": "norfolk", "essex": "surrey"}[agency]
    with reading(viewers[f"{agency}.analyst"]) as viewpoint:
        own = viewpoint.visible(Record.objects.filter(owner=agency, ref="OP-1", source="investigations")).get()
        set_answer(level=AnswerLevel.SILENT, contact="", category="", viewpoint=viewpoint)
    why = Why("before a warrant", "Operation Larch", f"{other} desk", 91)
    asked: list[UUID] = []
    for number in range(1 + often):
        if number:
            with reading(viewers[f"{agency}.analyst"]) as viewpoint:
                said = {"level": AnswerLevel.CONTACT, "contact": "Larch desk", "category": ""}
                set_answer(record=own.id, viewpoint=viewpoint, **said)
        with reading(viewers[f"{other}.analyst"]) as viewpoint:
            asked.append(ask_check(asked=Asked.read("vrm", "AB12 CDE"), why=why, viewpoint=viewpoint).id)
        with reading(viewers[f"{agency}.information-manager"]) as viewpoint:
            outcome = {"state": Resolution.JOINT, "note": "", "stood": None}
            record_outcome(check=asked[-1], other=agency, viewpoint=viewpoint, **outcome)
    point = {"kent": Point(51.1, 1.1), "essex": Point(51.9, 0.9)}[agency]
    start = timezone.now() + timedelta(days=1)
    event = Planned(PlannedEvent(EventKind.WARRANT, point, start, start), "a place", AnswerLevel.CONTACT)
    with reading(viewers[f"{agency}.analyst"]) as viewpoint:
        for _ in range(1 + often):
            made = register_event(planned=event, reason=why, viewpoint=viewpoint)
            call_off_event(check=made.id, viewpoint=viewpoint)


def apply_for_orders(viewers: Mapping[str, Viewer], agency: str, often: int) -> None:
    """An agency's analyst draws up applications about a line it returned, and follows an order about a person of its reports,
    which is granted and breached."""
    for _ in range(often):
        with reading(viewers[f"{agency}.analyst"]) as viewpoint:
            line = next(each for each in register(viewpoint).lines if may_draft(each, viewpoint))
            gathered = gathered_for(viewpoint, UUID(line.id), agency)
            assert gathered is not None
            said = {ground.record.id: "A deal was seen." for ground in gathered.grounds}
            chosen = {"answers": {}, "identifiers": [each.key for each in gathered.identifiers], "sentences": said}
            draft_ddtro(line=UUID(line.id), reason="closing it", viewpoint=viewpoint, **chosen)
            own = viewpoint.visible(Mention.objects.filter(kind="person", owner=agency)).order_by("record__ref", "key")
            followed = follow_order(kind="stro", about=own[0].id, answers={}, reason="risk", viewpoint=viewpoint).id
            act = {"order": followed, "day": timezone.localdate(), "viewpoint": viewpoint}
            move_order(state=OrderState.GRANTED, stood=1, said={"order_ref": "1"}, reason="granted", **act)
            note_on_order(kind=EntryKind.BREACH, said={}, text="seen", **act)


def declare_on_lines(viewers: Mapping[str, Viewer], agency: str, often: int) -> None:
    """An agency's analyst declares how lines that it returned stand, and names records under both handlings as evidence."""
    with reading(viewers[f"{agency}.analyst"]) as viewpoint:
        own = viewpoint.visible(Record.objects.filter(owner=agency))
        returned = list(own.filter(kind="line_return").order_by("ref").values_list("id", flat=True)[:often])
        named = tuple(
            str(record)
            for handling in ("P", "C")
            for record in own.filter(kind="intelligence", handling=handling, ref__contains="/Qu")
            .order_by("-ref")
            .values_list("id", flat=True)[:often]
        )
        for each in returned:
            disrupted = declaring.Said(DeclaredState.DISRUPTED, "arrests were made", offered=Offered(records=named))
            declaring.declare_status(returned=each, said=disrupted, stood=None, viewpoint=viewpoint)


def say_of_lines(viewers: Mapping[str, Viewer], agency: str, often: int) -> None:
    """An agency's analyst keeps returned lines apart, and the centre raises national attention for some."""
    with reading(viewers[f"{agency}.analyst"]) as viewpoint:
        own = viewpoint.visible(Record.objects.filter(owner=agency, kind="line_return"))
        one, *others = own.order_by("ref")[: 1 + often]
        for other in others:
            said = {"verdict": PairVerdict.DIFFERENT, "reason": "two phones", "stood": None}
            judge_pair(one=one, other=other, viewpoint=viewpoint, **said)
    with reading(viewers["nclcc.analyst"]) as viewpoint:
        for other in others:
            change_attention(returned=other.id, raised=True, reason="children", viewpoint=viewpoint)
            said_of_orders = {"taken": OrdersTaken.SOCIAL, "reason": "a handle alone"}
            declare_orders(returned=other.id, **said_of_orders, viewpoint=viewpoint)


def reviewed(record: UUID, choice: Choice, viewpoint: Viewpoint) -> UUID:
    ground = Ground.INACCURATE if choice is Choice.DISPOSE else None
    today = date.today()  # noqa: DTZ011  # any day does
    made = review(
        record=record, choice=choice, answers=ANSWERS, reason="read", viewpoint=viewpoint, today=today, ground=ground
    )
    return made.id


def claim_a_read(viewers: Mapping[str, Viewer], *, of: str, by: str) -> None:
    """Somebody puts a record of their own agency beside a read of another agency's, for their auditors to learn of the read."""
    with reading(viewers[f"{of}.auditor"]):
        read = AuditEvent.objects.filter(id__in=AuditDecision.objects.values("event")).order_by("at")[0]
    who = viewers[f"{by}.analyst"]
    record = records_of(who, by)[-1]
    with reading(who):
        AuditSubject(
            event=read.id,
            actor_id=str(who.person_id),
            actor_agency=by,
            record=record,
            owner_agency=by,
            explanation=Explanation.NONE,
        ).save(force_insert=True)


def try_to_sign_in() -> None:
    """Before there is any viewer."""
    with transaction.atomic():
        Door("kent.analyst", "192.0.2.1").failed(step="password")
        Door("nobody.known", "192.0.2.2").failed(step="password")
        Door("kent.analyst", "192.0.2.1").succeeded()
