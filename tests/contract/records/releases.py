"""What tests of a release share: asking, allowing and releasing as pages do it, and what a record's audience is."""

from __future__ import annotations

from typing import Any

from django.test import Client

from crossline.access.approvals import decide
from crossline.access.models import Person
from crossline.records.models import Record, RecordRelease
from crossline.records.releasing import ask_to_release, release, take_back

CONDITIONS = "Not to be passed on; ask Kent before any arrest."
SURNAME = "Quillfeather"


def record(ref: str = "kent/C") -> Record:
    return Record.objects.get(ref=ref)


def asked(
    builders: Any, people: Any, ref: str = "kent/C", to: str = "essex", conditions: str = CONDITIONS, by: str = "asker"
) -> Any:
    with builders.seen_by(people[by]) as viewpoint:
        return ask_to_release(
            record=record(ref).id, to=to, conditions=conditions, reason="Their own inquiry.", viewpoint=viewpoint
        )


def allowed(builders: Any, people: Any, ref: str = "kent/C", to: str = "essex") -> Any:
    made = asked(builders, people, ref, to)
    with builders.seen_by(people["manager"]) as viewpoint:
        decide(approval=made.id, approved=True, note="", viewpoint=viewpoint)
    return made


def released(builders: Any, people: Any, ref: str = "kent/C", to: str = "essex") -> RecordRelease:
    made = allowed(builders, people, ref, to)
    with builders.seen_by(people["asker"]) as viewpoint:
        return release(record=record(ref).id, to=to, approval=made.id, viewpoint=viewpoint)


def taken_back(builders: Any, people: Any, made: RecordRelease) -> None:
    with builders.seen_by(people["manager"]) as viewpoint:
        take_back(release=made.id, reason="The inquiry is over.", viewpoint=viewpoint)


def labels(of: Record) -> set[str]:
    return set(of.audience.labels.values_list("key", flat=True))


def browse(as_web: Any, who: str, address: str, posted: dict[str, str] | None = None) -> Any:
    client = Client(headers={"host": "localhost"})
    with as_web():
        client.force_login(Person.objects.get(username=who))
        return client.get(address) if posted is None else client.post(address, posted)
