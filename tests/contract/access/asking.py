"""Every page and export of the product, asked for on behalf of somebody, and the ids of content rows found in the answers."""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from crossline.access.pages import OPEN, PagePolicy
from crossline.access.viewer import TaskKind, Viewpoint, reading
from crossline.exchange.catalogue import Format, What, formats_of
from crossline.exchange.exports import prepare
from crossline.picture.definitions import DEFINITIONS
from crossline.records.generation import Kept

from .world import World

UUIDS = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
PARAMETER = re.compile(r"<(?:\w+:)?(?P<name>\w+)>")
CHANGES_BY_ITSELF = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"|"bundle--[^"]*"')
OF_EACH = 3
"""How many visible and how many hidden things each page of one thing is asked for."""
LISTS: Mapping[str, Sequence[str]] = {
    "records": [f"page={page}" for page in (1, 2, 5)] + ["kind=missing", "agency=essex"],
    "lines": ["", "page=2", "agency=kent"],
    "concerns": ["", "page=2", "agency=essex"],
    "overlaps": ["", "agency=kent"],
    "export": ["", "victims=named"],
}
"""What lists are asked besides."""
ACTS = frozenset({"take-up-task", "put-down-task"})
"""Pages that answer to POST alone; whatever they do is undone at once."""
TEXTS = frozenset(Format) - {Format.XLSX, Format.JSON}
"""A workbook and JSON hold the rows of the CSV."""


@dataclass(frozen=True)
class Answer:
    """What a page or an export gave; `of_hidden`: its address was of something that the viewer may not see."""

    status: int
    text: str
    of_hidden: bool = False


@dataclass(frozen=True)
class Ids:
    """The ids of content rows as text: all of them, and those of each kind of page."""

    world: World

    @cached_property
    def of_rows(self) -> dict[str, tuple[str, str]]:
        """(table, place) of each content row by its id."""
        found = {}
        for table in self.world.may_see:
            named = self.world.rows(
                f"SELECT attname FROM pg_attribute WHERE attrelid = '{table}'::regclass AND attname = 'id' "
                "AND atttypid = 'uuid'::regtype"
            )
            if named:
                found |= {
                    str(row): (table, place) for row, place in self.world.rows(f"SELECT id, ctid::text FROM {table}")
                }
        return found

    def hidden_in(self, text: str, viewer: str) -> tuple[set[str], set[str]]:
        """(ids of visible rows, ids of hidden rows) that stand in a text."""
        named = set(UUIDS.findall(text)) & set(self.of_rows)
        visible = {each for each in named if self.sees(viewer, each)}
        return visible, named - visible

    def sees(self, viewer: str, row: str) -> bool:
        table, place = self.of_rows[row]
        return place in self._visible(table, viewer) or (table == "deconfliction_check" and self._rung(viewer, row))

    def _rung(self, viewer: str, check: str) -> bool:
        """A designed signal (decision 0025): who asked about a vehicle is told to people of another agency who see an
        investigation of their own that names it, or a check of their own that asks about it."""
        agency = self.world.viewers[viewer].agency
        return any(
            check == asked and owner == agency and self.sees(viewer, record) for asked, owner, record in self._met
        )

    @cached_property
    def _met(self) -> list[tuple[str, str, str]]:
        """(check, whose investigation or check is of the same vehicle, that investigation or check)."""
        return self.world.rows(
            "SELECT c.id::text, r.owner_id, r.id::text FROM deconfliction_check c JOIN records_mention m "
            "ON m.selector = 'vrm:' || replace(c.value, ' ', '') JOIN records_record r ON r.id = m.record_id "
            "WHERE r.kind = 'investigation' AND r.owner_id <> c.agency_id "
            "UNION SELECT c.id::text, o.agency_id, o.id::text FROM deconfliction_check c "
            "JOIN deconfliction_check o ON o.value = c.value AND o.agency_id <> c.agency_id"
        )

    def told(self, viewer: str) -> set[str]:
        """Ids that stand in rows of the audit which somebody may read. An auditor learns which record was read so, by its id,
        without seeing the record (decision 0012); the pages of the audit may name these, and no other page may."""
        if viewer not in self._told:
            self._told[viewer] = {
                named
                for table in ("access_auditevent", "access_auditsubject", "access_auditdecision")
                for place, text in self.world.rows(f"SELECT ctid::text, t::text FROM {table} t")
                if place in self._visible(table, viewer)
                for named in UUIDS.findall(text)
            }
        return self._told[viewer]

    def is_hidden(self, page: str, parameter: str, value: str, viewer: str) -> bool:
        """Whether what stands in an address is something that the viewer may not see there."""
        if page == "who-looked":
            return f"audit of {self.world.owner_of[UUID(value)]}" not in self.world.held(viewer)
        if parameter == "username":
            own = {f"people of {self.world.viewers[value].agency}", "people of everywhere"}
            return not own & self.world.held(viewer)
        return value in self.of_rows and not self.sees(viewer, value)

    def _visible(self, table: str, viewer: str) -> set[str]:
        key = (table, viewer)
        if key not in self._known:
            self._known[key] = self.world.visible(table, viewer)
        return self._known[key]

    @cached_property
    def _known(self) -> dict[tuple[str, str], set[str]]:
        return {}

    @cached_property
    def _told(self) -> dict[str, set[str]]:
        return {}

    @cached_property
    def _things(self) -> dict[str, list[str]]:
        mentions = self.world.rows("SELECT kind, id FROM records_mention ORDER BY id")

        def of(*kinds: str) -> list[str]:
            return [str(mention) for kind, mention in mentions if kind in kinds]

        def all_of(table: str) -> list[str]:
            return [str(row) for (row,) in self.world.rows(f"SELECT id FROM {table} ORDER BY id")]

        return {
            "person": of("person"),
            **dict.fromkeys(("mention", "one", "other"), of("person")),
            "line": of("line"),
            "thing": of("phone", "vehicle", "address", "group"),
            "record": all_of("records_record"),
            "about": [*all_of("records_record"), *of("person", "line", "phone")],
            **{
                name: [
                    str(row) for (row,) in self.world.rows("SELECT id FROM records_record WHERE kind = 'line_return'")
                ]
                for name in ("returned", "left", "right")
            },
            "change": [str(row) for (row,) in self.world.rows("SELECT id FROM records_record WHERE kind = 'finding'")],
            "event": all_of("access_auditevent"),
            "approval": all_of("access_approval"),
            "compartment": all_of("access_compartment"),
            "asked": all_of("operations_jointrequest"),
            "check": all_of("deconfliction_check"),
            "episode": of("person"),
            "screening": all_of("screening_screening"),
            "order": all_of("orders_order"),
            "report": all_of("reporting_partnerreport"),
            "outreach": all_of("outreach_outreach"),
            "referral": all_of("referrals_referral"),
            "sheet": all_of("referrals_sheet"),
            "recall": all_of("recalls_recall"),
            "case": all_of("nrm_nrmcase"),
            "premises": all_of("premises_premises"),
            "meeting": all_of("meetings_meeting"),
            "invitation": all_of("meetings_invitation"),
            "plan": all_of("meetings_safetyplan"),
            "username": sorted(self.world.viewers),
        }

    def some(self, page: str, parameter: str, viewer: str) -> list[str]:
        """What to put into an address: some things that the viewer sees and some that are hidden. An unknown one fails."""
        if parameter in self._things:
            visible, hidden = [], []
            for each in self._things[parameter]:
                (hidden if self.is_hidden(page, parameter, each, viewer) else visible).append(each)
            return [*spread(visible), *spread(hidden)]
        known = {
            "figure": list(DEFINITIONS),
            "campaign": ["2025-06-23"],
            "number": ["1", "2", "3"],
            "metric": ["ARR_T", "CASH"],
            "kind": list(TaskKind),
            "point": ["three-months", "end"],
            "what": list(What),
            "pack": ["school", "nothing"],
            "document": ["application", "schedule-of-items-kept-apart"],
            "format": sorted(TEXTS),
        }
        assert parameter in known, f"no page with <{parameter}> can be asked for here: say what to put into its address"
        return known[parameter]


def spread(of: Sequence[str]) -> Sequence[str]:
    """A few, from all over."""
    return of[:: -(-len(of) // OF_EACH)] if of else of


def routes() -> Iterator[tuple[str, str]]:
    """(name, route) of every page that needs somebody signed in."""

    def walk(entries: list[Any], before: str) -> Iterator[tuple[str, str]]:
        for entry in entries:
            if isinstance(entry, URLResolver):
                yield from walk(entry.url_patterns, before + str(entry.pattern))
            elif _policy(entry) is not OPEN:
                yield str(entry.name), before + str(entry.pattern)

    yield from walk(get_resolver().url_patterns, "/")


def _policy(pattern: URLPattern) -> PagePolicy | None:
    view = pattern.callback
    return getattr(view, "policy", None) or getattr(getattr(view, "view_class", None), "policy", None)


def addresses(ids: Ids, viewer: str, words: Sequence[str]) -> Iterator[tuple[str, str, bool]]:
    """(name of the page, address, whether it is of something hidden) of every page, with what can be asked of it."""
    for name, route in routes():
        parameters = [found["name"] for found in PARAMETER.finditer(route)]
        for values in product(*(ids.some(name, each, viewer) for each in parameters)):
            filled = iter(values)
            address = PARAMETER.sub(lambda _, filled=filled: next(filled), route)
            of_hidden = any(ids.is_hidden(name, *each, viewer) for each in zip(parameters, values, strict=True))
            yield from ((name, f"{address}?{query}".rstrip("?"), of_hidden) for query in LISTS.get(name, [""]))
            if name == "search":
                yield from ((name, f"{address}?q={word}", of_hidden) for word in words)


def answered(ids: Ids, viewer: str, browser: Client, words: Sequence[str]) -> dict[str, Answer]:
    """What each page and each export gives to somebody, by address. Nothing kept from before is used, and nothing that an
    answer does is kept, so that each is asked of the same store: its row of the audit would be on the next page."""
    forget_kept()
    found = {}
    for name, address, of_hidden in addresses(ids, viewer, words):
        with undone():
            answer = browser.post(address) if name in ACTS else browser.get(address)
            content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        found[address] = Answer(answer.status_code, same_again(content), of_hidden)
    with undone(), reading(ids.world.viewers[viewer]) as viewpoint:
        for what in What:
            for form in sorted(TEXTS & set(formats_of(what))):
                with prepare(what, form, viewpoint).file as file:
                    found[f"export {what} as {form}"] = Answer(200, same_again(file.read()))
    return found


@contextmanager
def undone() -> Iterator[None]:
    """A transaction of which nothing is kept."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def same_again(content: bytes) -> str:
    """An answer without what is new in each: tokens against forgery, the number of a STIX bundle."""
    return CHANGES_BY_ITSELF.sub("", content.decode())


def forget_kept() -> None:
    """Drop every kept result, wherever a room keeps it, so that what one way of asking computed serves no other."""
    found = [each for each in gc.get_objects() if issubclass(type(each), Kept)]
    assert len(found) > 3
    for each in found:
        each.forget()


def without_filter(monkeypatch: pytest.MonkeyPatch) -> None:
    """The application no longer filters by audience: the mistake that row security is there for, made everywhere at once."""
    everything: Callable[..., Any] = lambda self, rows, *fields: rows  # noqa: E731  # stands where a method does
    monkeypatch.setattr(Viewpoint, "visible", everything)
    monkeypatch.setattr(Viewpoint, "among", everything)
    monkeypatch.setattr(Viewpoint, "clause", lambda self, *columns: ("TRUE", []))
