"""Checks and pointers follow changes of number: each side by what it may see, and nothing that is shut away."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from django.test import Client

from crossline.access.models import Person
from crossline.deconfliction.check_presenter import follow_rows
from crossline.deconfliction.following import followed, links, links_of
from crossline.deconfliction.inbox import asked_about
from crossline.deconfliction.models import Check
from crossline.deconfliction.rules import FOLLOWED, verdict_at
from crossline.engines.deconfliction.tokens import Verdict
from crossline.lines.models import ChangeState

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]
OLD, NEW, NEWEST = (f"+4477009003{place}#0001" for place in (10, 20, 30))


def test_whoever_asks_finds_who_works_on_the_number_that_took_over(two: Any) -> None:
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
    with two.seen_by("kent") as viewpoint:
        line = Check(scheme="line", value=f"Leo|Hastings|{OLD}")
        assert [row["number"] for row in follow_rows(line, links(viewpoint))] == [
            "07700 900320 #0001",
            "07700 900330 #0001",
        ]
    two.decides("kent", first, ChangeState.REJECTED, stood)
    assert two.told("kent", OLD) == []


def test_a_chain_is_followed_both_ways_and_not_for_ever(two: Any) -> None:
    numbers = [f"+447700900{400 + place}#0001" for place in range(FOLLOWED + 4)]
    for old, new in pairwise(numbers):
        two.shows("kent", old, new)
    with two.seen_by("kent") as viewpoint:
        along = links(viewpoint)
    found = followed([f"phone:{numbers[3]}"], along)
    assert len(found) == FOLLOWED and {each.number for each in found[:2]} == {numbers[2], numbers[4]}
    assert [each.later for each in found[:2]] == [False, True]
    assert followed(["vrm:AB12CDE"], along) == [] and links_of([]) == {}
