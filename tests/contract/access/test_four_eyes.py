"""Four eyes: one asks, another of the same agency allows, and what was allowed happens once; nobody alone, nobody elsewhere."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from crossline.access import approvals
from crossline.access.approvals import Act, State, ask, decide, standing, standings, use, withdraw
from crossline.access.models import Approval, ApprovalStep, AuditEvent, Person
from crossline.access.roles import Role
from crossline.access.viewer import Viewer
from crossline.errors import MoveNotAllowed, NotPermitted, UserError
from crossline.exchange import views as exchange_views

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]

ABOUT = "people as csv"


@pytest.fixture
def people(db: None, builders: Any) -> dict[str, Viewer]:
    return {
        "asker": builders.enrolled("kent.asker"),
        "manager": builders.enrolled("kent.manager", roles=(Role.INFORMATION_MANAGER,)),
        "second": builders.enrolled("kent.second", roles=(Role.INFORMATION_MANAGER,)),
        "colleague": builders.enrolled("kent.colleague"),
        "elsewhere": builders.enrolled("essex.manager", agency="essex", roles=(Role.INFORMATION_MANAGER,)),
    }


def asked(builders: Any, who: Viewer, *, rows: int = 900) -> Approval:
    with builders.seen_by(who) as viewpoint:
        return ask(act=Act.BULK_EXPORT, about=ABOUT, rows=rows, reason="For the conference.", viewpoint=viewpoint)


def decided(builders: Any, who: Viewer, made: Approval, *, approved: bool = True, note: str = "") -> None:
    with builders.seen_by(who) as viewpoint:
        decide(approval=made.id, approved=approved, note=note, viewpoint=viewpoint)


def used(builders: Any, who: Viewer, made: Approval, *, rows: int = 900, about: str = ABOUT) -> None:
    with builders.seen_by(who) as viewpoint:
        use(approval=made.id, act=Act.BULK_EXPORT, about=about, rows=rows, viewpoint=viewpoint)


def state_of(made: Approval) -> State:
    (found,) = approvals._with_steps([made])
    return found.state


def test_one_asks_another_allows_and_it_is_used_once(people: Any, builders: Any) -> None:
    made = asked(builders, people["asker"])
    decided(builders, people["manager"], made)
    used(builders, people["asker"], made)
    assert state_of(made) is State.USED
    with pytest.raises(MoveNotAllowed):
        used(builders, people["asker"], made)
    events = AuditEvent.objects.filter(subject=str(made.id)).order_by("at")
    assert list(events.values_list("event", "actor")) == [
        ("approval_asked", "kent.asker"),
        ("approval_decided", "kent.manager"),
        ("approval_used", "kent.asker"),
    ]


def test_nobody_allows_what_they_asked_for_themselves(people: Any, builders: Any) -> None:
    made = asked(builders, people["manager"])
    with pytest.raises(NotPermitted, match="yourself"):
        decided(builders, people["manager"], made)
    decided(builders, people["second"], made)
    assert state_of(made) is State.APPROVED


@pytest.mark.parametrize("who", ["colleague", "elsewhere", "asker"])
def test_only_the_agencys_information_manager_decides(who: str, people: Any, builders: Any) -> None:
    made = asked(builders, people["asker"])
    with pytest.raises(NotPermitted):
        decided(builders, people[who], made)
    assert state_of(made) is State.ASKED


def test_what_was_allowed_is_that_very_act_and_no_more_of_it(people: Any, builders: Any) -> None:
    made = asked(builders, people["asker"])
    with pytest.raises(MoveNotAllowed):
        used(builders, people["asker"], made)
    decided(builders, people["manager"], made)
    with pytest.raises(NotPermitted, match="901"):
        used(builders, people["asker"], made, rows=901)
    with pytest.raises(NotPermitted, match="something else"):
        used(builders, people["asker"], made, about="lines as csv")
    for who in ("colleague", "manager"):
        with pytest.raises(NotPermitted):
            used(builders, people[who], made)
    assert state_of(made) is State.APPROVED


def test_a_refusal_needs_its_reason_and_ends_it(people: Any, builders: Any) -> None:
    made = asked(builders, people["asker"])
    with pytest.raises(UserError, match="why"):
        decided(builders, people["manager"], made, approved=False)
    decided(builders, people["manager"], made, approved=False, note="Too wide.")
    assert state_of(made) is State.REFUSED
    with pytest.raises(MoveNotAllowed):
        decided(builders, people["second"], made)


def test_a_request_lapses_and_can_be_taken_back(people: Any, builders: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    made, other = asked(builders, people["asker"]), asked(builders, people["asker"])
    with builders.seen_by(people["colleague"]) as viewpoint, pytest.raises(NotPermitted):
        withdraw(approval=other.id, viewpoint=viewpoint)
    with builders.seen_by(people["asker"]) as viewpoint:
        withdraw(approval=other.id, viewpoint=viewpoint)
    assert state_of(other) is State.WITHDRAWN
    decided(builders, people["manager"], made)
    later = timezone.now() + approvals.EXPIRES + timedelta(seconds=1)
    with monkeypatch.context() as patched:
        patched.setattr(approvals.timezone, "now", lambda: later)
        assert state_of(made) is State.EXPIRED
    assert state_of(made) is State.APPROVED
    with builders.seen_by(people["asker"]) as viewpoint, pytest.raises(UserError, match="reason"):
        ask(act=Act.BULK_EXPORT, about=ABOUT, rows=1, reason=" ", viewpoint=viewpoint)


def test_a_request_is_seen_by_its_asker_and_the_agencys_managers(people: Any, builders: Any) -> None:
    made = asked(builders, people["asker"])
    seen = {}
    for name, viewer in people.items():
        with builders.seen_by(viewer) as viewpoint:
            seen[name] = bool(standings(viewpoint, most=10))
            assert (standing(made.id, viewpoint) is not None) == seen[name]
    assert seen == {"asker": True, "manager": True, "second": True, "colleague": False, "elsewhere": False}


STEP = (
    "INSERT INTO access_approvalstep (id, approval, state, note, at, by, by_id, by_agency) "
    "VALUES (gen_random_uuid(), %s, %s, '', now(), %s, %s, %s)"
)


@pytest.mark.parametrize(
    ("who", "state"),
    [
        ("asker", "approved"),
        ("colleague", "approved"),
        ("elsewhere", "approved"),
        ("manager", "used"),
        ("asker", "asked"),
    ],
)
def test_the_database_refuses_it_too(who: str, state: str, people: Any, builders: Any) -> None:
    """With the action gone round: a statement as the web role, signed truthfully."""
    made = asked(builders, people["asker"])
    viewer = people[who]
    with (
        pytest.raises(DatabaseError, match="row-level security"),
        transaction.atomic(),
        builders.seen_by(viewer),
        connection.cursor() as cursor,
    ):
        cursor.execute(STEP, [made.id, state, viewer.username, str(viewer.person_id), viewer.agency])
    assert not ApprovalStep.objects.exists()


def test_two_who_decide_at_the_same_moment_decide_once(people: Any, builders: Any) -> None:
    made = asked(builders, people["asker"])
    (seen_before,) = approvals._with_steps([made])
    decided(builders, people["manager"], made)
    with builders.seen_by(people["second"]) as viewpoint, pytest.raises(MoveNotAllowed, match="quicker"):
        approvals._move(seen_before, State.APPROVED, "", viewpoint, approvals.Event.APPROVAL_DECIDED)
    assert ApprovalStep.objects.count() == 1


@pytest.fixture
def browse(client: Client, as_web: Any) -> Any:
    def opened(viewer: Viewer, address: str, posted: dict[str, str] | None = None) -> Any:
        with as_web():
            client.force_login(Person.objects.get(username=viewer.username))
            if posted is not None:
                return client.post(address, posted, headers={"host": "localhost"})
            return client.get(address, headers={"host": "localhost"})

    return opened


def test_an_export_in_bulk_waits_for_a_second_person_and_a_small_one_does_not(
    people: Any, builders: Any, browse: Any, tmp_path: Path, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    builders.sent_by_two(tmp_path / "deliveries", kept)
    small = browse(people["asker"], "/exports/people/csv")
    assert small["Content-Disposition"].startswith('attachment; filename="people-X-')
    rows = b"".join(small.streaming_content).count(b"\n") - 1
    assert rows > 3

    monkeypatch.setattr(exchange_views, "BULK", 3)
    before = AuditEvent.objects.filter(event="exported").count()
    page = browse(people["asker"], "/exports/people/csv")
    assert "needs a second person" in page.content.decode()
    assert browse(people["asker"], "/exports/people/csv", {"reason": " "}).status_code == 422
    assert browse(people["asker"], "/exports/people/csv", {"do": "download"}).status_code == 422
    request = browse(people["asker"], "/exports/people/csv", {"reason": "For the conference."}).url
    assert browse(people["asker"], request, {"do": "approve"}).status_code == 422
    assert browse(people["elsewhere"], request).status_code == 404
    assert browse(people["manager"], request, {"do": "nonsense"}).status_code == 422
    assert "For you to decide" in browse(people["manager"], "/approvals").content.decode()
    assert browse(people["manager"], request, {"do": "approve"}).status_code == 302
    assert AuditEvent.objects.filter(event="exported").count() == before, "nothing has left yet"

    assert "has allowed it" in browse(people["asker"], "/exports/people/csv").content.decode()
    given = browse(people["asker"], "/exports/people/csv", {"do": "download"})
    assert b"".join(given.streaming_content).count(b"\n") - 1 == rows
    assert AuditEvent.objects.filter(event="exported").count() == before + 1
    assert "needs a second person" in browse(people["asker"], "/exports/people/csv").content.decode()
    assert "Ask for approval" in browse(people["asker"], "/exports/people/csv").content.decode()


def test_what_cannot_be_exported_is_not_there(people: Any, browse: Any) -> None:
    for address in ("/exports/secrets/csv", "/exports/people/docx", "/exports/returns/stix", f"/approvals/{uuid4()}"):
        assert browse(people["asker"], address).status_code == 404
    assert browse(people["asker"], "/exports").status_code == 200
    mine = browse(people["asker"], browse(people["asker"], "/approvals").request["PATH_INFO"])
    assert "asked for nothing" in mine.content.decode()


NAMED = "/exports/people/graphml?victims=named"


def downloaded(response: Any) -> str:
    """What was written, without the export's own number: letters by chance, which now and then are somebody's initials."""
    return re.sub(r"X(?:-[0-9A-Z]{4}){3}", "", b"".join(response.streaming_content).decode())


def test_victims_are_named_in_a_small_export_only_when_two_people_say_so(
    people: Any, builders: Any, browse: Any, tmp_path: Path, kept: Path
) -> None:
    builders.sent_by_two(tmp_path / "deliveries", kept)
    masked = downloaded(browse(people["asker"], "/exports/people/graphml"))
    assert "Victim, name withheld" in masked and "JC" not in masked
    assert 'name="victims" value="named"' in browse(people["asker"], "/exports").content.decode()

    page = browse(people["asker"], NAMED).content.decode()
    assert "needs a second person" in page and "with victims named" in page
    assert browse(people["asker"], NAMED, {"do": "download"}).status_code == 422
    assert browse(people["asker"], NAMED, {"reason": " "}).status_code == 422
    request = browse(people["asker"], NAMED, {"reason": "The review of the case."}).url
    assert "People as graphml, with victims named" in browse(people["manager"], request).content.decode()
    assert browse(people["asker"], request, {"do": "approve"}).status_code == 422
    assert browse(people["manager"], request, {"do": "approve"}).status_code == 302
    assert "/exports" in browse(people["asker"], request).content.decode()

    assert "JC" not in downloaded(browse(people["asker"], "/exports/people/graphml")), "it was asked for as ever"
    assert "has allowed it" in browse(people["asker"], NAMED).content.decode()
    assert "has allowed it" not in browse(people["colleague"], NAMED).content.decode()
    assert "JC" in downloaded(browse(people["asker"], NAMED, {"do": "download"}))
    given = AuditEvent.objects.filter(event="exported", detail__victims_named=True).get()
    assert given.detail["approval"] == request.rpartition("/")[2]
    assert given.detail["allowed_by"] == "kent.manager"
    assert browse(people["asker"], NAMED, {"do": "download"}).status_code == 422, "used once"

    auditor = builders.enrolled("kent.auditor", roles=(Role.AUDITOR,))
    for viewer, address in ((people["asker"], "/audit/mine"), (auditor, "/audit/desk")):
        assert f"with victims named, as approval {given.detail['approval'][:8]} allowed" in (
            browse(viewer, address).content.decode()
        )


def test_one_request_is_enough_for_an_export_in_bulk_with_victims_named_and_serves_no_other(
    people: Any, builders: Any, browse: Any, tmp_path: Path, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    builders.sent_by_two(tmp_path / "deliveries", kept)
    monkeypatch.setattr(exchange_views, "BULK", 3)
    plain = "/exports/people/graphml"
    for asked_at, other in ((NAMED, plain), (plain, NAMED)):
        request = browse(people["asker"], asked_at, {"reason": "The review of the case."}).url
        browse(people["manager"], request, {"do": "approve"})
        assert browse(people["asker"], other, {"do": "download"}).status_code == 422
        given = browse(people["asker"], asked_at, {"do": "download"})
        assert ("JC" in downloaded(given)) == (asked_at == NAMED)


@pytest.mark.parametrize("address", ["/exports/people/csv", "/exports/figures/geojson", "/exports/concerns/json"])
def test_what_names_nobody_is_not_offered_with_victims_named(address: str, people: Any, browse: Any) -> None:
    assert browse(people["asker"], f"{address}?victims=named").status_code == 404
    assert browse(people["asker"], address).status_code == 200
