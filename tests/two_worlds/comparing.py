"""Asking before and after, and saying what differs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from django.apps import apps
from django.db import transaction
from django.db.models import DateTimeField, Model, Q

from crossline.access.policy import CENTRE
from crossline.access.roles import POLICING_ROLES
from crossline.deconfliction.models import Pointer
from crossline.records.models import DecoyRecord, Mention, Record, Tombstone
from crossline.rights.recalls.models import Recall, RecallAnswer
from crossline.vocabulary.agencies import PARTNER

from .facts import FACTS, hidden_from
from .probes import ABSENT, answers, by_id, client_of, fetch
from .walls import Walls, standing
from .world import World, may_see, worked_on

NOT_COMPARED: Final = frozenset({"model_version"})
"""Of a row in sight: the release it was written under, which a new analysis registers. Pages are compared whole."""
RECEIPTS: Final = frozenset(
    {"records_delivery", "records_outcome", "access_audience", "access_audiencelabel", "access_label"}
)
"""A designed signal: the centre sees of each delivery that it came, what became of its rows, and so whose it is."""
OWN_RECEIPTS: Final = frozenset({"records_delivery"})
"""The same of one's own agency's deliveries, for whom something that came in one was shut away from them."""


@dataclass
class Tally:
    """What was compared, for the record; `differences` name the route, the request and where the bytes part."""

    comparisons: int = 0
    routes: set[str] = field(default_factory=set)
    differences: list[str] = field(default_factory=list)

    def compare(self, route: str, request: str, left: bytes, right: bytes) -> None:
        self.comparisons += 1
        self.routes.add(route)
        if left != right:
            place = next(
                (at for at, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), min(len(left), len(right))
            )
            around = slice(max(0, place - 60), place + 90)
            self.differences.append(f"{route} {request}\n    {left[around]!r}\n    {right[around]!r}")


class _GoBack(Exception):  # not an error: the way out of the second world
    """Ends the second world."""


def seen_rows(audiences: frozenset[int], signals: frozenset[str], agency: str, username: str) -> dict[str, list[str]]:
    """What stands in the rows of content whose every audience is among these, by table, as the database's superuser reads it;
    without a row's own number and the times at which it was written, which a new analysis gives anew. Pointers are read by their
    own agency alone, whoever else the record was released to; a recall by whoever has the thing, or sees the tombstone."""
    found: dict[str, list[str]] = {}
    for model in apps.get_models():
        fields = [
            each.name for each in model._meta.fields if each.name == "audience" or each.name.endswith("_audience")
        ]
        ours = model.__module__.startswith("crossline.") and model._meta.app_label != "access"
        if fields and ours and model._meta.db_table not in signals:
            rows = model._default_manager.all()
            for name in fields:
                rows = rows.filter(**{f"{name}__in": audiences})
            if model is Pointer:
                rows = rows.filter(owner=agency)
            if (path := {Recall: "", RecallAnswer: "recall__"}.get(model)) is not None:
                has = Q(**{f"{path}holder": agency, f"{path}person__in": ("", username)})
                rows = rows.filter(has | Q(**{f"{path}record__audience__in": audiences}))
            if model._meta.app_label in BESIDE_A_MENTION and not agency.startswith(PARTNER):
                for path in _leans_on(model):
                    rows = rows.filter(Q(**{f"{path}__isnull": True}) | Q(**{f"{path}__audience__in": audiences}))
            told = [each for each in model._meta.fields if each.attname not in NOT_COMPARED and not each.primary_key]
            said = [each.attname for each in told if not isinstance(each, DateTimeField)]
            found[model._meta.db_table] = sorted(map(_written, rows.values_list(*said)))
    return found


BESIDE_A_MENTION: Final = frozenset(
    {
        *("answering", "referrals", "nrm", "premises", "missing", "screening", "meetings", "reporting", "outreach"),
    }
)
"""Rooms whose rows police see only beside the mention, and the records, that they lean on; a partner reads what it was told."""


def _leans_on(model: type[Model], deep: int = 3) -> list[str]:
    """The ways from a row to each mention and record that it leans on, by itself or by what it belongs to."""
    found: list[str] = []
    for each in model._meta.fields:
        to = each.related_model
        if to in (Mention, Record):
            found.append(each.name)
        elif deep and isinstance(to, type) and to._meta.app_label in BESIDE_A_MENTION:
            found += [f"{each.name}__{path}" for path in _leans_on(to, deep - 1)]
    return found


def _written(row: tuple[object, ...]) -> str:
    """A row in words; bytes as bytes, and not as where they lie."""
    return repr([bytes(each) if isinstance(each, memoryview) else each for each in row])


def hidden_ids(audiences: frozenset[int], before: set[UUID], agency: str) -> list[tuple[str, UUID]]:
    """What is new and out of sight, a few of each with what it is: records, one that is gone, and a mention of each kind; and a
    record of the viewer's own agency that was shut away from them before."""
    records = Record.objects.exclude(audience__in=audiences).exclude(id__in=before)
    gone = Tombstone.objects.exclude(audience__in=audiences)
    unseen = Mention.objects.exclude(audience__in=audiences).exclude(id__in=before)
    own = Record.objects.exclude(audience__in=audiences).filter(id__in=before, owner=agency).order_by("-ref")
    decoys = DecoyRecord.objects.exclude(audience__in=audiences).exclude(id__in=before).order_by("-until")[:1]
    each_kind = {kind: id_ for id_, kind in unseen.order_by("kind", "-id").values_list("id", "kind")}
    return [
        *(("record", id_) for id_ in records.order_by("-received_at").values_list("id", flat=True)[:2]),
        *(("record", id_) for id_ in own.values_list("id", flat=True)[:1]),
        *(("record", id_) for id_ in gone.order_by("-disposed_at").values_list("id", flat=True)[:1]),
        *(("record", decoy.id) for decoy in decoys),
        *((kind, id_) for decoy in decoys for kind, id_ in (("person", decoy.person), ("phone", decoy.phone))),
        *each_kind.items(),
    ]


def signals_of(world: World, username: str) -> frozenset[str]:
    """The tables in which somebody is meant to see that something is there."""
    if world.people[username].agency == CENTRE:
        return RECEIPTS
    return OWN_RECEIPTS if ("shut_away", world.people[username].agency) in hidden_from(username) else frozenset()


def is_signal(world: World, username: str, key: tuple[str, str]) -> bool:
    """Whether this is a question that may be answered differently."""
    return key[0] == "table" and key[1].partition(",")[0] in signals_of(world, username)


def others_look(world: World, username: str) -> None:
    """Everybody else opens the costly pages first: what was worked out for them must not be shown to whoever asks next."""
    for other in world.people.values():
        stranger = other.agency != world.people[username].agency  # else it is their auditors' to see
        if stranger and other.roles & POLICING_ROLES:
            for address in ("/", "/lines", "/overlaps", "/concerns"):
                fetch(other, address)


class Observer:
    """Somebody who asks everything of the first world, and then of worlds that differ out of their sight."""

    def __init__(self, world: World, username: str, walls: Walls) -> None:
        self.world, self.username, self.walls = world, username, walls
        self.audiences = may_see(world.people[username])
        self.tally = Tally()
        self.signals = signals_of(world, username)
        with world.builders.role("none"):
            self.ids = set(Record.objects.values_list("id", flat=True)) | set(
                Mention.objects.values_list("id", flat=True)
            )
        self.first: dict[tuple[str, str], bytes] = {}
        with transaction.atomic(), standing(walls, world.builders):
            self.first = self._answers(self.audiences)
            transaction.set_rollback(True)  # what was asked is on the audit, and that is a difference of its own

    def _answers(self, audiences: frozenset[int]) -> dict[tuple[str, str], bytes]:
        """What is told. Row security is asked for its tables as well, where it stands."""
        return answers(self.world, self.username, audiences, with_tables=self.walls is not Walls.FILTER_ALONE)

    def compare_with(self, additions: Sequence[tuple[str, str]], *, work: bool = True) -> list[str]:
        """Make the second world, ask the same of it, go back. Gives what differed."""
        before = len(self.tally.differences)
        try:
            with transaction.atomic():
                self._second(additions, work)
                raise _GoBack
        except _GoBack:
            pass
        return self.tally.differences[before:]

    def _second(self, additions: Sequence[tuple[str, str]], work: bool) -> None:
        audiences, agency_of_viewer = self.audiences, self.world.people[self.username].agency
        with self.world.builders.role("none"):
            seen = seen_rows(audiences, self.signals, agency_of_viewer, self.username)
        for name, agency in additions:
            FACTS[name](self.world, agency)
        if work:
            worked_on()
        audiences = may_see(self.world.people[self.username])
        with self.world.builders.role("none"):
            now = seen_rows(audiences, self.signals, agency_of_viewer, self.username)
        if now != seen:
            new = {table: sorted(set(now[table]) ^ set(seen[table]))[:2] for table in now if now[table] != seen[table]}
            self.tally.differences.append(f"rows that {self.username} may see are not as they were: {new}")
            return
        with self.world.builders.role("none"):
            hidden = hidden_ids(audiences, self.ids, self.world.people[self.username].agency)
        with standing(self.walls, self.world.builders):
            others_look(self.world, self.username)
            second = self._answers(audiences)
            self._hidden_like_absent(hidden)
        for (route, request), left in self.first.items():
            if is_signal(self.world, self.username, (route, request)):
                continue
            self.tally.compare(route, request, left, second.get((route, request), b"not asked"))
        for route, request in second.keys() - self.first.keys():
            self.tally.differences.append(f"{route} {request} could be asked only in the second world")

    def _hidden_like_absent(self, hidden: Sequence[tuple[str, UUID]]) -> None:
        client = client_of(self.world.people[self.username])
        absent = {question.name: question.ask(client) for question in by_id([(kind, ABSENT) for kind, _ in hidden])}
        for question in by_id(hidden):
            self.tally.compare(question.route, question.name, absent[question.name], question.ask(client))
