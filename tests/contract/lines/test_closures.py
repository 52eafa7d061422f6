"""A line is closed by two people on evidence, checked afterwards, found where it speaks again, and reopened by a person."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from crossline.access.compartments.actions import open_compartment
from crossline.access.compartments.models import CompartmentKind
from crossline.access.models import AuditEvent, Person
from crossline.access.roles import Role
from crossline.access.viewer import ADMINISTRATOR, Viewer, reading
from crossline.entities.matching import match_people
from crossline.errors import MoveNotAllowed, NotPermitted, UserError
from crossline.lines.declaring import Said, declare_status
from crossline.lines.evidence import Offered
from crossline.lines.models import LineAttention, LineState, StateEvidence
from crossline.lines.reemerging import closed_lines, look_back
from crossline.lines.register import Register, register
from crossline.lines.states import BY_CENTRE, MOVES, DeclaredState
from crossline.picture.definitions import DEFINITIONS
from crossline.picture.figures import figure
from crossline.records.compartments.actions import put_in
from crossline.records.models import Record
from crossline.records.restriction import restrict

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]

CLOSED, NEXT, OTHER = "+447700900123#0001", "+447700900456#0002", "+447700900789#0003"
S = DeclaredState
TODAY = timezone.now().date()
SILENT = TODAY - timedelta(days=40)
"""The day on which the number fell silent: check-backs after 1, 7 and 28 days are due."""


def at(day: date) -> str:
    return datetime.combine(day, time(10), timezone.now().tzinfo).isoformat()


def after(days: int) -> str:
    return at(SILENT + timedelta(days=days))


def a_report(builders: Any, ref: str, days: int, number: str, **said: Any) -> dict[str, Any]:
    """A report of so many days after the closure that names a number, and no line."""
    phone = {"key": "t1", "kind": "phone", "number": number}
    return builders.report(ref, made_at=after(days), occurred_from=after(days), mentions=[phone]) | said


def of_holder(builders: Any, ref: str, **said: Any) -> dict[str, Any]:
    """A record that names the person who holds the line."""
    person = builders.person(forename="Quentin", surname="Hargrave", dob="1994-03-02", ids={"nominal": "K9901"})
    line = {"key": "l1", "kind": "line", "name": "Leo"}
    phone = {"key": "t1", "kind": "phone", "number": CLOSED}
    says = [
        {"from": "p1", "to": "l1", "type": "controls", "basis": "assessment", "category": "suspect"},
        {"from": "l1", "to": "t1", "type": "uses", "basis": "fact"},
    ]
    return builders.report(ref, made_at=after(-9), mentions=[person, line, phone], assertions=says) | said


def custody(builders: Any, ref: str, outcome: str, **said: Any) -> dict[str, Any]:
    """An arrest of the holder, under handling C: for Kent and the centre."""
    person = builders.person(forename="Quentin", surname="Hargrave", dob="1994-03-02", ids={"nominal": "K9901"})
    detail = {"offence": "Being concerned in the supply of crack", "outcome": outcome, "under_18": False}
    return (
        builders.report(ref, kind="custody", custody=detail, handling="C", made_at=after(0), mentions=[person]) | said
    )


@pytest.fixture
def kent(builders: Any, tmp_path: Path, kept: Path) -> Viewer:
    """Kent returns a line, says who holds it, and arrests them; a second person is arrested who holds nothing."""
    reports = [
        of_holder(builders, "K/HOLDS"),
        custody(builders, "K/CHARGED", "charged and remanded"),
        custody(builders, "K/BAILED", "released under investigation"),
        custody(builders, "K/OTHER", "charged", mentions=[builders.person(surname="Ferris", dob="2001-01-01")]),
        a_report(builders, "K/DEAD", 0, CLOSED),
        a_report(builders, "K/EARLY", -3, CLOSED),
        a_report(builders, "K/ELSE", 1, OTHER),
    ]
    early = (SILENT - timedelta(days=300)).isoformat(), (SILENT - timedelta(days=5)).isoformat()
    line = builders.line("LEO", numbers=CLOSED, towns="Hastings", first_seen=early[0], last_seen=early[1])
    builders.sent(tmp_path / "kent", kept, made_at=after(-5), reports=reports, lines=[line])
    match_people()
    return builders.enrolled("kent.analyst")


@pytest.fixture
def centre(builders: Any) -> Viewer:
    return builders.enrolled("centre.manager", agency="nclcc", roles=[Role.INFORMATION_MANAGER])


def of_return() -> UUID:
    return Record.objects.filter(kind="line_return", ref="LEO").order_by("-revision")[0].id


def last() -> UUID | None:
    newest = LineState.objects.filter(followed_by=None).first()
    return newest.id if newest else None


def declare(builders: Any, who: Viewer, state: DeclaredState, *, why: str = "Looked into.", **said: Any) -> UUID:
    """Somebody declares; `said` goes into what is offered, or into the declaration."""
    own = {name: said.pop(name) for name in ("since", "number", "check_back") if name in said}
    which, stood = said.pop("returned", None) or of_return(), said.pop("stood", last())
    with builders.seen_by(who) as viewpoint:
        made = declare_status(
            returned=which, said=Said(state, why, offered=Offered(**said), **own), stood=stood, viewpoint=viewpoint
        )
    return made.id


def holder() -> UUID:
    with reading(ADMINISTRATOR) as viewpoint:
        return register(viewpoint).line_of_return["kent", "LEO"].holders[0]


def propose(builders: Any, who: Viewer, **said: Any) -> UUID:
    offered = {"holder": holder(), "charged": ("K/CHARGED",), "records": ("K/DEAD",)}
    closing: dict[str, Any] = {"since": SILENT, "number": CLOSED}
    return declare(builders, who, S.TYPE1_PROPOSED, **closing | offered | said)


def closed(builders: Any, kent: Viewer, centre: Viewer) -> UUID:
    propose(builders, kent)
    return declare(builders, centre, S.CLOSED_TYPE1)


def known(builders: Any, who: Viewer) -> Register:
    with builders.seen_by(who) as viewpoint:
        return register(viewpoint)


def status(builders: Any, who: Viewer) -> str:
    return str(known(builders, who).line_of_return["kent", "LEO"].status)


def signs(builders: Any, who: Viewer) -> list[tuple[str, str, bool]]:
    """What is found of the closed line: the number, where it was seen, and whether that is certain."""
    with builders.seen_by(who) as viewpoint:
        (found,) = closed_lines(viewpoint)
    return [(sign.sighting.number, str(sign.sighting.kind), sign.watched.is_certain) for sign in found.signs]


def browse(as_web: Any, who: Viewer, address: str, said: dict[str, str] | None = None) -> tuple[int, str]:
    client = Client(headers={"host": "localhost"})
    with as_web():
        client.force_login(Person.objects.get(username=who.username))
        answer = client.get(address) if said is None else client.post(address, said)
    return answer.status_code, answer.content.decode()


def test_proposed_by_the_owner_and_agreed_by_the_centre_it_is_closed_and_counted(
    kent: Viewer, centre: Viewer, builders: Any
) -> None:
    propose(builders, kent)
    assert status(builders, kent) == "active", "a proposal closes nothing"
    declare(builders, centre, S.CLOSED_TYPE1)
    line = known(builders, kent).line_of_return["kent", "LEO"]
    assert (line.status, line.said, line.is_as_declared) == ("closed_type1", "active", True)
    closure = LineState.objects.get(state=S.CLOSED_TYPE1)
    assert (closure.since, closure.number, closure.decided_by) == (SILENT, CLOSED, "centre.manager")
    with builders.seen_by(kent) as viewpoint:
        counted = figure(viewpoint, "lines_closed_type1")
    assert counted is not None and (counted.value, counted.version) == (1, "2")
    assert DEFINITIONS["lines_closed_type1"][0].sentence != counted.definition
    assert [each.event for each in AuditEvent.objects.filter(event__startswith="line_").order_by("at")] == [
        "line_closure_proposed",
        "line_closure_decided",
    ]


def test_each_missing_part_is_said_in_one_sentence_and_nothing_is_written(kent: Viewer, builders: Any) -> None:
    before = builders.snapshot()
    for told, said in {
        "The line holder is missing": {"holder": None},
        "The arrest and charge are missing": {"charged": ()},
        "K/DEAD is no custody record": {"charged": ("K/DEAD",)},
        "gives the outcome “released under investigation” and no charge": {"charged": ("K/BAILED",)},
        "K/OTHER does not name the holder": {"charged": ("K/OTHER",)},
        "is out of use is missing": {"records": ()},
        "K/EARLY was made before": {"records": ("K/EARLY",)},
        "K/ELSE does not name": {"records": ("K/ELSE",)},
        "State both the day of the check": {"records": (), "checked_on": TODAY},
        "The day of the check must lie between": {
            "records": (),
            "checked_on": SILENT - timedelta(days=1),
            "check_said": "Rang.",
        },
        "No record that you may see has the reference NONE": {"records": ("NONE",)},
        "Choose the number that fell silent": {"number": OTHER},
        "must not lie in the future": {"since": TODAY + timedelta(days=2)},
        "Give the reason": {"why": " "},
    }.items():
        with pytest.raises(UserError, match=told):
            propose(builders, kent, **said)
    with pytest.raises(UserError, match="is out of use is missing"):
        declare(builders, kent, S.TYPE2_PROPOSED, since=SILENT, number=CLOSED)
    assert builders.changed(before) == set()
    declare(
        builders, kent, S.TYPE2_PROPOSED, number=CLOSED, since=SILENT, checked_on=TODAY, check_said="Rang: no tone."
    )


def test_what_may_follow_what_is_in_the_table(kent: Viewer, centre: Viewer, builders: Any) -> None:
    check: dict[str, Any] = {"checked_on": TODAY, "check_said": "Rang it."}
    closing = {"since": SILENT, "number": CLOSED, "holder": holder(), "charged": ("K/CHARGED",)} | check
    for way in (
        [],
        [S.IDENTIFIED],
        [S.ACTIVE],
        [S.DISRUPTED],
        [S.TYPE1_PROPOSED],
        [S.TYPE2_PROPOSED],
        [S.TYPE1_PROPOSED, S.CLOSED_TYPE1],
        [S.TYPE2_PROPOSED, S.CLOSED_TYPE2],
        [S.TYPE2_PROPOSED, S.CLOSED_TYPE2, S.REOPENED],
    ):
        with transaction.atomic():
            for state in way:
                offered = closing if "proposed" in state else check if state == S.REOPENED else {}
                declare(builders, centre if state in BY_CENTRE else kent, state, **offered)
            for state in set(S) - MOVES[way[-1] if way else S.AS_RETURNED] - {S.AS_RETURNED}:
                with pytest.raises(MoveNotAllowed, match="cannot become"):
                    declare(builders, centre if state in BY_CENTRE else kent, state)
            transaction.set_rollback(True)


def test_who_proposed_does_not_agree_and_others_are_refused_by_action_and_database(
    kent: Viewer, centre: Viewer, builders: Any
) -> None:
    essex, reader = (
        builders.enrolled("essex.analyst", agency="essex"),
        builders.enrolled("k.r", roles=[Role.INVESTIGATOR]),
    )
    for who in (essex, reader, centre):
        with pytest.raises(NotPermitted, match="Only an analyst or an information manager of Kent"):
            propose(builders, who)
    proposal = LineState.objects.get(id=propose(builders, kent))
    with pytest.raises(NotPermitted, match="of the centre"):
        declare(builders, kent, S.CLOSED_TYPE1)
    fields = {f.attname: getattr(proposal, f.attname) for f in proposal._meta.fields}
    forged = fields | {"id": uuid4(), "follows_id": proposal.id, "state": S.CLOSED_TYPE1}
    of_kent, of_centre = ({"decided_by": who.username, "decided_agency": who.agency} for who in (kent, centre))
    for who, said in (
        (kent, forged | of_kent),
        (centre, forged | of_kent),
        (centre, forged | of_centre | {"state": S.CLOSED_TYPE2}),
        (centre, forged | of_centre | {"follows_id": None}),
        (centre, forged | of_centre | {"line_ref": "OTHER"}),
        (centre, forged | of_centre | {"decided_at": timezone.now() - timedelta(days=2)}),
        (centre, forged | of_centre | {"state": S.DISRUPTED}),
        (essex, forged | {"decided_by": "essex.analyst", "decided_agency": "essex", "state": S.REOPENED}),
    ):
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic(), builders.seen_by(who):
            LineState(**said).save(force_insert=True)
    with transaction.atomic(), builders.seen_by(centre):
        LineState(**forged | of_centre).save(force_insert=True)


def test_a_centre_that_returned_the_line_itself_needs_two_people(
    centre: Viewer, builders: Any, tmp_path: Path, kept: Path
) -> None:
    row = builders.line("OWN", agency="nclcc", numbers=CLOSED, importing_agencies="kent")
    builders.sent(tmp_path / "centre", kept, agency="nclcc", lines=[row])
    which = Record.objects.get(ref="OWN").id
    said = {"returned": which, "since": SILENT, "number": CLOSED, "checked_on": TODAY, "check_said": "Rang it."}
    declare(builders, centre, S.TYPE2_PROPOSED, **said)
    with pytest.raises(NotPermitted, match="Whoever proposed"):
        declare(builders, centre, S.CLOSED_TYPE2, returned=which)
    second = builders.enrolled("centre.second", agency="nclcc")
    declare(builders, second, S.CLOSED_TYPE2, returned=which)


def test_a_hidden_return_and_an_overtaken_reader_are_told(kent: Viewer, centre: Viewer, builders: Any) -> None:
    with pytest.raises(NotPermitted, match="does not exist, or you may not see it"):
        declare(builders, kent, S.ACTIVE, returned=uuid4())
    declare(builders, kent, S.DISRUPTED)
    with pytest.raises(MoveNotAllowed, match="Somebody else declared"):
        declare(builders, builders.enrolled("kent.second"), S.ACTIVE, stood=None)


def test_what_is_restricted_is_neither_declared_on_nor_named(kent: Viewer, builders: Any) -> None:
    manager = builders.enrolled("kent.manager", roles=[Role.INFORMATION_MANAGER])
    for record, told in (
        (Record.objects.get(ref="K/CHARGED").id, "one of these records is restricted"),
        (of_return(), "this return is restricted"),
    ):
        with builders.seen_by(manager) as viewpoint:
            restrict(record=record, reason="Disputed.", viewpoint=viewpoint)
        with pytest.raises(MoveNotAllowed, match=told):
            propose(builders, kent)
    assert not LineState.objects.exists()


def test_evidence_is_seen_only_by_who_sees_that_record_and_follows_it_into_a_compartment(
    kent: Viewer, centre: Viewer, builders: Any, as_web: Any
) -> None:
    closed(builders, kent, centre)
    essex = builders.enrolled("essex.analyst", agency="essex")

    def seen(who: Viewer) -> set[str]:
        with builders.seen_by(who):
            return set(StateEvidence.objects.values_list("record__ref", flat=True))

    assert seen(kent) == {"K/HOLDS", "K/CHARGED", "K/DEAD"}
    assert seen(essex) == {"K/HOLDS", "K/DEAD"}
    assert status(builders, essex) == "closed_type1"
    shown = browse(as_web, essex, f"/lines/returns/{of_return()}/status")[1]
    assert "K/DEAD" in shown and "K/CHARGED" not in shown
    keeper = builders.enrolled("kent.keeper", roles=[Role.INFORMATION_MANAGER])
    with builders.seen_by(keeper) as viewpoint:
        vault = open_compartment(kind=CompartmentKind.OPERATION, name="Quoin", reason="covert", viewpoint=viewpoint).id
    with builders.seen_by(keeper) as viewpoint:
        record = Record.objects.get(ref="K/CHARGED").id
        put_in(record=record, compartment=vault, reason="covert", viewpoint=viewpoint)
    assert seen(kent) == {"K/HOLDS", "K/DEAD"}
    assert seen(keeper) == {"K/HOLDS", "K/CHARGED", "K/DEAD"}


def test_the_centre_agrees_only_on_what_it_sees(kent: Viewer, centre: Viewer, builders: Any) -> None:
    propose(builders, kent)
    keeper = builders.enrolled("kent.keeper", roles=[Role.INFORMATION_MANAGER])
    with builders.seen_by(keeper) as viewpoint:
        vault = open_compartment(kind=CompartmentKind.OPERATION, name="Quoin", reason="covert", viewpoint=viewpoint).id
    with builders.seen_by(keeper) as viewpoint:
        record = Record.objects.get(ref="K/CHARGED").id
        put_in(record=record, compartment=vault, reason="covert", viewpoint=viewpoint)
    with pytest.raises(UserError, match=r"With the records that you see .* The arrest and charge are missing"):
        declare(builders, centre, S.CLOSED_TYPE1)
    declare(builders, centre, S.NOT_AGREED)
    assert status(builders, kent) == "active"


def test_a_later_return_speaks_for_the_agency_and_both_are_shown(
    kent: Viewer, centre: Viewer, builders: Any, tmp_path: Path, kept: Path, as_web: Any
) -> None:
    made = closed(builders, kent, centre)
    again = builders.line("LEO", numbers=CLOSED, towns="Hastings", last_seen=TODAY.isoformat(), status="disrupted")
    tomorrow = at(timezone.now().date() + timedelta(days=1))
    builders.sent(tmp_path / "again", kept, ref="again", made_at=tomorrow, lines=[again])
    line = known(builders, kent).line_of_return["kent", "LEO"]
    assert (line.status, line.is_as_declared) == ("disrupted", False), "the newer of the two"
    assert [each.closure.id for each in line.standings if each.closure] == [made], "it stands through a revision"
    assert (CLOSED, "return", True) in signs(builders, kent)
    shown = browse(as_web, kent, f"/lines/returns/{of_return()}/status")[1]
    for words in ("Kent returned", "Disrupted, on", "Closed, type 1 since", "It may speak again"):
        assert words in shown, words


def test_check_backs_fall_due_by_themselves_are_answered_by_people_and_reopen_in_one_act(
    kent: Viewer, centre: Viewer, builders: Any, as_web: Any
) -> None:
    closed(builders, kent, centre)
    (stands,) = known(builders, kent).line_of_return["kent", "LEO"].standings
    assert [(each.days, each.is_due(TODAY), each.is_overdue(TODAY)) for each in stands.check_backs] == [
        (1, True, True),
        (7, True, True),
        (28, True, True),
        (90, False, False),
    ]
    assert look_back() == "1 check-back due, and 0 closed lines with signs of use since"
    check = {"checked_on": TODAY, "check_said": "Rang it: no tone."}
    with pytest.raises(UserError, match="a check before that day does not answer it"):
        declare(builders, kent, S.CHECKED, check_back=90, **check)
    with pytest.raises(UserError, match="must lie between"):
        declare(builders, kent, S.CHECKED, check_back=28, **check | {"checked_on": SILENT + timedelta(days=7)})
    declare(builders, centre, S.CHECKED, check_back=28, **check)
    (stands,) = known(builders, kent).line_of_return["kent", "LEO"].standings
    assert [(each.answer is not None, each.passed_over) for each in stands.check_backs] == [
        (False, True),
        (False, True),
        (True, False),
        (False, False),
    ]
    with pytest.raises(UserError, match="nobody has answered"):
        declare(builders, kent, S.CHECKED, check_back=7, **check)
    assert "Leo" not in browse(as_web, kent, "/lines/check-backs")[1]
    with pytest.raises(UserError, match="What shows that it speaks again is missing"):
        declare(builders, kent, S.REOPENED)
    with pytest.raises(UserError, match="names neither the closed number"):
        declare(builders, kent, S.REOPENED, records=("K/ELSE",))
    declare(builders, kent, S.REOPENED, **check | {"check_said": "Rang it: somebody took an order."})
    assert status(builders, kent) == "active"
    with builders.seen_by(kent) as viewpoint:
        assert closed_lines(viewpoint) == ()
    propose(builders, kent)


def test_a_planted_reemergence_is_found_at_the_check_back_and_only_by_who_may_see_it(
    kent: Viewer, centre: Viewer, builders: Any, tmp_path: Path, kept: Path, as_web: Any
) -> None:
    closed(builders, kent, centre)
    assert signs(builders, kent) == [], "neither what came before nor the closure's own evidence"
    builders.sent(
        tmp_path / "later",
        kept,
        ref="later",
        reports=[
            a_report(builders, "K/AGAIN", 20, CLOSED, handling="C"),
            a_report(builders, "K/FALSE", 21, CLOSED, information_grade="E"),
            a_report(builders, "K/TAKEN", 22, CLOSED, kind="seizure"),
            a_report(builders, "K/NEXT", 30, NEXT),
        ],
    )
    essex = builders.enrolled("essex.analyst", agency="essex")
    assert signs(builders, kent) == [(CLOSED, "report", True)]
    assert signs(builders, essex) == []
    said = builders.authorisation(numbers=[CLOSED])
    builders.delivery(tmp_path / "data", ref="data")
    builders.write_communications(tmp_path / "data" / "comms", said=said, rows=[builders.call(**{"from": CLOSED})])
    builders.take(tmp_path / "data", kept)
    builders.succession("kent", CLOSED, NEXT)
    assert signs(builders, kent) == [(CLOSED, "report", True), (NEXT, "report", False)]
    assert status(builders, kent) == "closed_type1", "what is found reopens nothing"
    assert look_back() == "1 check-back due, and 1 closed line with signs of use since"
    address = f"/lines/returns/{of_return()}/status"
    shown = browse(as_web, kent, address)[1]
    for words in ("It may speak again", "K/AGAIN", "K/NEXT", "put forward, nobody has confirmed it"):
        assert words in shown, words
    for words in ("K/AGAIN", "K/NEXT"):
        assert words not in browse(as_web, essex, address)[1], words
    assert address in browse(as_web, kent, "/lines/check-backs?shown=found")[1]
    assert address not in browse(as_web, essex, "/lines/check-backs?shown=found")[1]
    assert "may speak again" in browse(as_web, kent, f"/lines/{known(builders, kent).lines[0].id}")[1]
    status_page = browse(as_web, kent, address)[1]
    assert (
        "Put forward: it speaks again" in status_page
        and "K/AGAIN" in re.findall(r'name="records"[^>]*', status_page)[0]
    )
    assert re.search(r'value="reopened" checked', status_page), "put forward; only whoever sends it reopens anything"
    assert (
        "may speak again." in browse(as_web, kent, "/")[1] and "may speak again." not in browse(as_web, essex, "/")[1]
    )
    sent = {"state": "reopened", "reason": "An order was taken.", "records": "K/NEXT", "stood": str(last())}
    assert browse(as_web, kent, address, sent | {"records": ""})[0] == 422
    assert browse(as_web, kent, address, sent)[0] == 302
    assert status(builders, kent) == "active"
    assert AuditEvent.objects.filter(event="line_reopened", actor="kent.analyst").count() == 1


def test_the_pages_of_who_may_not_declare_and_of_what_is_hidden(kent: Viewer, builders: Any, as_web: Any) -> None:
    essex, auditor = builders.enrolled("essex.analyst", agency="essex"), builders.enrolled("k.a", roles=[Role.AUDITOR])
    address = f"/lines/returns/{of_return()}/status"
    code, shown = browse(as_web, essex, address)
    assert code == 200 and '<form method="post" novalidate>' not in shown
    assert browse(as_web, auditor, address)[0] == 404
    assert browse(as_web, kent, f"/lines/returns/{uuid4()}/status")[0] == 404
    sent = {"state": "type1_proposed", "reason": "Closed.", "since": SILENT.isoformat(), "number": CLOSED, "stood": ""}
    code, told = browse(as_web, kent, address, sent)
    assert code == 422 and "The line holder is missing" in told
    sent |= {"holder": str(holder()), "charged": "K/CHARGED", "records": "K/DEAD"}
    assert browse(as_web, kent, address, sent)[0] == 302
    assert "which waits for the centre" in browse(as_web, kent, address)[1]


def test_national_attention_is_the_centres_and_stands_on_the_lines_page(
    kent: Viewer, centre: Viewer, builders: Any, as_web: Any
) -> None:
    address = f"/lines/returns/{of_return()}/status"
    raise_it = {"do": "attention", "raised": "yes", "attention": "Two children were stabbed."}
    assert browse(as_web, kent, address, raise_it)[0] == 422
    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic(), builders.seen_by(kent):
        record = Record.objects.get(id=of_return())
        LineAttention(
            record=record,
            owner_id="kent",
            line_ref="LEO",
            raised=True,
            reason="x",
            decided_by="kent.analyst",
            decided_agency="kent",
            audience_id=record.audience_id,
        ).save(force_insert=True)
    assert browse(as_web, centre, address, raise_it)[0] == 302
    assert browse(as_web, centre, address, raise_it)[0] == 422, "it stands so already"
    line = f"/lines/{known(builders, kent).line_of_return['kent', 'LEO'].id}"
    shown = browse(as_web, kent, line)[1]
    for words in ("National attention", "Two children were stabbed.", "Metropolitan, from whose area it is run"):
        assert words in shown, words
    assert "Days with a sign" in shown and "External: sells outside" in shown
    assert browse(as_web, centre, address, raise_it | {"raised": "no", "attention": "Over."})[0] == 302
    assert "Two children" not in browse(as_web, kent, line)[1]
