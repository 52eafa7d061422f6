"""A change of number is put forward, a person decides, and what they decided outlives every run and tells nothing hidden."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pyarrow as pa
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from crossline.access.compartments.actions import open_compartment
from crossline.access.compartments.models import CompartmentKind
from crossline.access.models import AuditEvent, Person
from crossline.access.roles import Role
from crossline.access.viewer import ADMINISTRATOR, Viewer, reading
from crossline.deconfliction.overlaps import investigation_overlaps
from crossline.engines.comms.succession.successions import SCHEMA
from crossline.errors import MoveNotAllowed, NotPermitted, UserError
from crossline.lines import finding_successions
from crossline.lines.finding_successions import find_successions
from crossline.lines.judging import judge_change, judgements_on, scored_and_decided
from crossline.lines.models import MOVES, ChangeJudgement, ChangeState
from crossline.lines.register import register
from crossline.records.compartments.actions import put_in
from crossline.records.disposal import dispose_expired
from crossline.records.models import Record
from crossline.records.restriction import restrict

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]

OLD, NEW = "+447700900123#0001", "+447700900456#0002"
CONFIRMED, REJECTED, WITHDRAWN = ChangeState.CONFIRMED, ChangeState.REJECTED, ChangeState.WITHDRAWN


def a_change(score: float = 0.93) -> pa.Table:
    """What the engine gives of one change, OLD to NEW."""
    row = dict.fromkeys(SCHEMA.names) | {
        "old_number": OLD,
        "new_number": NEW,
        "date": date(2026, 1, 20),
        "score": score,
        "shared_contacts": 7,
        "reasons": ["7 contacts came along (+2.50)", "no handset in common (-0.40)"],
        "method": "successions-test",
    }
    return pa.Table.from_pylist([row], schema=SCHEMA)


@pytest.fixture
def found(builders: Any, tmp_path: Path, kept: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Kent returns two lines, one on each number, and a set of communications data shows the change from one to the other."""
    monkeypatch.setattr(finding_successions, "successions", lambda paths: a_change())
    written = [("LEO", "Leo", OLD, "Hastings"), ("MAX", "Max", NEW, "Margate")]
    lines = [builders.line(ref, name=name, numbers=number, towns=town) for ref, name, number, town in written]
    folder = builders.delivery(tmp_path / "kent", lines=lines)
    builders.write_communications(folder / "comms")
    builders.take(folder, kept)
    assert find_successions(communications=kept) == 1
    return kept


@pytest.fixture
def kent(found: Path, builders: Any) -> Viewer:
    return builders.enrolled("kent.analyst")


def finding() -> UUID:
    return Record.objects.get(kind="finding").id


def decide(builders: Any, who: Viewer, state: ChangeState, *, stood: UUID | None = None, why: str = "Told us.") -> UUID:
    which = finding()
    with builders.seen_by(who) as viewpoint:
        said = {"finding": which, "state": state, "reason": why, "stood": stood, "viewpoint": viewpoint}
        return judge_change(**said).id


def lines_of(builders: Any, who: Viewer) -> dict[str, tuple[list[str], list[str]]]:
    """Each line by its name: the bases of its numbers, its own and those put forward."""
    with builders.seen_by(who) as viewpoint:
        return {
            line.name: ([str(use.basis) for use in line.group.numbers], [use.number for use in line.group.put_forward])
            for line in register(viewpoint).lines
        }


def browse(as_web: Any, who: Viewer, address: str, said: dict[str, str] | None = None) -> tuple[int, str]:
    client = Client(headers={"host": "localhost"})
    with as_web():
        client.force_login(Person.objects.get(username=who.username))
        answer = client.get(address) if said is None else client.post(address, said)
    return answer.status_code, answer.content.decode()


PUT_FORWARD = {"Leo": (["return"], [NEW]), "Max": (["return"], [OLD])}
REJECTED_LINES = {"Leo": (["return"], []), "Max": (["return"], [])}
JOINED = {"Leo": (["return", "return"], [])}


def test_a_change_nobody_decided_on_stands_beside_the_line_and_joins_nothing(kent: Viewer, builders: Any) -> None:
    assert lines_of(builders, kent) == PUT_FORWARD


def test_confirmed_it_joins_rejected_it_is_gone_and_taken_back_it_is_put_forward_again(
    kent: Viewer, builders: Any
) -> None:
    first = decide(builders, kent, CONFIRMED)
    assert lines_of(builders, kent) == JOINED
    second = decide(builders, kent, REJECTED, stood=first)
    assert lines_of(builders, kent) == REJECTED_LINES
    with builders.seen_by(kent) as viewpoint:
        assert register(viewpoint).successions == ()
    third = decide(builders, kent, WITHDRAWN, stood=second)
    assert lines_of(builders, kent) == PUT_FORWARD
    assert list(ChangeJudgement.objects.order_by("decided_at").values_list("id", "follows_id")) == [
        (first, None),
        (second, first),
        (third, second),
    ]


def test_two_forces_on_its_two_ends_are_told_that_nobody_has_confirmed_it(
    kent: Viewer, builders: Any, tmp_path: Path, kept: Path
) -> None:
    for agency, number in (("kent", OLD), ("essex", NEW)):
        row = builders.investigation(f"OP-{agency}", agency=agency, selectors=f"phone:{number}", line_refs="")
        builders.take(
            builders.delivery(tmp_path / agency, agency=agency, ref=f"{agency}-1", investigations=[row]), kept
        )

    def told() -> list[tuple[str, bool]]:
        with reading(ADMINISTRATOR) as viewpoint:
            return [(pair.scheme, pair.if_confirmed) for pair in investigation_overlaps(viewpoint).pairs]

    assert told() == [("line", True)]
    first = decide(builders, kent, CONFIRMED)
    assert told() == [("line", False)]
    decide(builders, kent, REJECTED, stood=first)
    assert told() == []


def test_what_may_follow_what_is_in_the_table_and_nothing_else_is_written(kent: Viewer, builders: Any) -> None:
    ways: dict[ChangeState, list[ChangeState]] = {
        ChangeState.PUT_FORWARD: [],
        CONFIRMED: [CONFIRMED],
        REJECTED: [REJECTED],
        WITHDRAWN: [CONFIRMED, WITHDRAWN],
    }
    for stands, way in ways.items():
        with transaction.atomic():
            stood = None
            for state in way:
                stood = decide(builders, kent, state, stood=stood)
            for state in ChangeState:
                number = ChangeJudgement.objects.count()
                if state in MOVES[stands]:
                    continue
                with pytest.raises(MoveNotAllowed, match="cannot become"):
                    decide(builders, kent, state, stood=stood)
                assert ChangeJudgement.objects.count() == number
            transaction.set_rollback(True)


def test_a_full_run_writes_the_finding_anew_and_keeps_what_was_decided(
    kent: Viewer, builders: Any, found: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    decide(builders, kent, REJECTED)
    before = finding()
    monkeypatch.setattr(finding_successions, "successions", lambda paths: a_change(0.99))
    assert find_successions(communications=found, full=True) == 1
    assert finding() != before
    assert lines_of(builders, kent) == REJECTED_LINES


def test_what_was_rejected_does_not_come_back_with_the_next_set_of_data(
    kent: Viewer, builders: Any, found: Path, tmp_path: Path
) -> None:
    decide(builders, kent, REJECTED)
    folder = builders.delivery(tmp_path / "later", ref="later")
    builders.write_communications(folder / "comms", said=builders.authorisation("AUTH-2"))
    builders.take(folder, found)
    assert find_successions(communications=found) == 1
    assert Record.objects.filter(kind="finding").count() == 2
    assert lines_of(builders, kent) == REJECTED_LINES


def test_it_goes_with_the_data_when_their_authorisation_runs_out(kent: Viewer, builders: Any, found: Path) -> None:
    decide(builders, kent, CONFIRMED)

    expired = timezone.now() + timedelta(days=4000)
    assert dispose_expired(now=expired, reach=builders.reach(found)) == 1
    assert not ChangeJudgement.objects.exists()
    assert lines_of(builders, kent) == REJECTED_LINES


@pytest.mark.parametrize(
    ("agency", "role", "told"),
    [
        ("kent", Role.INVESTIGATOR, "Only an analyst or an information manager"),
        ("nclcc", Role.COORDINATOR, "Only an analyst or an information manager"),
        ("essex", Role.ANALYST, "does not exist, or you may not see it"),
    ],
)
def test_others_are_refused_by_the_action_and_by_the_database(
    found: Path, builders: Any, agency: str, role: Role, told: str
) -> None:
    other = builders.enrolled(f"{agency}.other", agency=agency, roles=[role])
    before = builders.snapshot()
    with pytest.raises(NotPermitted, match=told):
        decide(builders, other, CONFIRMED)
    data = Record.objects.get(kind="communications")
    forged = ChangeJudgement(
        record=data,
        owner_id="kent",
        finding=Record.objects.get(kind="finding").ref,
        old_number=OLD,
        new_number=NEW,
        state=CONFIRMED,
        reason="x",
        score=1.0,
        method="x",
        decided_by=other.username,
        decided_agency=agency,
        audience_id=data.audience_id,
    )
    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic(), builders.seen_by(other):
        forged.save(force_insert=True)
    assert builders.changed(before) == set()


def test_a_row_says_what_the_finding_says_and_is_signed_by_who_looks(kent: Viewer, builders: Any) -> None:
    made = ChangeJudgement.objects.get(id=decide(builders, kent, CONFIRMED))
    again = ChangeJudgement(**{f.attname: getattr(made, f.attname) for f in made._meta.fields} | {"id": uuid4()})
    with pytest.raises(IntegrityError, match="one_first_judgement"), transaction.atomic(), builders.seen_by(kent):
        again.save(force_insert=True)
    ChangeJudgement.objects.all().delete()
    assert (made.old_number, made.new_number, made.score, made.method) == (OLD, NEW, 0.93, "successions-test")
    for name, value in {
        "new_number": "+447700900999#0001",
        "finding": "succession/none",
        "owner_id": "essex",
        "decided_by": "kent.second",
        "decided_agency": "nclcc",
        "decided_at": datetime(2020, 1, 1, tzinfo=UTC),
    }.items():
        forged = ChangeJudgement.objects.model(**{f.attname: getattr(made, f.attname) for f in made._meta.fields})
        setattr(forged, name, value)
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic(), builders.seen_by(kent):
            forged.save(force_insert=True)


def test_a_hidden_change_is_answered_like_an_absent_one(found: Path, builders: Any, as_web: Any) -> None:
    essex = builders.enrolled("essex.analyst", agency="essex")
    answers = set()
    for which in (finding(), uuid4()):
        with builders.seen_by(essex) as viewpoint, pytest.raises(NotPermitted) as told:
            judge_change(finding=which, state=CONFIRMED, reason="x", stood=None, viewpoint=viewpoint)
        answers.add(str(told.value))
    assert len(answers) == 1
    assert lines_of(builders, essex) == REJECTED_LINES
    with builders.seen_by(essex) as viewpoint:
        assert scored_and_decided(viewpoint) == []


def test_the_centre_decides_too_and_the_owner_reads_who_and_why(kent: Viewer, builders: Any) -> None:
    centre = builders.enrolled("centre.manager", agency="nclcc", roles=[Role.INFORMATION_MANAGER])
    decide(builders, centre, CONFIRMED, why="Seized with the old one.")
    with builders.seen_by(kent) as viewpoint:
        (made,) = judgements_on(("kent", OLD, NEW), viewpoint)
        assert scored_and_decided(viewpoint) == [(0.93, True)]
    assert (made.reason, made.decided_by, made.decided_agency) == (
        "Seized with the old one.",
        "centre.manager",
        "nclcc",
    )
    event = AuditEvent.objects.get(event="number_change_confirmed")
    assert (event.verb, event.actor, event.subject) == ("combination", "centre.manager", str(finding()))
    assert "7700" not in str(event.detail), "the audit outlives the data, and names no number"


def test_who_decides_on_what_has_been_decided_since_they_read_it_is_told(kent: Viewer, builders: Any) -> None:
    second = builders.enrolled("kent.second")
    first = decide(builders, kent, CONFIRMED)
    with pytest.raises(MoveNotAllowed, match="Somebody else decided"):
        decide(builders, second, REJECTED)
    assert ChangeJudgement.objects.count() == 1
    decide(builders, second, REJECTED, stood=first)


def test_on_the_pages_it_is_listed_decided_on_and_then_listed_elsewhere(
    kent: Viewer, builders: Any, as_web: Any
) -> None:
    address = f"/lines/changes/{finding()}"
    status, listed = browse(as_web, kent, "/lines/changes?order=oldest")
    assert status == 200 and address in listed
    status, shown = browse(as_web, kent, address)
    assert status == 200
    for words in ("7 contacts came along.", "+2.50", "AUTH-1", "Against:", "successions-test"):
        assert words in shown, words
    with builders.seen_by(kent) as viewpoint:
        line = next(each.id for each in register(viewpoint).lines if each.name == "Leo")
    assert address in browse(as_web, kent, f"/lines/{line}")[1]

    status, refused = browse(as_web, kent, address, {"state": "confirmed", "reason": "", "stood": ""})
    assert status == 422 and "Enter reason" in refused
    assert browse(as_web, kent, address, {"state": "rejected", "reason": "A taxi.", "stood": ""})[0] == 302
    status, told = browse(as_web, kent, address, {"state": "confirmed", "reason": "Late.", "stood": ""})
    assert status == 422 and "Somebody else decided" in told and "A taxi." in told
    assert address not in browse(as_web, kent, "/lines/changes")[1]
    status, listed = browse(as_web, kent, "/lines/changes?stands=rejected")
    assert address in listed and ">0.93<" in re.sub(r"\s+", "", listed)
    assert "0 (0%) were confirmed; their scores promised 93%" in listed


def test_its_rivals_stand_beside_it_with_their_scores(
    kent: Viewer, builders: Any, found: Path, as_web: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    rival = a_change(0.04).set_column(1, "new_number", pa.array(["+447700900789"]))
    monkeypatch.setattr(finding_successions, "successions", lambda paths: pa.concat_tables([a_change(0.964), rival]))
    assert find_successions(communications=found, full=True) == 2
    status, listed = browse(as_web, kent, "/lines/changes")
    assert status == 200
    shown = [
        browse(as_web, kent, address) for address in sorted(set(re.findall(r"/lines/changes/[0-9a-f-]{36}", listed)))
    ]
    assert [status for status, _ in shown] == [200, 200]
    assert all("Other changes of the same numbers" in page and "0.96" in page and "0.04" in page for _, page in shown)


def test_the_pages_of_who_does_not_see_it_or_may_not_decide(kent: Viewer, builders: Any, as_web: Any) -> None:
    essex = builders.enrolled("essex.analyst", agency="essex")
    reader = builders.enrolled("kent.reader", roles=[Role.INVESTIGATOR])
    which = finding()
    hidden, absent = (browse(as_web, essex, f"/lines/changes/{each}") for each in (which, uuid4()))
    assert hidden == absent and hidden[0] == 404
    assert str(which) not in browse(as_web, essex, "/lines/changes")[1]
    status, shown = browse(as_web, reader, f"/lines/changes/{which}")
    assert status == 200 and "Save the decision" not in shown
    said = {"state": "rejected", "reason": "Mine.", "stood": ""}
    assert browse(as_web, reader, f"/lines/changes/{which}", said)[0] == 422
    assert not ChangeJudgement.objects.exists()


def test_no_reason_and_a_restricted_set_are_refused(kent: Viewer, builders: Any) -> None:
    with pytest.raises(UserError, match="Give the reason"):
        decide(builders, kent, CONFIRMED, why=" \n")
    manager = builders.enrolled("kent.manager", roles=[Role.INFORMATION_MANAGER])
    with builders.seen_by(manager) as viewpoint:
        data = Record.objects.get(kind="communications").id
        restrict(record=data, reason="Disputed.", viewpoint=viewpoint)
    with pytest.raises(MoveNotAllowed, match="restricted"):
        decide(builders, kent, CONFIRMED)
    assert not ChangeJudgement.objects.exists()


def test_into_a_compartment_it_goes_with_the_data(kent: Viewer, builders: Any) -> None:
    decide(builders, kent, CONFIRMED)
    keeper = builders.enrolled("kent.keeper", roles=[Role.INFORMATION_MANAGER])
    with builders.seen_by(keeper) as viewpoint:
        vault = open_compartment(kind=CompartmentKind.OPERATION, name="Quoin", reason="covert", viewpoint=viewpoint).id
    with builders.seen_by(keeper) as viewpoint:
        data = Record.objects.get(kind="communications").id
        put_in(record=data, compartment=vault, reason="covert", viewpoint=viewpoint)
    assert lines_of(builders, kent) == REJECTED_LINES, "who does not belong sees neither finding nor decision"
    with builders.seen_by(kent), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM lines_changejudgement")
        assert cursor.fetchone() == (0,)
    assert lines_of(builders, keeper) == JOINED
