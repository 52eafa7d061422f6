"""What somebody can be told: each address asked for, each export in each format, and every table as the database shows it."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from typing import Any, Final
from uuid import UUID
from zipfile import ZipFile

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.test import Client

from crossline.access.approvals import Act, Standing
from crossline.access.models import Approval, Person
from crossline.access.viewer import Viewer, reading
from crossline.exchange.catalogue import What, formats_of, wanted
from crossline.exchange.exports import prepare

from .addresses import ABSENT, Request, all_requests, requests_for
from .world import World

HOST: Final = "localhost"
_CLOCK = re.compile(r"^(?:Expires|Last-Modified|Date): .* GMT$")
_CSRF = re.compile(rb'(name="csrfmiddlewaretoken" value=")[^"]+')
_SECRET = re.compile(rb"[A-Z2-7]{4}(?: ?[A-Z2-7]{4}){7}")
_BUNDLE = re.compile(rb"bundle--[0-9a-f-]{36}")
_PROPERTIES = re.compile(rb"<(dcterms:(?:created|modified))[^>]*>[^<]*<")
_EXPORTED_AT = re.compile(rb"at \d{4}-\d\d-\d\d \d\d:\d\d UTC")
_STAMP_MARKING = re.compile(
    rb'"id": "(marking-definition--[0-9a-f-]{36})", "created": "[^"]*"(?=[^{]*{"statement": "[^"]*Export )'
)
_NUMBER = re.compile(rb"X(?:-[0-9A-Z]{4}){3}")
OWN_READS: Final = ("access_auditevent", "access_auditsubject")
OWN_WRITES: Final = ("access_signinattempt",)  # counts tries to sign in, the probes' own among them; holds no content
DERIVED: Final = ("entities_match", "safeguarding_concern", "deconfliction_pointer")


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
    """What comes back, as bytes: status, headers, body. Four things are taken out of it, which no two answers have
    alike: the form's token, the secret that a new second factor is offered with, the clock in a header, a file's stamp."""
    browser = client if request.signed_in else Client(raise_request_exception=False)
    if request.method == "POST":
        answer = browser.post(request.address, dict(request.said), headers={"host": HOST})
    else:
        answer = browser.get(request.address, headers={"host": HOST})
    body = _unstamped(b"".join(answer.streaming_content)) if answer.streaming else answer.content
    headers = sorted(_CLOCK.sub("", f"{name}: {value}") for name, value in answer.headers.items())
    return _NUMBER.sub(b"", f"{answer.status_code}\n{headers}\n".encode()) + _SECRET.sub(b"", _CSRF.sub(rb"\1", body))


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
    """Each export in each of its formats, as bytes, and again with victims named where that is another; without what
    the stamp has from chance and the clock: the export's number, the moment, and in STIX their ids."""
    allowed = Standing(Approval(act=Act.UNMASK_VICTIMS), ())

    def written(what: What, format_: str, named: bool) -> bytes:
        asked = {"victims_named": named, "allowed": lambda rows: allowed} if named else {}
        with reading(viewer) as viewpoint, prepare(what, format_, viewpoint, **asked).file as file:
            return _unstamped(_parts(file.read()) if format_ == "xlsx" else file.read())

    for what in What:
        for format_ in formats_of(what):
            for named in (False, True) if wanted(what, format_).names_people else (False,):
                name = f"{what}.{format_}{', victims named' if named else ''}"
                yield Question("export", name, lambda _, each=(what, format_, named): written(*each))


def _unstamped(body: bytes) -> bytes:
    """Without a bundle's id, an export's number and moment, and the id and date of the STIX marking that says them."""
    body = _EXPORTED_AT.sub(b"", _NUMBER.sub(b"", _BUNDLE.sub(b"", body)))
    stamp = _STAMP_MARKING.search(body)
    return _STAMP_MARKING.sub(b"", body).replace(stamp[1], b"") if stamp else body


def _parts(workbook: bytes) -> bytes:
    with ZipFile(io.BytesIO(workbook)) as archive:
        parts = b"\n".join(name.encode() + archive.read(name) for name in archive.namelist())
    return _PROPERTIES.sub(b"<", parts)


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
