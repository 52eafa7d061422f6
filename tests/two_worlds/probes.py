"""Every request that somebody can make: each address of the site with its variants, and each export in each format.

A route without probes fails the test that holds these against the address book.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID
from zipfile import ZipFile

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.test import Client

from crossline.access.approvals import Act, Standing
from crossline.access.compartments.models import Compartment
from crossline.access.models import Approval, AuditEvent, Person
from crossline.access.viewer import Viewer, reading
from crossline.exchange.catalogue import What, formats_of, wanted
from crossline.exchange.exports import prepare
from crossline.records.models import Mention, Record

from .world import World

ABSENT: Final = UUID(int=7)
HOST: Final = "localhost"
_CLOCK = re.compile(r"^(?:Expires|Last-Modified|Date): .* GMT$")
_CSRF = re.compile(rb'(name="csrfmiddlewaretoken" value=")[^"]+')
_SECRET = re.compile(rb"[A-Z2-7]{4}(?: ?[A-Z2-7]{4}){7}")
_BUNDLE = re.compile(rb"bundle--[0-9a-f-]{36}")
_PROPERTIES = re.compile(rb"<(dcterms:(?:created|modified))[^>]*>[^<]*<")
_EXPORTED_AT = re.compile(rb"at \d{4}-\d\d-\d\d \d\d:\d\d UTC")


@dataclass(frozen=True)
class Request:
    """One thing that is asked."""

    address: str
    method: str = "GET"
    said: tuple[tuple[str, str], ...] = ()
    signed_in: bool = True


def _ids(rows: Iterable[UUID]) -> list[str]:
    """Ids to ask for; of whoever sees no row, one that nothing has, so that they too ask every route."""
    return [str(each) for each in rows] or [str(ABSENT)]


def mentions(kinds: Iterable[str], audiences: frozenset[int]) -> list[str]:
    rows = Mention.objects.filter(kind__in=list(kinds), audience__in=audiences).order_by("kind", "caption", "id")
    return _ids(rows.values_list("id", flat=True)[:14])


OWN_READS: Final = ("access_auditevent", "access_auditsubject")
OWN_WRITES: Final = ("access_signinattempt",)  # counts tries to sign in, the probes' own among them; holds no content
DERIVED: Final = ("entities_match", "safeguarding_concern")
THINGS: Final = ("phone", "address", "vehicle", "group", "line", "item", "place")
SEARCHES: Final = (
    *(
        "Jaden Cole",
        "jaden",
        "Cole",
        "07700 900123",
        "07700 900444#0002",
        "TN34 1AA",
        "AB12 CDE",
        "Leo",
        "Max",
        "Harbour",
    ),
    *(
        "kent/P",
        "kent/own",
        "essex/own",
        "OP-1",
        "Operation Larch",
        "Operation Yew",
        "Toby Winterbourne",
        "no such thing",
    ),
)


def _lists(name: str, *variants: str) -> Callable[[frozenset[int]], Iterator[Request]]:
    def made(audiences: frozenset[int]) -> Iterator[Request]:
        yield Request(name)
        yield from (Request(f"{name}?{variant}") for variant in variants)

    return made


def _of(
    name: str, kinds: Iterable[str], *variants: str, after: str = ""
) -> Callable[[frozenset[int]], Iterator[Request]]:
    def made(audiences: frozenset[int]) -> Iterator[Request]:
        for each in mentions(kinds, audiences):
            yield Request(f"{name}/{each}{after}")
        for variant in variants:
            yield from (Request(f"{name}/{each}?{variant}") for each in mentions(kinds, audiences)[:1])

    return made


def _of_records(
    suffix: str, *, before: str = "/records", method: str = "GET"
) -> Callable[[frozenset[int]], Iterator[Request]]:
    def made(audiences: frozenset[int]) -> Iterator[Request]:
        rows = Record.objects.filter(audience__in=audiences).order_by("kind", "owner", "ref")
        for each in _ids(rows.values_list("id", flat=True)[:24:4]):
            yield Request(f"{before}/{each}{suffix}", method)

    return made


def _reads(audiences: frozenset[int]) -> Iterator[Request]:
    """Reads of somebody of Kent, and of somebody of Essex."""
    for name in ("kent.analyst", "essex.investigator"):
        event = AuditEvent.objects.filter(actor=name, subject_kind="record").order_by("at").first()
        yield Request(f"/audit/reads/{event.id if event else ABSENT}")


def _exports(audiences: frozenset[int]) -> Iterator[Request]:
    named = ("people/graphml?victims=named", "overlaps/csv?victims=named", "people/csv?victims=named")
    for address in (
        "people/csv",
        "lines/geojson",
        "overlaps/json",
        "concerns/csv",
        "people/docx",
        "people/ftm",
        *named,
    ):
        yield Request(f"/exports/{address}")


def _approval(audiences: frozenset[int]) -> Iterator[Request]:
    made = Approval.objects.order_by("at").first()
    yield Request(f"/approvals/{made.id if made else ABSENT}")
    yield Request(f"/approvals/{ABSENT}")


def _compartments(audiences: frozenset[int]) -> Iterator[Request]:
    """The first of Kent, and of Essex, and none."""
    for agency in ("kent", "essex"):
        made = Compartment.objects.filter(owner=agency).order_by("opened_at").first()
        yield Request(f"/compartments/{made.id if made else ABSENT}")
    yield Request(f"/compartments/{ABSENT}")


def _administered(audiences: frozenset[int]) -> Iterator[Request]:
    for username in ("kent.analyst", "essex.investigator", "essex.colleague", "nobody.at.all"):
        yield Request(f"/people-admin/{username}")


def _records(audiences: frozenset[int]) -> Iterator[Request]:
    ids = Record.objects.filter(audience__in=audiences).order_by("kind", "owner", "ref").values_list("id", flat=True)
    yield from (Request(f"/records/{each}") for each in _ids(ids[:24]))


def _changes(audiences: frozenset[int]) -> Iterator[Request]:
    rows = Record.objects.filter(audience__in=audiences, kind="finding").order_by("owner", "ref")
    yield from (Request(f"/lines/changes/{each}") for each in _ids(rows.values_list("id", flat=True)))


def _returns(audiences: frozenset[int]) -> Iterator[Request]:
    rows = Record.objects.filter(audience__in=audiences, kind="line_return").order_by("owner", "ref", "revision")
    yield from (Request(f"/lines/returns/{each}/status") for each in _ids(rows.values_list("id", flat=True)))


def _pairs(audiences: frozenset[int]) -> Iterator[Request]:
    rows = Record.objects.filter(audience__in=audiences, kind="line_return").order_by("owner", "ref", "revision")
    first, *others = _ids(rows.values_list("id", flat=True))
    yield from (Request(f"/lines/pairs/{first}/{each}") for each in (*others[:6], ABSENT))


def _campaigns(audiences: frozenset[int]) -> Iterator[Request]:
    yield from (Request(f"/campaigns/{day}") for day in ("2025-06-23", "2025-12-01", "2024-01-01", "nonsense"))


def _campaign_figures(audiences: frozenset[int]) -> Iterator[Request]:
    for day in ("2025-06-23", "2025-12-01"):
        yield from (Request(f"/campaigns/{day}/{metric}") for metric in ("ARR_T", "ARR_M", "NONE"))


def _figures(audiences: frozenset[int]) -> Iterator[Request]:
    from crossline.picture.definitions import DEFINITIONS

    yield from (Request(f"/figures/{name}") for name in (*DEFINITIONS, "none"))


def _sign_in(audiences: frozenset[int]) -> Iterator[Request]:
    """The same for a name that exists and one that does not."""
    for username in ("kent.analyst", "essex.colleague", "kent.colleague", "nobody.at.all"):
        said = (("username", username), ("password", "a wrong password"))
        yield Request("/sign-in", "POST", said, signed_in=False)
    yield Request("/sign-in", signed_in=False)
    yield Request("/sign-in")


PROBES: Final[Mapping[str, Callable[[frozenset[int]], Iterator[Request]]]] = MappingProxyType(
    {
        "my-reads": _lists("/audit/mine"),  # first, as everything that follows is a read of one's own
        "corrected-since": _lists("/audit/mine/corrected"),
        "auditors-desk": _lists("/audit/desk", "days=30", "actor=kent.analyst", "actor=essex.investigator", "page=2"),
        "audit-read": _reads,
        "decoys": _lists("/audit/decoys"),
        "who-can-see": _of_records("/seen-by", before="/audit/records"),
        "who-looked": _of_records("", before="/audit/records"),
        "national-picture": _lists("/", "series=lines_new", "series=reports_made", "series=none"),
        "definitions": _lists("/definitions"),
        "figure": _figures,
        "lines": _lists(
            "/lines", "brand=max", "status=active", "agency=essex", "agency=kent", "page=2", "page=999", "known=returns"
        ),
        "line": _of("/lines", ("line",), "page=2"),
        "line-status": _returns,
        "line-suggestions": _lists("/lines/suggestions", "page=2"),
        "line-pair": _pairs,
        "check-backs": _lists("/lines/check-backs", "shown=found", "shown=all&page=2"),
        "number-changes": _lists("/lines/changes", "stands=confirmed", "stands=rejected&order=oldest", "page=2"),
        "number-change": _changes,
        "person": _of("/people", ("person",)),
        "person-reach": _of("/people", ("person",), after="/reach"),
        "thing": _of("/things", THINGS),
        "records": _lists(
            "/records",
            "kind=missing",
            "kind=intelligence",
            "month=2026-03",
            "agency=essex",
            "agency=kent",
            "page=2",
            "page=99",
        ),
        "record": _records,
        "search": _lists("/search", *(f"q={words.replace(' ', '+').replace('#', '%23')}" for words in SEARCHES)),
        "overlaps": _lists("/overlaps", "agency=essex", "agency=kent", "page=2"),
        "concerns": _lists("/concerns", "agency=essex", "agency=kent", f"person={ABSENT}", "page=2"),
        "campaigns": _lists("/campaigns"),
        "campaign": _campaigns,
        "campaign-figure": _campaign_figures,
        "access-pack": _of("/people", ("person",), after="/access-pack"),
        "restriction": _of_records("/restriction"),
        "record-compartment": _of_records("/compartment"),
        "compartments": _lists("/compartments"),
        "compartment-new": _lists("/compartments/new"),
        "compartment": _compartments,
        "release": _of_records("/release"),
        "review": _of_records("/review"),
        "reviews": _lists("/reviews", "page=2"),
        "approvals": _lists("/approvals"),
        "approval": _approval,
        "policy": _lists("/policy"),
        "policy-statement": lambda audiences: iter([Request("/policy/1"), Request("/policy/2")]),
        "exports": _lists("/exports"),
        "export": _exports,
        "people-admin": _lists("/people-admin", "page=2"),
        "people-admin-new": _lists("/people-admin/new"),
        "people-admin-person": _administered,
        "partner-home": _lists("/partner"),
        "partner-organisations": _lists("/partner-organisations"),
        "second-factor": _lists("/second-factor"),
        "password": _lists("/password"),
        "sign-in-code": lambda audiences: iter([Request("/sign-in/code", signed_in=False)]),
        "take-up-task": _of_records("", before="/task/record", method="POST"),
        "put-down-task": lambda audiences: iter([Request("/task/none", "POST"), Request("/task/none")]),
        "sign-in": _sign_in,
        "provider-sign-in": lambda audiences: iter([Request("/sign-in/with/kent", "POST", signed_in=False)]),
        "provider-back": lambda audiences: iter([Request("/sign-in/with/kent/back?code=1&state=1", signed_in=False)]),
        "sign-out": lambda audiences: iter([Request("/sign-out")]),
        "health": lambda audiences: iter([Request("/healthz"), Request("/healthz", signed_in=False)]),
    }
)
BY_ID: Final = ("/records/{}", "/people/{}", "/things/{}", "/lines/{}", "/concerns?person={}")
"""Where an id leads; a hidden one must be answered like an absent one, whatever the kind of thing it is of."""
BY_ID_OF: Final[Mapping[str, tuple[tuple[str, str], ...]]] = MappingProxyType(
    {
        "record": (
            *(("GET", f"/records/{{}}/{page}") for page in ("review", "restriction", "release", "compartment")),
            *(("GET", f"/audit/records/{{}}{page}") for page in ("", "/seen-by")),
            ("GET", "/lines/changes/{}"),
            ("GET", "/lines/returns/{}/status"),
            ("POST", "/task/record/{}"),
        ),
        "person": (
            *(("GET", f"/people/{{}}/{page}") for page in ("access-pack", "reach")),
            ("POST", "/task/mention/{}"),
        ),
    }
)
"""Pages that are about a record or a person only."""


def all_requests(audiences: frozenset[int]) -> Iterator[tuple[str, Request]]:
    """Every request of somebody who sees these audiences, under the name of its route."""
    for route, probes in PROBES.items():
        yield from ((route, request) for request in probes(audiences))


def requests_for(kind: str, id_: UUID) -> Iterator[Request]:
    """An id asked for at each address that takes one."""
    yield from (Request(address.format(id_)) for address in BY_ID)
    yield from (Request(address.format(id_), method) for method, address in BY_ID_OF.get(kind, ()))


def client_of(viewer: Viewer) -> Client:
    """Somebody's browser, signed in: a session as the sign-in page makes it, without its audit."""
    client = Client(raise_request_exception=False)
    person = Person.objects.get(username=viewer.username)
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    client.cookies["crossline_session"] = session.session_key or ""
    return client


def fetch(viewer: Viewer, address: str) -> Any:
    """One page as somebody sees it."""
    return client_of(viewer).get(address, headers={"host": HOST})


def asked(client: Client, request: Request) -> bytes:
    """What comes back, as bytes: status, headers, body. Three things are taken out of it, which no two answers have
    alike: the form's token, the secret that a new second factor is offered with, and the server's clock in a header."""
    browser = client if request.signed_in else Client(raise_request_exception=False)
    if request.method == "POST":
        answer = browser.post(request.address, dict(request.said), headers={"host": HOST})
    else:
        answer = browser.get(request.address, headers={"host": HOST})
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    headers = sorted(_CLOCK.sub("", f"{name}: {value}") for name, value in answer.headers.items())
    return f"{answer.status_code}\n{headers}\n".encode() + _SECRET.sub(b"", _CSRF.sub(rb"\1", body))


@dataclass(frozen=True)
class Question:
    """One thing to be told: a page, an export, or a table as the database itself shows it."""

    route: str
    name: str
    ask: Callable[[Client], bytes]

    @property
    def key(self) -> tuple[str, str]:
        return self.route, self.name


def _of_page(route: str, request: Request) -> Question:
    name = f"{request.method} {request.address} {request.said} {request.signed_in}"
    return Question(route, name, lambda client: asked(client, request))


def by_id(ids: Sequence[tuple[str, UUID]]) -> Iterator[Question]:
    """Ids with what they are of, each at every address that takes one and taken out of the answer: a hidden one is told like an
    absent one."""
    for place, (kind, id_) in enumerate(ids):
        for request in requests_for(kind, id_):
            name = f"{kind} {place}: {request.method} {request.address.replace(str(id_), '')}"
            yield Question("by id", name, partial(_asked_without, str(id_).encode(), request))


def _asked_without(own: bytes, request: Request, client: Client) -> bytes:
    return asked(client, request).replace(own, str(ABSENT).encode())


def exports(viewer: Viewer) -> Iterator[Question]:
    """Each export in each of its formats, as bytes, and again with victims named where that is another; without a STIX bundle's
    random number and, of a workbook's parts, the time at which it was made."""
    allowed = Standing(Approval(act=Act.UNMASK_VICTIMS), ())

    def written(what: What, format_: str, named: bool) -> bytes:
        asked = {"victims_named": named, "allowed": lambda rows: allowed} if named else {}
        with reading(viewer) as viewpoint, prepare(what, format_, viewpoint, **asked).file as file:
            return _BUNDLE.sub(b"", _parts(file.read()) if format_ == "xlsx" else file.read())

    for what in What:
        for format_ in formats_of(what):
            for named in (False, True) if wanted(what, format_).names_people else (False,):
                name = f"{what}.{format_}{', victims named' if named else ''}"
                yield Question("export", name, lambda _, each=(what, format_, named): written(*each))


def _parts(workbook: bytes) -> bytes:
    with ZipFile(io.BytesIO(workbook)) as archive:
        parts = b"\n".join(name.encode() + archive.read(name) for name in archive.namelist())
    return _EXPORTED_AT.sub(b"", _PROPERTIES.sub(b"<", parts))


def tables(viewer: Viewer) -> Iterator[Question]:
    """Every table of the schema as the database itself shows it to the web role: with this viewer, and with none.

    Without the columns that a new analysis writes anew: a row's own number, its release, and when it was written.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, array_agg(quote_ident(a.attname) ORDER BY a.attnum) FROM pg_class c "
            "JOIN pg_attribute a ON a.attrelid = c.oid "
            "WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relrowsecurity AND a.attnum > 0 "
            "AND NOT a.attisdropped AND NOT (c.relname = ANY (%s) AND a.attname = ANY (%s)) "
            "AND has_table_privilege('crossline_web', c.oid, 'SELECT') GROUP BY c.relname ORDER BY c.relname",
            [list(DERIVED), ["id", "model_version", "raised_at"]],
        )
        found = [(name, ", ".join(columns)) for name, columns in cursor.fetchall() if name not in OWN_WRITES]
    for name, row in found:
        # What the viewer did while asking is the viewer's own, and another each time.
        others = f" WHERE actor_id <> '{viewer.person_id}'" if name in OWN_READS else ""
        said = f"SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM (SELECT {row} FROM {name}"
        yield Question("table", f"{name}, nobody looking", lambda _, said=said: _shown(f"{said}) t", None))
        yield Question("table", name, lambda _, said=said, others=others: _shown(f"{said}{others}) t", viewer))


def _shown(query: str, viewer: Viewer | None) -> bytes:
    with nullcontext() if viewer is None else reading(viewer), connection.cursor() as cursor:
        cursor.execute(query)
        return repr(cursor.fetchone()).encode()


def questions(world: World, username: str, audiences: frozenset[int], *, with_tables: bool) -> Iterator[Question]:
    """Everything that somebody can ask; to be written by whoever sees everything."""
    viewer = world.people[username]
    yield from (_of_page(route, request) for route, request in all_requests(audiences))
    yield from exports(viewer)
    if with_tables:
        yield from tables(viewer)


def answers(
    world: World, username: str, audiences: frozenset[int], *, with_tables: bool
) -> dict[tuple[str, str], bytes]:
    """Everything that somebody is told, by route and request."""
    with world.builders.role("none"):  # whoever writes the questions sees everything; whoever asks them does not
        every = list(questions(world, username, audiences, with_tables=with_tables))
    client = client_of(world.people[username])
    return {each.key: each.ask(client) for each in every}
