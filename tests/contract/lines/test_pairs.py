"""People say that two returned lines are the same or different: it outranks the grouping, and is undone exactly."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from crossline.access.models import AuditEvent, Person
from crossline.access.roles import Role
from crossline.access.viewer import ADMINISTRATOR, Viewer, reading
from crossline.errors import MoveNotAllowed, NotPermitted, UserError
from crossline.lines.judging import judge_change
from crossline.lines.models import PAIR_MOVES, ChangeState, LineJudgement, PairVerdict
from crossline.lines.pairing import judge_pair
from crossline.lines.register import register
from crossline.lines.rows import successions
from crossline.lines.suggesting import suggestions
from crossline.records.models import Record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]

FIRST, SECOND, THIRD = "07700 900123#0001", "07700 900456#0002", "07700 900789#0003"
SAME, DIFFERENT, WITHDRAWN = PairVerdict.SAME, PairVerdict.DIFFERENT, PairVerdict.WITHDRAWN


@pytest.fixture
def kent(builders: Any, tmp_path: Path, kept: Path) -> Viewer:
    """Kent returns two lines that one number joins, and Essex one of another number in the town of one of them."""
    kents = [
        builders.line("A", name="Leo", numbers=FIRST, towns="Hastings"),
        builders.line("B", name="Max", numbers=FIRST, towns="Margate", exporting_agency="merseyside"),
    ]
    row = {"numbers": SECOND, "towns": "Hastings", "exporting_agency": "merseyside", "importing_agencies": "essex"}
    builders.sent(tmp_path / "kent", kept, lines=kents)
    builders.sent(
        tmp_path / "essex", kept, agency="essex", ref="E", lines=[builders.line("C", agency="essex", name="LEO", **row)]
    )
    return builders.enrolled("kent.analyst")


def grouped(builders: Any, who: Viewer) -> set[frozenset[str]]:
    """The lines as sets of the references of their returns."""
    with builders.seen_by(who) as viewpoint:
        return {frozenset(row.ref for row in line.returns) for line in register(viewpoint).lines}


def lines(*groups: str) -> set[frozenset[str]]:
    return {frozenset(group) for group in groups}


def returned(ref: str) -> Record:
    return Record.objects.filter(kind="line_return", ref=ref).order_by("-revision")[0]


def last(one: str, other: str) -> UUID | None:
    made = LineJudgement.objects.filter(followed_by=None, left_ref__in=[one, other], right_ref__in=[one, other]).first()
    return made.id if made else None


def judge(builders: Any, who: Viewer, pair: str, verdict: PairVerdict, why: str = "Seen to.", **said: Any) -> None:
    given = {"one": returned(pair[0]), "other": returned(pair[1]), "stood": last(pair[0], pair[1])} | said
    with builders.seen_by(who) as viewpoint:
        judge_pair(**given, verdict=verdict, reason=why, viewpoint=viewpoint)


def browse(as_web: Any, who: Viewer, address: str, said: dict[str, str] | None = None) -> tuple[int, str]:
    client = Client(headers={"host": "localhost"})
    with as_web():
        client.force_login(Person.objects.get(username=who.username))
        answer = client.get(address) if said is None else client.post(address, said)
    return answer.status_code, answer.content.decode()


def test_merged_split_and_undone_it_is_exactly_what_it_was_and_a_revision_keeps_it(
    kent: Viewer, builders: Any, tmp_path: Path, kept: Path
) -> None:
    before = lines("AB", "C")
    assert grouped(builders, kent) == before
    judge(builders, kent, "AB", DIFFERENT)
    assert grouped(builders, kent) == lines("A", "B", "C")
    judge(builders, kent, "CA", SAME)
    assert grouped(builders, kent) == lines("AC", "B")
    judge(builders, kent, "CB", SAME)
    assert len(grouped(builders, kent)) == 2, "what was said to be different is brought together by no chain"
    revised = builders.line("A", name="Leo", numbers=FIRST, towns="Hastings;Rye")
    builders.sent(tmp_path / "again", kept, ref="again", lines=[revised])
    assert not any({"A", "B"} <= line for line in grouped(builders, kent))
    for pair in ("AB", "CA", "CB"):
        judge(builders, kent, pair, WITHDRAWN)
    assert grouped(builders, kent) == before
    assert AuditEvent.objects.filter(event="lines_judged").count() == 6


def test_what_may_follow_what_who_says_it_and_what_the_database_holds(kent: Viewer, builders: Any) -> None:
    norfolk = builders.enrolled("norfolk.analyst", agency="norfolk")
    reader = builders.enrolled("kent.reader", roles=[Role.INVESTIGATOR])
    for who in (norfolk, reader):
        with pytest.raises(NotPermitted, match="Only an analyst or an information manager"):
            judge(builders, who, "AC", SAME)
    with pytest.raises(UserError, match="one and the same"):
        judge(builders, kent, "AA", SAME)
    with pytest.raises(UserError, match="Give the reason"):
        judge(builders, kent, "AC", SAME, why=" ")
    for stands in PairVerdict:
        with transaction.atomic():
            for verdict in {PairVerdict.UNJUDGED: [], WITHDRAWN: [SAME, WITHDRAWN]}.get(stands, [stands]):
                judge(builders, kent, "AC", verdict)
            for verdict in set(PairVerdict) - PAIR_MOVES[stands] - {PairVerdict.UNJUDGED}:
                with pytest.raises(MoveNotAllowed, match="cannot become"):
                    judge(builders, kent, "AC", verdict)
            transaction.set_rollback(True)
    essex = builders.enrolled("essex.analyst", agency="essex")
    judge(builders, essex, "AC", SAME)
    with pytest.raises(MoveNotAllowed, match="Somebody else judged"):
        judge(builders, kent, "AC", DIFFERENT, stood=None)
    made = LineJudgement.objects.get()
    fields = {f.attname: getattr(made, f.attname) for f in made._meta.fields} | {"id": uuid4(), "follows_id": made.id}
    own = {"decided_by": kent.username, "decided_agency": "kent"}
    for who, said in (
        (kent, {}),
        (norfolk, {"decided_by": norfolk.username, "decided_agency": "norfolk"}),
        (kent, own | {"left_ref": "Z"}),
        (kent, own | {"decided_at": timezone.now() - timedelta(days=1)}),
    ):
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic(), builders.seen_by(who):
            LineJudgement(**fields | said).save(force_insert=True)
    with transaction.atomic(), builders.seen_by(kent):
        LineJudgement(**fields | own).save(force_insert=True)


def test_suggestions_say_why_and_are_gone_once_judged(
    kent: Viewer, builders: Any, tmp_path: Path, kept: Path, as_web: Any
) -> None:
    """The same name in the same town; a change of number put forward; a person whom matching places with both."""
    mentions = [builders.person(), {"key": "l1", "kind": "line", "name": "Leo"}, {"key": "t1", "kind": "phone"}]
    says = [
        {"from": "p1", "to": "l1", "type": "runs_for", "basis": "assessment", "category": "victim"},
        {"from": "l1", "to": "t1", "type": "uses", "basis": "fact"},
    ]
    reports = [
        builders.report(
            f"K/{number[-1]}", handling="C", mentions=[*mentions[:2], mentions[2] | {"number": number}], assertions=says
        )
        for number in (FIRST, SECOND)
    ]
    folder = builders.delivery(tmp_path / "more", ref="more", reports=reports)
    builders.write_communications(folder / "comms")
    builders.take(folder, kept)
    builders.match_people()
    builders.succession("kent", "+447700900123#0001", "+447700900456#0002")
    essex = builders.enrolled("essex.analyst", agency="essex")
    with builders.seen_by(kent) as viewpoint:
        (found,) = suggestions(viewpoint)
    assert len(found.reasons) == 3
    with builders.seen_by(essex) as viewpoint:
        assert [each.reasons for each in suggestions(viewpoint)] == [("Both are called Leo and sell in Hastings",)]
    status, listed = browse(as_web, kent, "/lines/suggestions")
    for words in ("probably took over from", "sell in Hastings", "Records place Jaden Cole with both"):
        assert status == 200 and words in listed, words
    address = f"/lines/pairs/{returned('A').id}/{returned('C').id}"
    assert browse(as_web, kent, address, {"verdict": "same", "reason": "", "stood": ""})[0] == 422
    assert browse(as_web, kent, address, {"verdict": "same", "reason": "One phone.", "stood": ""})[0] == 302
    assert "Nothing to suggest" in browse(as_web, kent, "/lines/suggestions")[1]
    assert "One phone." in browse(as_web, essex, address)[1]
    assert (
        "a person said that both are one line"
        in browse(as_web, kent, f"/lines/{first_line(kent, builders)}")[1].lower()
    )
    status, _ = browse(as_web, kent, f"/lines/suggestions?from={returned('A').id}&ref=C")
    assert status == 302
    auditor = builders.enrolled("kent.auditor", roles=[Role.AUDITOR])
    assert browse(as_web, auditor, address)[0] == 404
    assert browse(as_web, kent, f"/lines/pairs/{returned('A').id}/{uuid4()}")[0] == 404


def first_line(who: Viewer, builders: Any) -> str:
    with builders.seen_by(who) as viewpoint:
        return register(viewpoint).line_of_return["kent", "A"].id


def test_a_line_that_changes_its_number_five_times_stays_one_line(builders: Any, tmp_path: Path, kept: Path) -> None:
    """Returned by its first number and by its last, under another name in another town: people confirmed the changes between."""
    chain = [f"+44770090012{place}#0001" for place in range(6)]
    row = builders.line("FIRST", name="Leo", numbers=chain[0], towns="Hastings")
    later = builders.line("LAST", name="Max", numbers=chain[-1], towns="Truro", exporting_agency="merseyside")
    folder = builders.delivery(tmp_path / "kent", lines=[row, later])
    builders.write_communications(folder / "comms")
    builders.take(folder, kept)
    for old, new in pairwise(chain):
        builders.succession("kent", old, new)
    kent = builders.enrolled("kent.analyst")
    assert grouped(builders, kent) == {frozenset({"FIRST"}), frozenset({"LAST"})}
    with reading(ADMINISTRATOR) as viewpoint:
        found = [each.record for each in successions(viewpoint)]
    for each in found:
        with builders.seen_by(kent) as viewpoint:
            judge_change(finding=each, state=ChangeState.CONFIRMED, reason="Told us.", stood=None, viewpoint=viewpoint)
    with builders.seen_by(kent) as viewpoint:
        (line,) = register(viewpoint).lines
    assert {use.number for use in line.group.numbers} == set(chain)
    assert {row.ref for row in line.returns} == {"FIRST", "LAST"}
    assert date(2026, 1, 20) in {use.to_date for use in line.group.numbers}
