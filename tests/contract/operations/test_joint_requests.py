"""Requests between agencies: every move of the table and no other, clocks that both sides see, and nothing for a third agency."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from crossline.access.models import Audience, AuditEvent, Person
from crossline.access.roles import Role
from crossline.access.viewer import Viewer
from crossline.errors import MoveNotAllowed, NotPermitted, UserError
from crossline.lines.register import register
from crossline.operations.joint.asking import About, Asked, Said, ask, audience_between, move
from crossline.operations.joint.clocks import end_of
from crossline.operations.joint.moves import ESCALATIONS, MOVES, AboutKind, AskedFor, Priority, RequestState, Side, Use
from crossline.operations.joint.requests import Standing, request_of, requests_seen
from crossline.operations.models import JointRequest, RequestStep

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]

S = RequestState
AGENCY_OF = {Side.ASKER: "kent", Side.ASKED: "essex", Side.REGION: "ersou", Side.CENTRE: "nclcc"}
WAYS: Mapping[RequestState, tuple[RequestState, ...]] = {
    S.ASKED: (),
    S.ACKNOWLEDGED: (S.ACKNOWLEDGED,),
    S.ACCEPTED: (S.ACKNOWLEDGED, S.ACCEPTED),
    S.DECLINED: (S.ACKNOWLEDGED, S.DECLINED),
    S.DEFERRED: (S.ACKNOWLEDGED, S.DEFERRED),
    S.ANSWERED: (S.ACKNOWLEDGED, S.ACCEPTED, S.ANSWERED),
    S.CLOSED: (S.ACKNOWLEDGED, S.DECLINED, S.CLOSED),
    S.WITHDRAWN: (S.WITHDRAWN,),
    S.REGION: (S.ACKNOWLEDGED, S.DECLINED, S.REGION),
    S.ESCALATED: (S.ACKNOWLEDGED, S.DECLINED, S.REGION, S.REGION, S.ESCALATED),
}
"""How each state is come to from a request that was just asked."""


def asked(**said: Any) -> Asked:
    return Asked(
        **{
            "to": "essex",
            "kind": AskedFor.ACTION,
            "priority": Priority.ROUTINE,
            "subject": "Line Leo",
            "wanted": "Arrest who holds it.",
            "reason": "It sells in Hastings.",
            "grounds": "Two children said so.",
        }
        | said
    )


@pytest.fixture
def people(builders: Any) -> Mapping[str, Viewer]:
    """An investigator of each side, somebody who only reads, and somebody of a third agency."""
    made = {
        agency: builders.enrolled(f"{agency}.investigator", agency=agency, roles=[Role.INVESTIGATOR])
        for agency in ("kent", "essex", "ersou", "nclcc", "surrey")
    }
    return made | {"reader": builders.enrolled("essex.officer", agency="essex", roles=[Role.INTELLIGENCE])}


@pytest.fixture
def sent(people: Mapping[str, Viewer], builders: Any) -> Callable[..., UUID]:
    """Kent asks Essex."""

    def made(by: str = "kent", **said: Any) -> UUID:
        with builders.seen_by(people[by]) as viewpoint:
            return ask(asked=asked(**said), viewpoint=viewpoint).id

    return made


@pytest.fixture
def acts(people: Mapping[str, Viewer], builders: Any) -> Callable[..., RequestStep]:
    """One move, by somebody of an agency, who has read what stands."""

    def made(request: UUID, to: RequestState, by: str, stood: int | None = None, **said: Any) -> RequestStep:
        words: dict[str, Any] = {
            "text": "Because.",
            "until": timezone.localdate() + timedelta(days=9),
            "use": Use.PARTLY,
        }
        with builders.seen_by(people[by]) as viewpoint:
            found = request_of(viewpoint, request)
            number = stood or (found.number if found else 1)
            return move(request=request, to=to, said=Said(**(words | said)), stood=number, viewpoint=viewpoint)

    return made


def by_table(state: RequestState, to: RequestState) -> str:
    return AGENCY_OF[MOVES[state][to]]


def come_to(state: RequestState, sent: Callable[..., UUID], acts: Callable[..., RequestStep]) -> UUID:
    request, stands = sent(), S.ASKED
    for to in WAYS[state]:
        acts(request, to, "ersou" if to is stands else by_table(stands, to))  # the unit remarks before it goes on
        stands = to
    return request


def standing(builders: Any, who: Viewer, request: UUID) -> Standing:
    with builders.seen_by(who) as viewpoint:
        found = request_of(viewpoint, request)
    assert found is not None
    return found


def browse(as_web: Any, who: Viewer, address: str, said: dict[str, str] | None = None) -> tuple[int, str]:
    client = Client(headers={"host": "localhost"})
    with as_web():
        client.force_login(Person.objects.get(username=who.username))
        answer = client.get(address) if said is None else client.post(address, said)
    return answer.status_code, re.sub(r'(csrfmiddlewaretoken" value=")[^"]+', "", answer.content.decode())


@pytest.mark.parametrize("state", S)
def test_every_move_of_the_table_is_made_by_its_side_alone_and_every_other_is_refused(
    state: RequestState, sent: Callable[..., UUID], acts: Callable[..., RequestStep], builders: Any, people: Any
) -> None:
    """By the action with a sentence, and by the database whoever writes past the action."""
    request = come_to(state, sent, acts)
    found = standing(builders, people["kent"], request)
    assert found.state is state
    written = RequestStep.objects.count()
    for to in S:
        for side, agency in AGENCY_OF.items():
            reads = side is not Side.REGION or S.REGION in WAYS[state]
            allowed = reads and (MOVES[state].get(to) is side or (to is state and state not in (S.CLOSED, S.WITHDRAWN)))
            only_late = to in ESCALATIONS and to is not state and (state, to) != (S.DECLINED, S.REGION)
            with transaction.atomic():
                if allowed and not only_late:
                    made = acts(request, to, agency)
                    assert (made.state, made.by_agency, made.number) == (to, agency, found.number + 1)
                else:
                    with pytest.raises(UserError) as told:
                        acts(request, to, agency)
                    assert not reads or re.fullmatch(r"(A|The) request .*[.;].*", str(told.value)), told.value
                transaction.set_rollback(True)
            forged = RequestStep(
                request_id=request,
                number=found.number + 1,
                state=to,
                by=people[agency].username,
                by_agency=agency,
                audience_id=found.request.audience_id,
            )
            with transaction.atomic():
                with builders.seen_by(people[agency]):
                    if allowed:
                        forged.save(force_insert=True)
                    else:
                        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
                            forged.save(force_insert=True)
                transaction.set_rollback(True)
    assert RequestStep.objects.count() == written


def test_what_each_move_needs_is_asked_for_and_what_does_not_belong_to_it_is_left_out(
    sent: Callable[..., UUID], acts: Callable[..., RequestStep], builders: Any, tmp_path: Path, kept: Path
) -> None:
    builders.sent(tmp_path / "e", kept, agency="essex", reports=[builders.report("essex/1", audience=["essex"])])
    builders.sent(tmp_path / "k", kept, agency="kent", reports=[builders.report("kent/1")])
    request = sent()
    assert acts(request, S.ACKNOWLEDGED, "essex", text="", records=("essex/1",)).records == []
    for to, said, told in (
        (S.DECLINED, {"text": "  "}, "Give the reason for declining"),
        (S.DEFERRED, {"until": None}, "Give the day"),
        (S.DEFERRED, {"until": timezone.localdate()}, "later than today"),
        (S.ACKNOWLEDGED, {"text": ""}, "Write the remark"),
        (S.DECLINED, {"text": "x" * 4_001}, "in up to 4,000"),
    ):
        with pytest.raises(UserError, match=told):
            acts(request, to, "essex", **said)
    acts(request, S.ACCEPTED, "essex", text="")
    for unknown in ("kent/1", "none"):
        with pytest.raises(UserError, match=f"reference {unknown}"):
            acts(request, S.ANSWERED, "essex", records=("essex/1", unknown))
    answer = acts(request, S.ANSWERED, "essex", records=("essex/1", " essex/1 ", ""))
    assert (answer.records, answer.until, answer.use) == (["essex/1"], None, "")
    with pytest.raises(UserError, match="useful"):
        acts(request, S.CLOSED, "kent", use=None)
    with pytest.raises(MoveNotAllowed, match="Somebody else acted"):
        acts(request, S.CLOSED, "kent", stood=3)
    assert acts(request, S.CLOSED, "kent", use=Use.USEFUL).use == "useful"
    events = AuditEvent.objects.filter(subject_kind="joint_request", subject=str(request)).order_by("at")
    assert list(events.values_list("event", "verb")) == [
        ("joint_request_asked", "disclosure"),
        *[("joint_request_moved", "alteration")] * 2,
        ("joint_request_answered", "disclosure"),
        ("joint_request_moved", "alteration"),
    ]
    assert "Arrest" not in str(list(events.values_list("detail", flat=True))), "the audit repeats no word of a request"


def clock(step: RequestStep, at: datetime) -> None:
    """Date a step: of pages the database takes none but of now."""
    RequestStep.objects.filter(id=step.id).update(at=at)


def test_clocks_run_out_on_both_sides_and_late_stays_late(
    sent: Callable[..., UUID], acts: Callable[..., RequestStep], builders: Any, people: Any
) -> None:
    begun = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    request = sent(priority=Priority.THREAT_TO_LIFE)
    RequestStep.objects.filter(request=request).update(at=begun)
    hour = timedelta(hours=1)

    def owed(at: datetime) -> list[tuple[str, datetime, bool]]:
        both = [standing(builders, people[agency], request) for agency in ("kent", "essex", "nclcc")]
        told = [[(due.what, due.by, due.is_late(at)) for due in each.owed] for each in both]
        assert told[0] == told[1] == told[2]
        assert {each.is_late(at) for each in both} == {any(late for *_, late in told[0])}
        return told[0]

    assert owed(begun + hour) == [("acknowledge", begun + hour, False), ("answer", begun + 6 * hour, False)]
    assert owed(begun + hour + timedelta(seconds=1))[0] == ("acknowledge", begun + hour, True)
    clock(acts(request, S.ACKNOWLEDGED, "essex"), begun + 2 * hour)
    assert owed(begun + 3 * hour) == [("answer", begun + 6 * hour, False)]
    clock(acts(request, S.ACCEPTED, "essex"), begun + 3 * hour)
    clock(acts(request, S.ACCEPTED, "essex", text="We are on our way."), begun + 4 * hour)
    assert owed(begun + 7 * hour) == [("answer", begun + 6 * hour, True)]
    clock(acts(request, S.REGION, "kent"), begun + 7 * hour)
    assert owed(begun + 8 * hour) == [("answer", begun + 6 * hour, True)]
    again = begun + 9 * hour
    clock(acts(request, S.ASKED, "ersou"), again)
    assert owed(again) == [("acknowledge", again + hour, False), ("answer", again + 6 * hour, False)]
    clock(acts(request, S.ACKNOWLEDGED, "essex"), again)
    clock(acts(request, S.DEFERRED, "essex", until=timezone.localdate() + timedelta(days=1)), again)
    end = datetime.combine(timezone.localdate() + timedelta(days=2), datetime.min.time(), tzinfo=UTC)
    assert owed(end) == [("answer", end, False)]
    assert owed(end + hour) == [("answer", end, True)]
    clock(acts(request, S.DECLINED, "essex"), end + hour)
    assert owed(end + 2 * hour) == []


def test_needed_by_brings_the_answer_forward_and_never_puts_it_off(
    sent: Callable[..., UUID], builders: Any, people: Any
) -> None:
    today = timezone.localdate()
    soon = standing(builders, people["essex"], sent(needed_by=today + timedelta(days=1)))
    assert {due.by for due in soon.owed} == {end_of(today + timedelta(days=1))}, "nor is it acknowledged any later"
    late = standing(builders, people["essex"], sent(needed_by=today + timedelta(days=60)))
    assert late.owed[-1].by - late.steps[0].at == timedelta(days=14)
    with pytest.raises(UserError, match="not over"):
        sent(needed_by=today - timedelta(days=1))


def test_only_what_was_declined_or_is_late_is_escalated_and_never_where_the_centre_is_a_side(
    sent: Callable[..., UUID], acts: Callable[..., RequestStep]
) -> None:
    request = sent()
    for to, why in ((S.REGION, "once it was declined or is late"), (S.ESCALATED, "to the regional unit first")):
        with pytest.raises(MoveNotAllowed, match=why):
            acts(request, to, "kent")
    RequestStep.objects.filter(request=request).update(at=timezone.now() - timedelta(days=4))
    assert acts(request, S.REGION, "kent").state == S.REGION
    with pytest.raises(MoveNotAllowed, match="lies with the regional unit until"):
        acts(request, S.ESCALATED, "kent")
    RequestStep.objects.filter(request=request, state=S.REGION).update(at=timezone.now() - timedelta(days=3, hours=1))
    assert acts(request, S.ESCALATED, "kent").state == S.ESCALATED
    to_centre = sent(to="nclcc")
    acts(to_centre, S.ACKNOWLEDGED, "nclcc")
    acts(to_centre, S.DECLINED, "nclcc")
    with pytest.raises(MoveNotAllowed, match="nobody to escalate it to"):
        acts(to_centre, S.ESCALATED, "kent")


def test_a_regional_unit_reads_what_was_escalated_to_it_and_nothing_before_or_beside(
    sent: Callable[..., UUID], acts: Callable[..., RequestStep], builders: Any, people: Any, as_web: Any
) -> None:
    other, request = sent(subject="Another line"), sent()
    unit, address = people["ersou"], f"/joint-work/requests/{request}"
    acts(request, S.ACKNOWLEDGED, "essex")
    acts(request, S.DECLINED, "essex")
    before = browse(as_web, unit, "/joint-work")[1]
    assert browse(as_web, unit, address) == browse(as_web, unit, f"/joint-work/requests/{uuid4()}")
    acts(request, S.REGION, "kent")
    with builders.seen_by(unit) as viewpoint:
        assert [each.request.id for each in requests_seen(viewpoint)] == [request]
        assert (JointRequest.objects.count(), RequestStep.objects.count()) == (1, 4)
    code, shown = browse(as_web, unit, address)
    assert code == 200 and "Eastern" in shown and "Two children said so." in shown
    listed = browse(as_web, unit, "/joint-work")[1]
    assert address in listed and str(other) not in listed and listed != before
    acts(request, S.REGION, "ersou", text="Essex has nobody free before May.")
    acts(request, S.ASKED, "ersou")
    for name in ("kent", "essex", "ersou", "nclcc", "reader"):
        assert standing(builders, people[name], request).state is S.ASKED
    assert browse(as_web, people["surrey"], address)[0] == 404
    assert {each.audience.fingerprint for each in RequestStep.objects.filter(request=request)} == {
        "agency:ersou agency:essex agency:kent centre"
    }
    assert JointRequest.objects.get(id=other).audience.fingerprint == "agency:essex agency:kent centre"


def test_what_londons_forces_were_asked_is_escalated_straight_to_the_centre(
    sent: Callable[..., UUID], acts: Callable[..., RequestStep], builders: Any, people: Any
) -> None:
    request = sent(to="metropolitan")
    RequestStep.objects.filter(request=request).update(at=timezone.now() - timedelta(days=4))
    with pytest.raises(MoveNotAllowed, match="without a regional unit"):
        acts(request, S.REGION, "kent")
    found = standing(builders, people["kent"], request)
    forged = RequestStep(
        request_id=request,
        number=2,
        state=S.REGION,
        by="kent.investigator",
        by_agency="kent",
        audience_id=found.request.audience_id,
    )
    with (
        pytest.raises(DatabaseError, match="row-level security"),
        transaction.atomic(),
        builders.seen_by(people["kent"]),
    ):
        forged.save(force_insert=True)
    assert acts(request, S.ESCALATED, "kent").state == S.ESCALATED


def test_both_agencies_and_the_centre_read_it_and_a_third_is_told_of_none(
    sent: Callable[..., UUID], acts: Callable[..., RequestStep], builders: Any, people: Any, as_web: Any
) -> None:
    with builders.seen_by(people["surrey"]) as viewpoint:
        before = viewpoint.key
    status, empty = browse(as_web, people["surrey"], "/joint-work")
    request = sent()
    acts(request, S.ACKNOWLEDGED, "essex")
    for name in ("kent", "essex", "nclcc", "reader"):
        with builders.seen_by(people[name]) as viewpoint:
            assert [each.request.id for each in requests_seen(viewpoint)] == [request]
            assert (JointRequest.objects.count(), RequestStep.objects.count()) == (1, 2)
        assert f"/joint-work/requests/{request}" in browse(as_web, people[name], "/joint-work")[1]
    with builders.seen_by(people["surrey"]) as viewpoint:
        assert requests_seen(viewpoint) == []
        assert (JointRequest.objects.count(), RequestStep.objects.count()) == (0, 0)
        assert viewpoint.key == before
    assert (status, empty) == browse(as_web, people["surrey"], "/joint-work")
    told = {browse(as_web, people["surrey"], f"/joint-work/requests/{which}") for which in (request, uuid4())}
    assert len(told) == 1 and next(iter(told))[0] == 404
    for who, told_them in (("surrey", "does not exist"), ("reader", "Only an analyst")):
        with pytest.raises(NotPermitted, match=told_them):
            acts(request, S.ACCEPTED, who)
    with pytest.raises(NotPermitted, match="Only an analyst"):
        sent(by="reader", to="kent")


def test_the_audience_is_of_the_viewers_own_agency_one_other_and_the_centre_and_the_row_carries_no_other(
    sent: Callable[..., UUID], builders: Any, people: Any
) -> None:
    labels = {}
    for other in ("essex", "nclcc", "kent"):
        with builders.seen_by(people["kent"]):
            labels[other] = audience_between(other)
    named = {other: Audience.objects.get(pk=made).fingerprint for other, made in labels.items()}
    assert named == {
        "essex": "agency:essex agency:kent centre",
        "nclcc": "agency:kent centre",
        "kent": "agency:kent centre",
    }
    for other in ("partner-quillhaven-academy", "nowhere", "police"):
        with pytest.raises(DatabaseError, match="no audience"), transaction.atomic(), builders.seen_by(people["kent"]):
            audience_between(other)
    made = JointRequest.objects.get(id=sent())
    with builders.seen_by(people["surrey"]):
        of_surrey = audience_between("kent")
    wrong = {
        "audience_id": labels["kent"],
        "from_agency_id": "surrey",
        "asked_by": "essex.investigator",
        "asked_at": datetime(2026, 1, 1, tzinfo=UTC),
        "about_kind": "investigation",
    }
    for name, value in wrong.items():
        forged = JointRequest(**{f.attname: getattr(made, f.attname) for f in made._meta.fields} | {"id": uuid4()})
        setattr(forged, name, value)
        if name == "about_kind":
            forged.about_owner, forged.about_ref = "essex", "OP-1"
        if name == "from_agency_id":
            forged.audience_id = of_surrey
        refused = pytest.raises(DatabaseError, match="row-level security")
        with refused, transaction.atomic(), builders.seen_by(people["kent"]):
            forged.save(force_insert=True)
    with connection.cursor() as cursor, builders.role("crossline_web"):
        for statement in ("UPDATE operations_requeststep SET text = ''", "DELETE FROM operations_jointrequest"):
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                cursor.execute(statement)


def test_about_a_line_each_side_follows_it_to_the_line_and_about_an_investigation_only_its_owner(
    sent: Callable[..., UUID], builders: Any, people: Any, as_web: Any, tmp_path: Path, kept: Path
) -> None:
    files = {"lines": [builders.line()], "investigations": [builders.investigation()]}
    builders.sent(tmp_path / "k", kept, agency="kent", **files)
    about_line = sent(about=About(AboutKind.LINE, "kent", "LEO-1"))
    own = sent(about=About(AboutKind.INVESTIGATION, "kent", "OP-1"), subject="Larch", wanted="Tell us.")
    for agency in ("kent", "essex"):
        status, shown = browse(as_web, people[agency], f"/joint-work/requests/{about_line}")
        assert status == 200 and re.search(r'href="/lines/[0-9a-f-]{36}">Open the line as you see it', shown)
        assert ("Open the record" in browse(as_web, people[agency], f"/joint-work/requests/{own}")[1]) is (
            agency == "kent"
        )
    words = {"to": "essex", "kind": "action", "priority": "routine", "subject": "s", "wanted": "w", "reason": "r"}
    for ref, code in (("OP-9", 422), (" OP-1 ", 302)):
        said = words | {"grounds": "g", "investigation": ref}
        assert browse(as_web, people["kent"], "/joint-work/requests/new", said)[0] == code
    assert JointRequest.objects.filter(about_kind="investigation", about_owner="kent", about_ref="OP-1").count() == 2
    with pytest.raises(NotPermitted, match="does not exist, or you may not see it"):
        sent(by="essex", to="kent", about=About(AboutKind.INVESTIGATION, "kent", "OP-1"))
    with pytest.raises(NotPermitted, match="investigation of your own agency"):
        sent(by="nclcc", about=About(AboutKind.INVESTIGATION, "kent", "OP-1"))


def test_on_the_pages_it_is_asked_acknowledged_answered_and_closed(
    builders: Any, people: Any, as_web: Any, tmp_path: Path, kept: Path
) -> None:
    builders.sent(tmp_path / "k", kept, agency="kent", lines=[builders.line()])
    with builders.seen_by(people["kent"]) as viewpoint:
        line = register(viewpoint).lines[0].id
    address = f"/joint-work/requests/new?line={line}"
    status, form = browse(as_web, people["kent"], address)
    assert status == 200
    for words in ("They will read this", "Line Leo", "LEO-1", "acknowledged within 1 hour, answered within 6 hours"):
        assert words in form, words
    said = {"to": "essex", "kind": "action", "priority": "urgent", "subject": "Leo", "wanted": "W", "reason": "R"}
    status, refused = browse(as_web, people["kent"], address, said)
    assert status == 422 and "Enter grounds" in refused
    assert browse(as_web, people["kent"], address, said | {"grounds": "G", "needed_by": "x"})[0] == 422
    assert browse(as_web, people["kent"], address, said | {"grounds": "G"})[0] == 302
    made = JointRequest.objects.get()
    assert (made.about_owner, made.about_ref, made.priority) == ("kent", "LEO-1", "urgent")
    page = f"/joint-work/requests/{made.id}"
    assert "Withdraw the request" in browse(as_web, people["kent"], page)[1]
    for number, (agency, move_) in enumerate(
        [
            ("essex", {"to": "acknowledged"}),
            ("kent", {"to": "remark", "text": "Thank you."}),
            ("essex", {"to": "accepted"}),
            ("essex", {"to": "answered", "text": "He was arrested.\n\nCharged today."}),
            ("kent", {"to": "closed", "text": "It worked.", "use": "useful"}),
        ],
        start=1,
    ):
        assert browse(as_web, people[agency], page, move_ | {"stood": str(number)})[0] == 302, move_
    status, told = browse(as_web, people["essex"], page)
    assert "It worked." in told and "Useful." in told and "Thank you." in told and "<form method" not in told
    assert browse(as_web, people["essex"], page, {"to": "remark", "text": "x", "stood": "6"})[0] == 422
    assert "Leo" in browse(as_web, people["essex"], "/joint-work")[1]
    assert "Overdue" not in told
    RequestStep.objects.filter(request=made, number=1).update(at=timezone.now() - timedelta(days=9))
    for agency in ("kent", "essex"):
        assert browse(as_web, people[agency], page)[1].count("Overdue") == 2, "late stays late, and both sides read it"
