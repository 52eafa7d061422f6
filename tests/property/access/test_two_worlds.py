"""Nothing that somebody is told depends on what they may not see: see tests/two_worlds."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.db import transaction
from django.urls import get_resolver
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from crossline.access.roles import POLICING_ROLES
from crossline.records.models import Mention, Record

WALLS = ("BOTH", "FILTER_ALONE", "ROW_SECURITY_ALONE")
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]


EVERYBODY = (
    *("kent.analyst", "surrey.safeguarding", "centre.coordinator", "kent.manager"),
    *("essex.investigator", "kent.auditor", "kent.administrator", "quillhaven.partner"),
)
DAILY = (
    ("BOTH", "kent.analyst"),
    ("ROW_SECURITY_ALONE", "quillhaven.partner"),  # the filter alone: the control of test_planted_leaks
)
"""One of police and one partner. A pair asks for some eight hundred pages of each world, and the gate has twenty-five minutes."""
OTHERS = sorted({(walls, username) for walls in WALLS for username in EVERYBODY} - {*DAILY})
"""What the long evidence tries beside the daily run: each wall with each person."""
WORLDS = int(os.environ.get("CROSSLINE_TEST_WORLDS", "1"))
"""How many random scripts the daily run tries for each person; `just two-worlds` tries many."""


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Hundreds of pages that are not found are what these tests ask for."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def world(db: None, two_worlds: ModuleType, builders: Any, tmp_path: Path, kept: Path) -> Any:
    """The world that others are compared with."""
    two_worlds.leaks.forget_kept()
    return two_worlds.world.made(builders, tmp_path, kept)


def test_every_route_of_the_address_book_has_probes(two_worlds: ModuleType) -> None:
    routes = {pattern.name for pattern in get_resolver().url_patterns}
    assert routes == set(two_worlds.addresses.PROBES)


def test_every_kind_of_fact_is_hidden_from_somebody(two_worlds: ModuleType) -> None:
    assert sorted(EVERYBODY) == sorted(two_worlds.world.VIEWERS)
    used = {name for username in two_worlds.world.VIEWERS for name, _ in two_worlds.facts.hidden_from(username)}
    assert used == set(two_worlds.facts.FACTS)


@pytest.mark.parametrize(
    ("walls", "username"), [*DAILY, *(pytest.param(*pair, marks=pytest.mark.slow) for pair in OTHERS)]
)
def test_nothing_that_is_told_depends_on_what_is_hidden(
    walls: str, username: str, world: Any, two_worlds: ModuleType
) -> None:
    """Everything out of sight at once; each wall must hold by itself. Who fails this is told which fact shows where."""
    observer = two_worlds.comparing.Observer(world, username, two_worlds.walls.Walls[walls])
    hidden = two_worlds.facts.hidden_from(username)
    if found := observer.compare_with(hidden):
        alone = next((fact for fact in hidden if observer.compare_with([fact])), "several facts together")
        pytest.fail(f"{username}, {walls}, shown by {alone}: {len(found)} differences\n" + "\n".join(found[:8]))
    print(f"{username}, {walls}: {observer.tally.comparisons:,} comparisons, 0 differences")
    assert observer.tally.routes >= {*two_worlds.addresses.PROBES, "export", "by id"}
    assert observer.tally.comparisons > 200


@pytest.mark.parametrize("some", [("kent.analyst", "kent.auditor"), pytest.param((), marks=pytest.mark.slow)])
def test_what_somebody_may_see_does_appear(
    some: tuple[str, ...], world: Any, two_worlds: ModuleType, builders: Any
) -> None:
    """The dual: a site that showed nobody anything would pass every comparison. Of nobody named, everybody is asked for."""
    probes, request = two_worlds.probes, two_worlds.addresses.Request
    for username, viewer in ((name, viewer) for name, viewer in world.people.items() if name in some or not some):
        audiences = two_worlds.world.may_see(viewer)
        records = list(Record.objects.filter(audience__in=audiences).values_list("id", "ref"))
        people = list(Mention.objects.filter(audience__in=audiences, kind="person").values_list("id", "caption"))
        hidden = list(Record.objects.exclude(audience__in=audiences).values_list("id", flat=True))
        if not viewer.roles & POLICING_ROLES:  # what names the auditor's role still reaches one by row
            assert bool(records) == (username == "kent.auditor")
            continue
        with builders.role("crossline_web"):
            client = probes.client_of(viewer)
            for key, ref in records:
                assert ref.encode() in probes.asked(client, request(f"/records/{key}")), (
                    username,
                    ref,
                )
            for key, caption in people:
                page = probes.asked(client, request(f"/people/{key}"))
                found = probes.asked(client, request(f"/search?q={caption.replace(' ', '+')}"))
                assert page.startswith(b"200"), (username, caption)
                assert caption.encode() in page and caption.encode() in found
            assert all(probes.asked(client, request(f"/records/{key}")).startswith(b"404") for key in hidden), username
            told = {question.name: question.ask(client) for question in probes.exports(viewer)}
        assert told["people.csv"].count(b"\n") == len(people) + 1, username
        assert len(records) > 10 and (hidden or username == "centre.coordinator")


@pytest.mark.slow  # just two-worlds
@pytest.mark.parametrize("username", ["kent.analyst", "centre.coordinator"])
def test_any_script_of_hidden_facts_leaves_the_answers_as_they_were(
    username: str, world: Any, two_worlds: ModuleType
) -> None:
    """Hypothesis writes the scripts; a failing one is shrunk and printed with what brings it back."""
    observer = two_worlds.comparing.Observer(world, username, two_worlds.walls.Walls.BOTH)
    hidden = two_worlds.facts.hidden_from(username)

    class HiddenFacts(RuleBasedStateMachine):
        """Adds facts one after the other, and asks after each."""

        def __init__(self) -> None:
            super().__init__()
            self.transaction = transaction.atomic()
            self.transaction.__enter__()
            self.added = 0

        @initialize()
        def start(self) -> None:
            two_worlds.leaks.forget_kept()

        @rule(additions=st.lists(st.sampled_from(hidden), min_size=1, max_size=4))
        def add(self, additions: list[tuple[str, str]]) -> None:
            for name, agency in additions:
                two_worlds.facts.FACTS[name](world, agency)
            self.added += 1

        @rule(full=st.booleans())
        def work(self, full: bool) -> None:
            two_worlds.world.worked_on(full=full)

        @invariant()
        def told_the_same(self) -> None:
            if self.added:
                assert observer.compare_with([], work=False) == []

        def teardown(self) -> None:
            transaction.set_rollback(True)
            self.transaction.__exit__(None, None, None)

    run_state_machine_as_test(
        HiddenFacts,
        settings=settings(
            max_examples=WORLDS, stateful_step_count=2, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
    print(f"{username}: {observer.tally.comparisons:,} comparisons by random scripts")


@pytest.mark.slow
@pytest.mark.parametrize("place", range(4))
def test_a_policy_that_says_too_much_is_caught(place: int, world: Any, two_worlds: ModuleType) -> None:
    """Here what is added comes into sight, so the second world is made with the leak in place; one of them every day."""
    leaks = list(two_worlds.leaks.in_the_policy())
    assert len(leaks) == 4
    assert any(_seen_by(username, leaks[place], world, two_worlds) for username in EVERYBODY), leaks[place].name


def _seen_by(username: str, leak: Any, world: Any, two_worlds: ModuleType) -> list[str]:
    found: list[str] = []
    with transaction.atomic():
        with two_worlds.leaks.planted(leak, world):
            observer = two_worlds.comparing.Observer(world, username, leak.walls)
            # What such a policy shows to everybody cannot be released any more.
            hidden = [fact for fact in two_worlds.facts.hidden_from(username) if fact[0] != "released"]
            found = observer.compare_with(hidden)
        transaction.set_rollback(True)
    return found
