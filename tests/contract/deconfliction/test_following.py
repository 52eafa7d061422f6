"""Checks and pointers follow changes of number: each side by what it may see, and nothing that is shut away."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from crossline.access.compartments.actions import open_compartment
from crossline.access.compartments.models import CompartmentKind
from crossline.access.models import Person
from crossline.access.roles import Role
from crossline.deconfliction.answering import set_answer
from crossline.deconfliction.checking import Answered, Asked, Why, ask_check
from crossline.deconfliction.following import followed, links, links_of
from crossline.deconfliction.inbox import asked_about, met
from crossline.deconfliction.models import CheckToken, Pointer
from crossline.deconfliction.pointing import make_pointers
from crossline.deconfliction.rules import FOLLOWED, AnswerLevel, verdict_at
from crossline.engines.deconfliction.tokens import Verdict
from crossline.lines.judging import judge_change
from crossline.lines.models import ChangeState
from crossline.records.compartments.actions import put_in
from crossline.records.generation import advance
from crossline.records.models import Record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]
WHY = Why("before a warrant", "Operation Alder", "Alder desk, 07700 900100", 91)
OLD, NEW, NEWEST = (f"+4477009003{place}#0001" for place in (10, 20, 30))


class Two:
    """Kent has communications data; Essex investigates numbers and lets itself be named."""

    def __init__(self, builders: Any, folder: Path, kept: Path) -> None:
        self.builders, self.folder, self.kept, self.sent = builders, folder, kept, 0
        for agency in ("kent", "essex"):
            self._set_of_data(agency)
        roles = (Role.ANALYST, Role.INFORMATION_MANAGER)
        self.people = {each: builders.enrolled(f"{each}.x", agency=each, roles=roles) for each in ("kent", "essex")}
        self.people["nclcc"] = builders.enrolled("centre.x", agency="nclcc", roles=(Role.ANALYST,))

    def _set_of_data(self, agency: str) -> None:
        folder = self.folder / f"data-{agency}"
        self.builders.delivery(folder, agency=agency, ref=f"DATA-{agency}")
        said = self.builders.authorisation(f"AUTH-{agency}", agency=agency)
        self.builders.write_communications(folder / "comms", said=said)
        self.builders.take(folder, self.kept)

    def seen_by(self, agency: str) -> Any:
        return self.builders.seen_by(self.people[agency])

    def investigates(self, agency: str, number: str, *, says: AnswerLevel = AnswerLevel.CONTACT) -> UUID:
        self.sent += 1
        ref = f"OP-{self.sent}"
        row = self.builders.investigation(ref, agency=agency, selectors=f"phone:{number}", line_refs="")
        self.builders.sent(self.folder / ref, self.kept, agency=agency, ref=ref, investigations=[row])
        make_pointers()
        with self.seen_by(agency) as viewpoint:
            set_answer(level=says, contact=f"{agency} desk", category="", viewpoint=viewpoint)
        return Record.objects.get(owner=agency, ref=ref).id

    def asks(self, agency: str, number: str) -> Answered:
        with self.seen_by(agency) as viewpoint:
            return ask_check(asked=Asked.read("phone", number), why=WHY, viewpoint=viewpoint)

    def told(self, agency: str, number: str) -> list[tuple[str, Verdict | None]]:
        return [(each.agency, each.verdict) for each in self.asks(agency, number).told]

    def shows(self, agency: str, old: str, new: str) -> UUID:
        """A change of number that the agency's data show, as the daily round leaves it."""
        found: UUID = self.builders.succession(agency, old, new)
        advance()
        return found

    def decides(self, agency: str, finding: UUID, state: ChangeState, stood: UUID | None = None) -> UUID:
        with self.seen_by(agency) as viewpoint:
            return judge_change(finding=finding, state=state, reason="Read.", stood=stood, viewpoint=viewpoint).id


@pytest.fixture
def two(builders: Any, tmp_path: Path, kept: Path) -> Two:
    return Two(builders, tmp_path, kept)


def test_whoever_asks_finds_who_works_on_the_number_that_took_over(two: Two) -> None:
    record = two.investigates("essex", NEWEST)
    assert two.told("kent", OLD) == []
    first = two.shows("kent", OLD, NEW)
    second = two.shows("kent", NEW, NEWEST)
    assert two.told("kent", OLD) == [("essex", Verdict.MAY_BE)]
    assert two.told("kent", NEWEST) == [("essex", Verdict.SAME)]
    with two.seen_by("essex") as viewpoint:
        sure = {(each.agency, each.record, verdict_at(each.sure)) for each in asked_about(viewpoint)}
        assert sure == {("kent", record, Verdict.MAY_BE), ("kent", record, Verdict.SAME)}
        assert links(viewpoint) == {}, "Essex sees nothing of Kent's data"
    assert two.told("nclcc", OLD) == [("essex", Verdict.MAY_BE)], "the centre is sent Kent's data"
    stood = two.decides("kent", first, ChangeState.CONFIRMED)
    two.decides("kent", second, ChangeState.CONFIRMED)
    made = two.asks("kent", OLD)
    assert [each.verdict for each in made.told] == [Verdict.LIKELY]
    client = Client()
    with two.builders.role("crossline_web"):
        client.force_login(Person.objects.get(id=two.people["kent"].person_id))
        page = client.get(f"/deconfliction/checks/{made.id}", headers={"host": "localhost"}).content.decode()
    assert "Numbers that it is looked up with" in page and "07700 900320" in page and "Likely the same" in page
    two.decides("kent", first, ChangeState.REJECTED, stood)
    assert two.told("kent", OLD) == []


def test_an_agency_points_at_what_its_own_data_show_and_today_s_check_is_met_tomorrow(two: Two) -> None:
    two.investigates("essex", OLD)
    asked = two.asks("kent", NEW)
    assert asked.told == () and make_pointers() == 0
    two.shows("kent", OLD, NEW)
    make_pointers()
    assert Pointer.objects.filter(owner="essex").count() == 1, "nobody points by another's data"
    with two.seen_by("kent") as viewpoint:
        found = [(each.own, each.agency, verdict_at(each.sure)) for each in met(viewpoint)]
        assert found == [(asked.id, "essex", Verdict.MAY_BE)], "Kent's own check follows what Kent has found since"
    finding = two.shows("essex", OLD, NEW)
    assert make_pointers() == 1 and make_pointers() == 0
    first = Pointer.objects.get(via__isnull=False)
    assert first.via_id == finding
    make_pointers(full=True)
    assert Pointer.objects.get(via__isnull=False).made_at == first.made_at, "it points since it first did"
    assert two.told("nclcc", NEW) == [("essex", Verdict.MAY_BE)]
    two.decides("essex", finding, ChangeState.REJECTED)
    make_pointers()
    assert not Pointer.objects.filter(via__isnull=False).exists()


def test_what_is_shut_away_or_disposed_of_leads_nowhere(two: Two) -> None:
    two.investigates("essex", OLD)
    finding = two.shows("essex", OLD, NEW)
    make_pointers()
    two.asks("essex", OLD)
    assert Pointer.objects.filter(via=finding).count() == CheckToken.objects.filter(via_id=finding).count() == 1
    with two.seen_by("essex") as viewpoint:
        shut = open_compartment(kind=CompartmentKind.OPERATION, name="Covert", reason="covert", viewpoint=viewpoint)
    data = Record.objects.get(owner="essex", kind="communications").id
    with two.seen_by("essex") as viewpoint:
        put_in(record=data, compartment=shut.id, reason="covert", viewpoint=viewpoint)
    assert not Pointer.objects.filter(via=finding).exists() and not CheckToken.objects.filter(via_id=finding).exists()
    make_pointers()
    assert two.told("kent", NEW) == [] and not Pointer.objects.filter(via=finding).exists()
    with two.seen_by("essex") as viewpoint:
        assert links(viewpoint) == {}, "not even for whoever belongs to it: colleagues read the receipt"
    two.investigates("kent", NEW)
    other = two.shows("kent", NEW, NEWEST)
    make_pointers()
    assert Pointer.objects.filter(via=other).exists()
    two.asks("kent", NEW)
    assert CheckToken.objects.filter(via_id=other).exists()
    Record.objects.get(id=other).delete()
    assert not Pointer.objects.filter(via=other).exists() and not CheckToken.objects.filter(via_id=other).exists()


def test_a_chain_is_followed_both_ways_and_not_for_ever(two: Two) -> None:
    numbers = [f"+447700900{400 + place}#0001" for place in range(FOLLOWED + 4)]
    for old, new in pairwise(numbers):
        two.shows("kent", old, new)
    with two.seen_by("kent") as viewpoint:
        along = links(viewpoint)
    found = followed([f"phone:{numbers[3]}"], along)
    assert len(found) == FOLLOWED and {each.number for each in found[:2]} == {numbers[2], numbers[4]}
    assert [each.later for each in found[:2]] == [False, True]
    assert followed(["vrm:AB12CDE"], along) == [] and links_of([]) == {}
