"""Looking for planted leaks in stores that are really there: one of the first world, and one for each viewer with the second.

A leak is looked for where it can show. What each question makes the product do is recorded once, without any leak; a filter
that is taken out of one query is then looked for in the answers that this query goes into. A leak that no question comes near
is missed, and so is one whose answers do not differ.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch
from uuid import UUID

from django.db import connections, transaction
from django.test import Client

from crossline.access.viewer import Viewpoint
from crossline.hosting.logins import Login
from crossline.hosting.roles import drop_database, make_database
from crossline.records.generation import Kept
from crossline.records.models import Mention, Record

from .comparing import hidden_ids, is_signal, others_look
from .facts import FACTS, hidden_from
from .leaks import Leak, forget_kept, mark_of_kept, planted, sites
from .probes import ABSENT, Question, by_id, client_of, questions
from .walls import Walls, standing
from .world import VIEWERS, World, may_see, worked_on

Answers = dict[tuple[str, str], bytes]
Marks = dict[tuple[str, str], frozenset[str]]
AT_ONCE: Final = 6
"""How many questions are asked of both stores before their answers are compared."""
MOST: Final = int(os.environ.get("CROSSLINE_TEST_QUESTIONS", "60"))
"""How many questions each viewer asks about one leak."""


@dataclass(frozen=True)
class Asked:
    """The questions that somebody has for one store, what each makes the product do, and what was answered without any leak."""

    questions: tuple[Question, ...]
    marks: Marks
    answers: Answers


class Stores:
    """The first world, and the second ones by viewer; each a database of its own, in which nothing that is asked stays."""

    def __init__(self, world: World, access: Any) -> None:
        self.world, self._access = world, access
        self._server = access.in_database("postgres").conninfo(Login.ADMINISTRATOR)
        self._opened = {"": connections["default"]}
        self._asked: dict[tuple[str, str], Asked] = {}
        self.hidden: dict[str, list[tuple[str, UUID]]] = {}

    def close(self) -> None:
        for name, opened in self._opened.items():
            opened.close()
            if name:
                drop_database(self._server, self._named(name))
        connections["default"] = self._opened[""]

    def _add_second(self, username: str) -> None:
        """Make the world that differs from the first in what this viewer may not see."""
        self._opened[""].close()  # a database that is copied has nobody connected to it
        make_database(self._server, self._named(username), template=self._access.dbname)
        opened = connections.create_connection("default")
        opened.settings_dict = opened.settings_dict | {"NAME": self._named(username)}
        self._opened[username] = opened
        with self.standing_in(username), transaction.atomic():
            with self.world.builders.role("none"):
                known = {*_ids(Record), *_ids(Mention)}
            for name, agency in hidden_from(username):
                FACTS[name](self.world, agency)
            worked_on()
            with self.world.builders.role("none"):
                viewer = self.world.people[username]
                self.hidden[username] = hidden_ids(may_see(viewer), known, viewer.agency)

    def _named(self, username: str) -> str:
        return f"{self._access.dbname}_{username.replace('.', '_')}"

    @contextmanager
    def standing_in(self, name: str) -> Iterator[None]:
        """Work in one of the stores: a viewer's second world, or the first where the name is empty."""
        if name not in self._opened:
            self._add_second(name)
        connections["default"] = self._opened[name]
        try:
            yield
        finally:
            connections["default"] = self._opened[""]

    def asked(self, username: str, store: str) -> Asked:
        """What somebody asks of a store, asked once without any leak behind the filter alone, with what each question does."""
        if (username, store) not in self._asked:
            with self.standing_in(username):
                pass  # what is hidden in the second is asked for in the first as well
            with self.standing_in(store), transaction.atomic():
                self._asked[username, store] = self._recorded(username, store)
                transaction.set_rollback(True)
        return self._asked[username, store]

    def _recorded(self, username: str, store: str) -> Asked:
        world = self.world
        with world.builders.role("none"):
            every = [
                *questions(world, username, may_see(world.people[username]), with_tables=True),
                *by_id([(kind, id_ if store else ABSENT) for kind, id_ in self.hidden[username]]),
            ]
        marks: Marks = {}
        answers: Answers = {}
        with standing(Walls.FILTER_ALONE, world.builders):
            client = client_of(world.people[username])
            for each in every:
                if each.route == "table":
                    marks[each.key] = frozenset({f"table {each.name.partition(',')[0]}"})
                else:
                    forget_kept()
                    with recording() as made:
                        answers[each.key] = each.ask(client)
                    marks[each.key] = frozenset(made)
        return Asked(tuple(every), marks, answers)

    def told(self, username: str, store: str, leak: Leak, chosen: Iterable[Question]) -> Answers:
        """The answers with this leak in the product."""
        found: Answers = {}
        with ExitStack() as stack:
            stack.enter_context(self.standing_in(store))
            stack.enter_context(transaction.atomic())
            stack.enter_context(planted(leak, self.world))
            stack.enter_context(standing(leak.walls, self.world.builders))
            try:
                if leak.after_others:
                    others_look(self.world, username)
                client = client_of(self.world.people[username])
                for each in chosen:
                    found[each.key] = _asked(each, client)
            finally:
                transaction.set_rollback(True)
        return found


def _asked(question: Question, client: Client) -> bytes:
    """A leak that breaks an answer shows as well."""
    try:
        with transaction.atomic():
            return question.ask(client)
    except Exception as error:
        return type(error).__name__.encode()


def _ids(model: Any) -> Iterator[UUID]:
    yield from model.objects.values_list("id", flat=True)


@contextmanager
def stores(access: Any, builders: Any, folder: Path, made: Any) -> Iterator[Stores]:
    """The stores of every viewer, for as long as the block lasts."""
    with transaction.atomic():
        world = made(builders, folder, folder / "kept")
    found = Stores(world, access)
    try:
        yield found
    finally:
        found.close()


@contextmanager
def recording() -> Iterator[set[str]]:
    """Gathers which filters are asked and which kept results are used while the block lasts."""
    made: set[str] = set()
    places = {(str(site.file), line): site.mark for site in sites() for line in range(site.first, site.last + 1)}
    plain = {name: getattr(Viewpoint, name) for name in ("visible", "clause", "among")}
    use = Kept.__call__

    def noting(name: str) -> Any:
        def noted(viewpoint: Viewpoint, *arguments: Any) -> Any:
            frame = sys._getframe(1)
            made.add(places.get((frame.f_code.co_filename, frame.f_lineno), ""))
            return plain[name](viewpoint, *arguments)

        return noted

    def used(kept: Kept[Any], viewpoint: Viewpoint) -> Any:
        made.add(mark_of_kept(kept))
        return use(kept, viewpoint)

    with ExitStack() as stack:
        for name in plain:
            stack.enter_context(patch.object(Viewpoint, name, noting(name)))
        stack.enter_context(patch.object(Kept, "__call__", used))
        yield made


def found(stores: Stores, leak: Leak, viewers: Iterable[str] = VIEWERS) -> str:
    """The first answer by which one of these viewers could tell the worlds apart with this leak in the product, or nothing.

    Each viewer asks a few questions, then each a few more: one of them sees most leaks at once.
    """
    waiting = {username: _where_it_shows(stores, username, leak) for username in viewers}
    for start in range(0, MOST, AT_ONCE):
        for username, keys in waiting.items():
            if told := _difference(stores, username, leak, keys[start : start + AT_ONCE]):
                return f"{username}: {told}"
    return ""


def _where_it_shows(stores: Stores, username: str, leak: Leak) -> list[tuple[str, str]]:
    """The questions of one viewer whose answers this leak goes into, one of each route first."""
    keys: dict[tuple[str, str], None] = {}
    for asked in (stores.asked(username, ""), stores.asked(username, username)):
        nothing: frozenset[str] = frozenset()
        for each in asked.questions:
            if leak.shows(each.route, asked.marks.get(each.key, nothing)) and not is_signal(
                stores.world, username, each.key
            ):
                keys[each.key] = None
    return _spread(list(keys))


def _difference(stores: Stores, username: str, leak: Leak, keys: Sequence[tuple[str, str]]) -> str:
    if not keys:
        return ""
    told = []
    for store in (username, ""):
        chosen = [each for each in stores.asked(username, store).questions if each.key in keys]
        told.append(stores.told(username, store, leak, chosen))
    return next((f"{' '.join(key)}" for key in keys if told[0].get(key) != told[1].get(key)), "")


def _spread(keys: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """One of each sort first, then the second of each: where a leak shows somewhere it is found soon."""
    place: dict[tuple[str, str], int] = {}
    turns = []
    for route, name in keys:
        sort = (
            route,
            name.partition(": ")[2] if route == "by id" else name.partition(".")[0] if route == "export" else "",
        )
        place[sort] = place.get(sort, 0) + 1
        turns.append((place[sort], (route, name)))
    return [key for _, key in sorted(turns, key=lambda turn: turn[0])]
