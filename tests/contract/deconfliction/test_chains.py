"""The chain of evidence of an overlap: whole from one side to the other, by the least doubtful way, and of visible rows alone."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from django.test import Client

from crossline.access.models import Person
from crossline.deconfliction.chains import Step, _Edge, _shortest, chain_of
from crossline.deconfliction.overlaps import investigation_overlaps
from crossline.engines.comms.succession.successions import SCHEMA
from crossline.entities.matching import match_people
from crossline.lines import finding_successions
from crossline.lines.judging import judge_change
from crossline.lines.models import ChangeState
from crossline.records.models import Record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]
ONE, TWO, THREE = "+447700900123#0001", "+447700900456#0002", "+447700900789#0003"


def investigate(builders: Any, folder: Path, kept: Path, agency: str, selectors: str) -> None:
    row = builders.investigation(f"OP-{agency}", agency=agency, selectors=selectors, line_refs="")
    builders.take(builders.delivery(folder / agency, agency=agency, ref=f"{agency}-1", investigations=[row]), kept)


def change(old: str, new: str, day: int) -> dict[str, Any]:
    said = {"old_number": old, "new_number": new, "date": date(2026, 1, day), "score": 0.93, "shared_contacts": 7}
    return dict.fromkeys(SCHEMA.names) | said | {"reasons": ["7 contacts came along (+2.50)"], "method": "test"}


@pytest.fixture
def a_line_that_changed_twice(builders: Any, tmp_path: Path, kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Kent returns a line on its first number; records show two changes. Kent inquires into the first, Essex into the third."""
    found = pa.Table.from_pylist([change(ONE, TWO, 20), change(TWO, THREE, 25)], schema=SCHEMA)
    monkeypatch.setattr(finding_successions, "successions", lambda paths: found)
    folder = builders.delivery(tmp_path / "line", ref="LINE-1", lines=[builders.line("LEO", numbers=ONE)])
    builders.write_communications(folder / "comms")
    builders.take(folder, kept)
    assert finding_successions.find_successions(communications=kept) == 2
    investigate(builders, tmp_path, kept, "kent", f"phone:{ONE}")
    investigate(builders, tmp_path, kept, "essex", f"phone:{THREE}")


def chains(viewpoint: Any) -> dict[str, list[Step]]:
    """The chain of each thing that the only overlap shares, from Essex's side to Kent's."""
    (pair,) = investigation_overlaps(viewpoint).pairs
    return {reason.scheme: chain_of(reason, viewpoint) for reason in pair.reasons}


def test_a_line_is_followed_from_number_to_number_and_says_what_waits(
    builders: Any, a_line_that_changed_twice: None
) -> None:
    with builders.administrator() as viewpoint:
        before = chains(viewpoint)["line"]
    says = [step.says for step in before]
    assert says[0] == "OP-essex of Essex names 07700 900789 #0003."
    assert says[1].startswith("07700 900789 #0003 took over from 07700 900456 #0002 on 25 January 2026")
    assert says[2].startswith("07700 900456 #0002 took over from 07700 900123 #0001 on 20 January 2026")
    assert says[3] == "OP-kent of Kent names 07700 900123 #0001." and len(says) == 4
    assert [step.waits for step in before] == [False, True, True, False]
    with builders.seen_by(builders.enrolled("nclcc.analyst", agency="nclcc")) as viewpoint:
        for finding in Record.objects.filter(kind="finding"):
            said = {"finding": finding.id, "state": ChangeState.CONFIRMED, "reason": "Told us.", "stood": None}
            judge_change(**said, viewpoint=viewpoint)
    with builders.administrator() as viewpoint:
        assert [step.waits for step in chains(viewpoint)["line"]] == [False] * 4


def test_a_person_is_followed_from_match_to_match_and_everything_else_shared_stands_beside(
    builders: Any, tmp_path: Path, kept: Path
) -> None:
    investigate(builders, tmp_path, kept, "kent", f"person:Jayden Okonkwo-Tamm|2004-07-19;phone:{ONE}")
    investigate(builders, tmp_path, kept, "essex", f"person:Jaydon Okonkwo-Tamm|2004-07-19;phone:{ONE};phone:{ONE}")
    match_people()
    with builders.administrator() as viewpoint:
        found = chains(viewpoint)
    assert list(found) == ["phone", "person"], "each thing once, however often a record names it"
    assert [step.says for step in found["phone"]] == [
        "OP-essex of Essex names 07700 900123 #0001.",
        "OP-kent of Kent names 07700 900123 #0001.",
    ]
    first, match, last = found["person"]
    assert (first.says, last.says) == (
        "OP-essex of Essex names Jaydon Okonkwo-Tamm.",
        "OP-kent of Kent names Jayden Okonkwo-Tamm.",
    )
    assert "are held to be one person" in match.says and "the same date of birth" in match.says


def test_whoever_does_not_see_both_sides_is_told_there_is_no_such_page(
    builders: Any, a_line_that_changed_twice: None, as_web: Any
) -> None:
    centre, kent = builders.enrolled("nclcc.analyst", agency="nclcc"), builders.enrolled("kent.analyst")
    one, other = Record.objects.filter(kind="investigation").order_by("owner").values_list("id", flat=True)
    answers = {}
    for viewer in (centre, kent):
        client = Client(headers={"host": "localhost"})
        with as_web():
            client.force_login(Person.objects.get(username=viewer.username))
            answers[viewer.agency] = [client.get(f"/overlaps/{a}/{b}") for a, b in ((one, other), (other, one))]
    assert [answer.status_code for answer in answers["kent"]] == [404, 404]
    first, second = (answer.content.decode() for answer in answers["nclcc"])
    assert "larch@kent.invalid" in first and "Nobody has confirmed it" in first
    assert first.count("took over from") == second.count("took over from") == 2


def test_two_ways_that_say_the_same_are_one_chain_each_time() -> None:
    """Two matches of one sentence, as of two records of one person, stood in the way of the page once."""
    said = [Step("Held to be one.", f"/people/{each}") for each in (2, 1)]
    graph = {"a": [_Edge("b", said[0]), _Edge("c", said[1])], "b": [_Edge("d", said[0])], "c": [_Edge("d", said[0])]}
    assert _shortest(graph, "a", "d") == [said[1], said[0]]
