"""A decoy changes nothing but what it is there for: whoever comes upon it is told all else as before, byte for byte."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from crossline.access.models import Person
from crossline.access.viewer import viewer_of
from crossline.records.decoys.drawing import Story
from crossline.records.decoys.planting import agree, end, plant
from crossline.records.disposal import dispose_due
from crossline.records.models import Decoy

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]

OF_DECOYS = {f"records_decoy{table}" for table in ("", "step", "record", "token")}
WHO_MAY_SEE = {"access_audience", "access_audiencelabel", "access_label"}
"""The audience of an agency's own people, where nothing had it before."""


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Hundreds of pages that are not found are what these tests ask for."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def world(db: None, two_worlds: ModuleType, builders: Any, tmp_path: Path, kept: Path) -> Any:
    two_worlds.leaks.forget_kept()
    return two_worlds.world.made(builders, tmp_path, kept)


def planted(builders: Any) -> Decoy:
    """About somebody and a number that nothing else asks for."""
    now = timezone.now()
    story = Story(
        ref="KENT/2026/044871",
        made_at=now,
        occurred_at=now,
        source_grade="1",
        information_grade="A",
        conditions="A1 S2",
        subject="Traffic stop",
        text="Ottilie Fennimore gave 07700 900321#4456.",
        forename="Ottilie",
        surname="Fennimore",
        born="1994-05-06",
        sex="F",
        number="07700 900321#4456",
    )
    with person(builders, "kent.planter") as viewpoint:
        return plant(story=story, days=9, reason="Leaks.", sponsor="kent.sponsor", viewpoint=viewpoint)


def person(builders: Any, username: str) -> Any:
    return builders.seen_by(viewer_of(Person.objects.get(username=username)))


def agreed(builders: Any, made: Decoy) -> None:
    with person(builders, "kent.sponsor") as viewpoint:
        agree(decoy=made.id, viewpoint=viewpoint)


def ended(builders: Any, made: Decoy) -> None:
    with person(builders, "kent.planter") as viewpoint:
        end(decoy=made.id, note="Over.", viewpoint=viewpoint)


def told(world: Any, two_worlds: ModuleType, username: str) -> dict[tuple[str, str], bytes]:
    """Every page, every export in every format, asked and forgotten again."""
    two_worlds.leaks.forget_kept()
    found: dict[tuple[str, str], bytes] = {}
    with transaction.atomic():
        with world.builders.role("none"):
            audiences = two_worlds.world.may_see(world.people[username])
        with world.builders.role("crossline_web"):
            found = two_worlds.probes.answers(world, username, audiences, with_tables=False)
        transaction.set_rollback(True)
    return found


def comes_upon(world: Any, two_worlds: ModuleType, username: str, made: Decoy) -> list[bool]:
    """Whether each way that leads to it gives it: by name, number and reference, and at its addresses."""
    addresses = (
        *("/search?q=Fennimore", "/search?q=07700+900321%234456", f"/search?q={made.ref}"),
        *(f"/records/{made.id}", f"/people/{made.person}", f"/things/{made.phone}"),
    )
    found: list[bool] = []
    with transaction.atomic():
        with world.builders.role("crossline_web"):
            client = two_worlds.probes.client_of(world.people[username])
            for address in addresses:
                answer = two_worlds.probes.asked(client, two_worlds.addresses.Request(address))
                found.append(answer.startswith(b"200") and b"Nothing found" not in answer)
        transaction.set_rollback(True)
    return found


def parting(left: dict[Any, bytes], right: dict[Any, bytes]) -> list[Any]:
    return [key for key in left.keys() | right.keys() if left.get(key) != right.get(key)]


@pytest.mark.parametrize(
    "username",
    ["kent.analyst", *(pytest.param(each, marks=pytest.mark.slow) for each in ("kent.manager", "centre.coordinator"))],
)
def test_whoever_comes_upon_a_decoy_is_told_all_else_as_before(
    username: str, world: Any, two_worlds: ModuleType
) -> None:
    builders, sees = world.builders, username.startswith("kent.")
    before = told(world, two_worlds, username)
    made = planted(builders)
    assert parting(before, told(world, two_worlds, username)) == []
    assert not any(comes_upon(world, two_worlds, username, made))
    agreed(builders, made)
    two_worlds.world.worked_on(full=True)
    assert parting(before, told(world, two_worlds, username)) == []
    assert comes_upon(world, two_worlds, username, made) == [sees] * 6
    ended(builders, made)
    assert parting(before, told(world, two_worlds, username)) == []
    assert not any(comes_upon(world, two_worlds, username, made))
    assert len(before) > 200


def test_no_other_table_has_a_row_of_it_whatever_is_worked_out_afterwards(
    world: Any, two_worlds: ModuleType, builders: Any
) -> None:
    two_worlds.world.worked_on(full=True)
    before = builders.snapshot()
    made = planted(builders)
    agreed(builders, made)
    assert builders.changed(before) <= OF_DECOYS | WHO_MAY_SEE | {"access_auditevent"}
    two_worlds.world.worked_on(full=True)
    assert dispose_due(reach=builders.reach(world.kept), now=timezone.now()) == []
    holding = set(builders.tables_holding("Fennimore"))
    assert holding == {"records_decoy", "records_decoyrecord", "records_decoytoken"}
    ended(builders, made)
    assert set(builders.tables_holding(str(made.id))) <= OF_DECOYS | {"access_auditevent"}
