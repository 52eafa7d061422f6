"""How a line takes orders: read from deliveries for each viewer, corrected by a person of its agency or of the centre."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from crossline.access.models import AuditEvent, Person
from crossline.access.roles import Role
from crossline.access.viewer import Viewer
from crossline.errors import MoveNotAllowed, NotPermitted, UserError
from crossline.lines.declaring_orders import declare_orders
from crossline.lines.models import LineOrders
from crossline.lines.register import register
from crossline.lines.states import OrdersTaken
from crossline.records.models import Record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]


@pytest.fixture
def kent(builders: Any, tmp_path: Path, kept: Path) -> Viewer:
    """Kent returns a line with a number and one with a handle alone, and keeps a report of a handle of the first to itself."""
    mentions = [
        {"key": "l1", "kind": "line", "name": "Leo"},
        {"key": "t1", "kind": "phone", "number": "07700 900123"},
        {"key": "h1", "kind": "handle", "name": "snap: leo_99"},
    ]
    uses = [{"from": "l1", "to": key, "type": "uses", "basis": "assessment"} for key in ("t1", "h1")]
    report = builders.report("K/1", handling="C", mentions=mentions, assertions=uses)
    lines = [
        builders.line("LEO", numbers="07700 900123", towns="Hastings"),
        builders.line("WEED", name="Green Cat", numbers="@greencat.post", towns="Dover", drugs="cannabis;ketamine"),
    ]
    builders.sent(tmp_path / "kent", kept, reports=[report], lines=lines)
    return builders.enrolled("kent.analyst")


def taken(builders: Any, viewer: Viewer, ref: str = "LEO") -> str:
    with builders.seen_by(viewer) as viewpoint:
        return str(register(viewpoint).line_of_return["kent", ref].orders.taken)


def test_a_handle_counts_for_who_sees_the_record_that_gives_it(kent: Viewer, builders: Any) -> None:
    essex = builders.enrolled("essex.analyst", agency="essex")
    assert (taken(builders, kent), taken(builders, essex)) == ("both", "phone")
    assert (taken(builders, kent, "WEED"), taken(builders, essex, "WEED")) == ("social", "social")


def test_a_person_of_the_agency_or_the_centre_says_otherwise_and_takes_it_back(
    kent: Viewer, builders: Any, as_web: Any
) -> None:
    essex = builders.enrolled("essex.analyst", agency="essex")
    centre = builders.enrolled("centre.manager", agency="nclcc", roles=[Role.INFORMATION_MANAGER])
    returned = Record.objects.get(ref="LEO", kind="line_return")
    said = {"returned": returned.id, "taken": OrdersTaken.SOCIAL, "reason": "The number was cut off in May."}
    with builders.seen_by(essex) as viewpoint, pytest.raises(NotPermitted, match="agency that returned"):
        declare_orders(**said, viewpoint=viewpoint)
    with builders.seen_by(kent) as viewpoint:
        with pytest.raises(UserError, match="Give the reason"):
            declare_orders(**said | {"reason": " "}, viewpoint=viewpoint)
        with pytest.raises(MoveNotAllowed, match="stands so already"):
            declare_orders(**said | {"taken": OrdersTaken.AS_FOUND}, viewpoint=viewpoint)
        declare_orders(**said, viewpoint=viewpoint)
    assert {taken(builders, viewer) for viewer in (kent, essex, centre)} == {"social"}
    with builders.seen_by(centre) as viewpoint:
        declare_orders(**said | {"taken": OrdersTaken.AS_FOUND}, viewpoint=viewpoint)
    assert (taken(builders, kent), taken(builders, essex)) == ("both", "phone")
    assert AuditEvent.objects.filter(event="line_orders_declared").count() == 2


def test_the_database_lets_nobody_else_say_it(kent: Viewer, builders: Any, as_web: Any) -> None:
    essex = builders.enrolled("essex.analyst", agency="essex")
    returned = Record.objects.get(ref="LEO", kind="line_return")
    of_return = {"record": returned, "owner_id": "kent", "line_ref": "LEO", "audience_id": returned.audience_id}
    for viewer, signed in ((essex, ("essex.analyst", "essex")), (kent, ("kent.other", "kent"))):
        row = LineOrders(**of_return, taken="social", reason="x", decided_by=signed[0], decided_agency=signed[1])
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic(), builders.seen_by(viewer):
            row.save(force_insert=True)


def test_the_pages_show_it_filter_by_it_and_take_a_persons_word(kent: Viewer, builders: Any, as_web: Any) -> None:
    returned = Record.objects.get(ref="WEED", kind="line_return")
    with builders.seen_by(kent) as viewpoint:
        line = f"/lines/{register(viewpoint).line_of_return['kent', 'WEED'].id}"
    client = Client(headers={"host": "localhost"})
    with as_web():
        client.force_login(Person.objects.get(username="kent.analyst"))
        social = client.get("/lines?orders=social").content.decode()
        assert "Green Cat" in social and ">Leo<" not in social
        assert "Green Cat" in b"".join(client.get("/exports/lines/csv?orders=social")).decode()
        assert "Green Cat" not in b"".join(client.get("/exports/lines/csv?orders=phone")).decode()
        for words in ("By social media or an app", "greencat.post", "taking-orders-1"):
            assert words in client.get(line).content.decode(), words
        address = f"/lines/returns/{returned.id}/status"
        said = {"do": "orders", "taken": "both", "orders_reason": "A leaflet gives a number."}
        assert client.post(address, said | {"taken": ""}).status_code == 422
        assert client.post(address, said).status_code == 302
        shown = client.get(line).content.decode()
    assert "as Kent declared on" in shown and "the records show: by social media or an app" in shown
