"""The comparison of two worlds can fail: every leak that is planted in the product is found. See tests/two_worlds."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.test import override_settings


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Hundreds of pages that are not found are what these tests ask for."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture(scope="module")
def stores(
    committed_together: Any, working_in: Any, two_worlds: ModuleType, builders: Any, tmp_path_factory: Any
) -> Iterator[Any]:
    """The worlds of every viewer as databases of their own, for leaks to be looked for in."""
    working_in(committed_together)
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        folder = tmp_path_factory.mktemp("stores")
        with two_worlds.sweeping.stores(committed_together, builders, folder, two_worlds.world.made) as found:
            yield found


def noted(line: str) -> None:
    """What was found goes to the file that CROSSLINE_TEST_LEAKS_FOUND names, for docs/assurance.md."""
    if into := os.environ.get("CROSSLINE_TEST_LEAKS_FOUND"):
        with Path(into).open("a", encoding="utf-8") as file:
            file.write(f"{line.splitlines()[0][:200]}\n")


SOME = (
    *("no filter in entities/profile.py, visible 1", "no filter in entities/search.py, visible 1"),
    *("no filter in picture/series.py, clause 1", "no filter in records/views.py, visible 2"),
    *("no filter in safeguarding/queries.py, visible 1", "computed over everything: lines.register._register"),
    *("row security of records_mention lets everything pass (web_reads)", "who may see what: every audience"),
    *("every page tells the highest reference", "not found: forbidden in place of not found"),
    *("signing in tells who exists", "one viewer's kept results serve another", "exports are the administrator's"),
)
"""One of each kind, planted every day for one viewer; `just leaks` plants them all for everybody."""
DAILY = "kent.analyst"


def answered_alike(stores: Any, username: str) -> None:
    first, second = stores.asked(username, ""), stores.asked(username, username)
    assert first.answers.keys() == second.answers.keys()
    assert [key for key, told in first.answers.items() if told != second.answers[key]] == []


def test_without_a_leak_one_viewer_is_told_the_same_of_both_stores(stores: Any) -> None:
    """The control of the next: the same questions of the same stores, with the product as it stands."""
    answered_alike(stores, DAILY)


def test_one_leak_of_each_kind_is_caught(stores: Any, two_worlds: ModuleType) -> None:
    leaks = {leak.name: leak for leak in two_worlds.leaks.all_leaks()}
    missed = [name for name in SOME if not two_worlds.sweeping.found(stores, leaks[name], [DAILY])]
    assert missed == []


@pytest.mark.slow
def test_without_a_leak_everybody_is_told_the_same(stores: Any, two_worlds: ModuleType) -> None:
    for username in two_worlds.world.VIEWERS:
        answered_alike(stores, username)


@pytest.mark.slow
def test_every_planted_leak_is_caught(stores: Any, two_worlds: ModuleType) -> None:
    """By one of the viewers; those that change nothing are listed, each with the reason."""
    chosen = re.compile(os.environ.get("CROSSLINE_TEST_LEAKS", ""))
    leaks = [leak for leak in two_worlds.leaks.all_leaks() if chosen.search(leak.name)]
    unseen = []
    for leak in leaks:
        if how := two_worlds.sweeping.found(stores, leak):
            noted(f"caught: {leak.name}: {how}")
        else:
            unseen.append(leak.name)
            noted(f"{'unseen' if leak.name in two_worlds.unseen.UNSEEN else 'missed'}: {leak.name}")
    print(
        f"{len(leaks)} leaks planted one at a time: {len(leaks) - len(unseen)} caught, {len(unseen)} change no answer"
    )
    expected = [name for name in two_worlds.unseen.UNSEEN if chosen.search(name)]
    assert sorted(unseen) == sorted(expected)
