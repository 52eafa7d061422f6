"""The pages of a release: asked for, allowed, released, and its conditions read by whoever it is for."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from crossline.access.roles import Role
from crossline.audit.seeing import Seeing, seeing

from .releases import CONDITIONS, SURNAME, browse, record, released

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]


def test_it_is_asked_allowed_and_released_on_pages(people: Any, as_web: Any) -> None:
    which = record()
    its_page, where = f"/records/{which.id}", f"/records/{which.id}/release"
    assert where in browse(as_web, "kent.asker", its_page).content.decode()
    assert browse(as_web, "essex.analyst", its_page).status_code == 404
    assert SURNAME not in browse(as_web, "kent.asker", where).content.decode()

    said = {"to": "essex", "conditions": CONDITIONS, "reason": "Their own inquiry."}
    refused = browse(as_web, "kent.asker", where, said | {"conditions": ""})
    assert refused.status_code == 422
    asking = browse(as_web, "kent.asker", where, said)
    assert asking.status_code == 302
    request = asking.headers["Location"]
    early = browse(as_web, "kent.asker", where, {"do": "release", "approval": request.rpartition("/")[2]})
    assert (early.status_code, "cannot become used" in early.content.decode()) == (422, True)
    waiting = browse(as_web, "kent.manager", where).content.decode()
    assert "Waiting for a second person" in waiting and CONDITIONS in waiting
    deciding = browse(as_web, "kent.manager", request).content.decode()
    assert CONDITIONS in deciding and where in deciding
    assert browse(as_web, "kent.manager", request, {"do": "approve"}).status_code == 302

    assert where in browse(as_web, "kent.asker", request).content.decode()
    assert "Allowed: Essex Police" in browse(as_web, "kent.asker", where).content.decode()
    assert "Allowed: Essex Police" not in browse(as_web, "kent.manager", where).content.decode()
    wrong = browse(as_web, "kent.asker", where, {"do": "release", "approval": str(uuid4())})
    assert (wrong.status_code, "not for this record" in wrong.content.decode()) == (422, True)
    done = browse(as_web, "kent.asker", where, {"do": "release", "approval": request.rpartition("/")[2]})
    assert (done.status_code, done.headers["Location"]) == (302, its_page)

    for who in ("kent.asker", "essex.analyst", "centre.analyst"):
        shown = browse(as_web, who, its_page).content.decode()
        assert "Released to Essex Police" in shown and CONDITIONS in shown, who
    assert browse(as_web, "surrey.analyst", its_page).status_code == 404
    assert where not in browse(as_web, "essex.analyst", its_page).content.decode()
    listed = browse(as_web, "kent.manager", where).content.decode()
    assert "Released to" in listed and "Their own inquiry." in listed


def test_the_page_is_there_for_the_owners_people_alone(builders: Any, people: Any, as_web: Any) -> None:
    builders.enrolled("kent.auditor", roles=[Role.AUDITOR])
    released(builders, people)
    where = f"/records/{record().id}/release"
    assert [browse(as_web, who, where).status_code for who in ("essex.analyst", "centre.analyst", "kent.auditor")] == [
        404,
        404,
        404,
    ]
    shared = browse(as_web, "kent.asker", f"/records/{record('kent/P').id}/release").content.decode()
    assert "Everybody with a policing role sees this record already" in shared and "Ask for approval" not in shared


def test_each_receiver_reads_its_own_conditions(builders: Any, people: Any, as_web: Any) -> None:
    released(builders, people)
    released(builders, people, to="surrey")
    shown = browse(as_web, "surrey.analyst", f"/records/{record().id}").content.decode()
    assert "Released to Surrey Police" in shown and "Released to Essex Police" not in shown


def known(builders: Any) -> Seeing:
    """Who can see the record, and why."""
    with builders.administrator() as viewpoint:
        return seeing(record(), viewpoint)


def test_who_can_see_it_names_the_release(builders: Any, people: Any, as_web: Any) -> None:
    assert known(builders).released_to == ()
    released(builders, people)
    found = known(builders)
    assert (found.released_to, found.named_by_sender) == (("Essex Police",), False)
    shown = browse(as_web, "kent.asker", f"/audit/records/{record().id}/seen-by").content.decode()
    assert "Released to Essex Police" in shown


def test_it_is_taken_back_on_the_page_by_an_information_manager(builders: Any, people: Any, as_web: Any) -> None:
    made = released(builders, people)
    its_page, where = f"/records/{record().id}", f"/records/{record().id}/release"
    said = {"do": "take back", "release": str(made.id), "reason": "The inquiry is over."}
    assert "Take the release back" not in browse(as_web, "kent.asker", where).content.decode()
    assert browse(as_web, "kent.asker", where, said).status_code == 422
    assert "Take back from Essex Police" in browse(as_web, "kent.manager", where).content.decode()
    assert browse(as_web, "kent.manager", where, said | {"reason": ""}).status_code == 422
    assert browse(as_web, "essex.analyst", its_page).status_code == 200
    assert browse(as_web, "kent.manager", where, said).status_code == 302
    assert browse(as_web, "essex.analyst", its_page).status_code == 404
    assert "The inquiry is over." in browse(as_web, "kent.asker", where).content.decode()
    assert "Released to" not in browse(as_web, "kent.asker", its_page).content.decode()
    again = browse(as_web, "kent.manager", where, said)
    assert (again.status_code, "taken back already" in again.content.decode()) == (422, True)
    assert known(builders).released_to == ()
