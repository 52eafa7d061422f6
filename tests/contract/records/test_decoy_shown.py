"""Whoever comes upon a decoy is answered as by a record: every page of it, byte for byte, and what the audit writes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import transaction
from django.test import Client

from crossline.access.compartments.actions import open_compartment
from crossline.access.compartments.models import Compartment, CompartmentKind
from crossline.access.models import AuditEvent, AuditSubject, Person
from crossline.access.retention import QUESTIONS
from crossline.access.viewer import Viewer
from crossline.hosting.logins import Login
from crossline.records.one_at_a_time import BUSY
from crossline.vocabulary.codes import Tristate

from .planted import STORY, agreed, enrolled, ids_of, really

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]

HOST = {"host": "localhost"}
SEARCHES = (STORY.surname, STORY.caption, STORY.number, STORY.ref, STORY.surname.upper())
PAGES = (
    *("/records/{record}", "/records/{record}/release", "/audit/records/{record}/seen-by"),
    *("/records/{record}/restriction", "/records/{record}/review", "/records/{record}/compartment"),
    *("/people/{person}", "/things/{phone}", "/things/{person}", "/people/{phone}", "/people/{person}/access-pack"),
    *("/people/{person}/reach", "/people/{phone}/reach"),
    *("/concerns?person={person}", "/lines/{phone}"),
)
WHO_LOOKED = "/audit/records/{record}"
_WHEN = re.compile(rb"/audit/reads/[0-9a-f-]{36}|\d{4}-\d\d-\d\dT[\d:.+]+|at (?:\d+(?::\d\d)?[ap]m|midday|midnight)")
"""When somebody read it, and which read it was."""
EVERYBODY = ("analyst", "manager", "other auditor", "administrator", "essex", "centre")


@pytest.fixture
def people(db: None, builders: Any, tmp_path: Path, kept: Path) -> dict[str, Viewer]:
    builders.sent_by_two(tmp_path / "two", kept)
    everybody = enrolled(builders)
    with builders.seen_by(everybody["manager"]) as viewpoint:
        open_compartment(kind=CompartmentKind.OPERATION, name="Quoin", reason="Covert.", viewpoint=viewpoint)
    return everybody


def acts() -> Iterator[tuple[str, str, dict[str, str]]]:
    """What can be done about a record: address and form, complete, so that it is done."""
    yield "analyst", "/records/{record}/release", {"do": "ask", "to": "essex", "conditions": "Ask.", "reason": "Why."}
    yield "analyst", "/records/{record}/release", {"do": "release", "approval": "none"}
    yield "manager", "/records/{record}/restriction", {"act": "restrict", "reason": "Disputed."}
    yield "manager", "/records/{record}/restriction", {"act": "restrict", "reason": ""}
    yield "manager", "/records/{record}/compartment", {"compartment": "{compartment}", "reason": "Covert."}
    yield "analyst", "/records/{record}/restriction", {"act": "restrict", "reason": "Disputed."}
    answers = {question.id: str(Tristate.NO) for question in QUESTIONS}
    for choice in ("keep", "dispose", "hold"):
        said = {"act": "review", "choice": choice, "ground": "not_necessary", "hold": "inquiry", "reason": "Old."}
        yield "manager", "/records/{record}/review", answers | said
    for decision in ("give", "s45_4_b"):
        said = {"ref": "SAR-1", "received": "2026-03-27", "identity_checked": "on", "record-{record}": decision}
        yield "manager", "/people/{person}/access-pack", said
    yield "manager", "/records/{record}/review", {"act": "confirm", "which": "nonsense", "reason": "Seen."}


def told(ids: Mapping[str, str], answer: Any) -> bytes:
    """Status, headers and body, without ids of one's own and the form's token."""
    body = re.sub(rb'(name="csrfmiddlewaretoken" value=")[^"]+', rb"\1", answer.content)
    headers = sorted(f"{name}: {value}" for name, value in answer.headers.items() if name != "Content-Length")
    found = f"{answer.status_code}\n{headers}\n".encode() + body
    for name, each in ids.items():
        found = found.replace(each.encode(), name.encode()).replace(each[:8].encode(), name.encode())
    return found


def browser(viewer: Viewer) -> Client:
    client = Client(headers=HOST)
    client.force_login(Person.objects.get(username=viewer.username))
    return client


def answers(people: Mapping[str, Viewer], ids: Mapping[str, str], as_web: Any) -> dict[str, bytes]:
    """Everything that leads to it, asked by everybody; then worked on, and everything that can be done about it."""
    found: dict[str, bytes] = {}
    with as_web():
        for name in EVERYBODY:
            client = browser(people[name])
            for words in SEARCHES:
                found[f"{name} searches {words}"] = told(ids, client.get("/search", {"q": words}))
            for page in PAGES:
                found[f"{name} {page}"] = told(ids, client.get(page.format(**ids)))
            reads = told(ids, client.get(WHO_LOOKED.format(**ids)))
            found[f"{name} {WHO_LOOKED}"] = _WHEN.sub(b"", reads)
            for kind, about in (("record", "record"), ("mention", "person"), ("mention", "phone")):
                address = f"/task/{kind}/{ids[about]}"
                found[f"{name} takes up {about}"] = told(ids, client.post(address, {"back": "/search"}, headers=HOST))
                found[f"{name}, working on {about}"] = told(ids, client.get(f"/records/{ids['record']}"))
        for number, (name, page, form) in enumerate(acts()):
            said = {key.format(**ids): value for key, value in form.items()}
            done = browser(people[name]).post(page.format(**ids), said)
            found[f"act {number}: {name} {page} {form}"] = told(ids, done)
    return found


def written(ids: Mapping[str, str]) -> list[str]:
    """What the audit has of it, beyond when."""
    events = AuditEvent.objects.order_by("at", "id").exclude(event__startswith="decoy").exclude(actor_id="")
    said = [f"{e.actor} {e.verb} {e.event} {e.subject_kind} {e.subject} {e.purpose} {e.detail}" for e in events]
    rows = AuditSubject.objects.order_by("at", "id")
    said += [f"{row.actor_agency} {row.record} {row.owner_agency} {row.explanation}" for row in rows]
    for name, each in ids.items():
        said = [line.replace(each, name) for line in said]
    return sorted(said)


def differing(question: str, left: bytes, right: bytes) -> str:
    """Where two answers part, in words; nothing where they do not."""
    place = next((at for at, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), min(len(left), len(right)))
    around = slice(max(0, place - 80), place + 120)
    return "" if left == right else f"{question}: {left[around]!r} / {right[around]!r}"


@contextmanager
def somebody_busy_with(record: str, database: Any) -> Iterator[None]:
    """Another person's act on a record that has not come to its end."""
    with psycopg.connect(database.conninfo(Login.ADMINISTRATOR)) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"record {record}"])
        yield


@pytest.fixture
def both(
    people: Any, builders: Any, tmp_path: Path, kept: Path, as_web: Any, database: Any
) -> tuple[dict[str, bytes], list[str], dict[str, bytes], list[str]]:
    """What is answered and written of a decoy; and, in a store without it, of a record that says the same."""
    with transaction.atomic():
        made = agreed(builders, people)
        vault = {"compartment": str(Compartment.objects.get().id)}
        ids = ids_of(made) | vault
        of_decoy, log_of_decoy = answers(people, ids, as_web), written(ids)
        transaction.set_rollback(True)
    record = really(builders, tmp_path / "real", kept)
    builders.worked_on()
    ids = ids_of(record) | vault
    with somebody_busy_with(ids["record"], database):
        of_record = answers(people, ids, as_web)
    return of_decoy, log_of_decoy, of_record, written(ids)


def test_a_decoy_is_answered_like_a_record_that_somebody_is_busy_with(both: Any) -> None:
    of_decoy, _, of_record, _ = both
    assert of_decoy.keys() == of_record.keys()
    knowing = f"other auditor {WHO_LOOKED}"  # who is told
    assert b"Opened a decoy" in of_decoy.pop(knowing) and b"decoy" not in of_record.pop(knowing)
    parting = [differing(question, of_decoy[question], answer) for question, answer in of_record.items()]
    assert [each for each in parting if each] == []
    assert STORY.surname.encode() in of_decoy[f"analyst searches {STORY.surname}"]
    assert STORY.text.partition("#")[0].encode() in of_decoy["analyst /records/{record}"]
    assert BUSY.encode() in of_decoy[next(each for each in of_decoy if each.startswith("act 2"))]
    assert all(of_decoy[f"essex {page}"].startswith(b"404") for page in PAGES if "?" not in page)


def test_the_audit_writes_the_same_of_both(both: Any) -> None:
    _, log_of_decoy, _, log_of_record = both
    assert log_of_decoy == log_of_record
    assert any("record kent own_agency" in line for line in log_of_decoy)
