"""The page of a subject access pack: closed to everybody but an information manager; what is posted comes back as one ZIP."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from crossline.access.models import AuditEvent, Person
from crossline.access.roles import Role
from crossline.access.viewer import Viewer
from crossline.records.models import Mention

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]
HOST = {"host": "localhost"}


@pytest.fixture
def signed_in(manager: Viewer, as_web: Any) -> Client:
    return signed_in_as(manager.username, as_web)


@pytest.fixture
def analyst(store: None, builders: Any, as_web: Any) -> Client:
    builders.enrolled("kent.analyst", roles=[Role.ANALYST])
    return signed_in_as("kent.analyst", as_web)


def signed_in_as(username: str, as_web: Any) -> Client:
    client = Client()
    person = Person.objects.get(username=username)
    with as_web():
        client.force_login(person)
    return client


def address(person: UUID) -> str:
    return f"/people/{person}/access-pack"


def fields_of(page: str) -> dict[str, str]:
    """What a browser would send of the page's selects, from its own HTML."""
    found = {}
    for name, inner in re.findall(r'<select[^>]*name="(record-[^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'<option value="([^"]+)" selected', inner)
        assert chosen is not None, name
        found[name] = chosen[1]
    return found


def test_it_shows_each_record_with_a_proposal_and_gives_the_pack(signed_in: Client, person: UUID, as_web: Any) -> None:
    with as_web():
        page = signed_in.get(address(person), headers=HOST)
        text = page.content.decode()
        assert page.status_code == 200
        assert "Victim first" in text and "may be the one who exploits them" in text
        assert text.index("KENT/victim") < text.index("KENT/newest")
        assert "ESSEX/hidden" not in text
        fields = fields_of(text)
        assert len(fields) == 5
        said = fields | {"ref": "SAR-1", "received": "2026-03-27", "identity_checked": "on"}
        pack = signed_in.post(address(person), said, headers=HOST)
    assert pack.status_code == 200
    assert pack.headers["Content-Disposition"] == 'attachment; filename="subject-access-pack.zip"'
    with zipfile.ZipFile(io.BytesIO(pack.content)) as archive:
        assert len(archive.namelist()) == 6
    events = list(AuditEvent.objects.order_by("at").values_list("event", flat=True))
    assert events[-2:] == ["subject_access_given", "page_viewed"]


def test_what_is_missing_is_said_and_nothing_is_given(signed_in: Client, person: UUID, as_web: Any) -> None:
    with as_web():
        fields = fields_of(signed_in.get(address(person), headers=HOST).content.decode())
        answer = signed_in.post(address(person), fields | {"ref": "SAR-1", "received": "2026-03-27"}, headers=HOST)
    assert answer.status_code == 422
    assert "Confirm: it is known who asks" in answer.content.decode()
    assert not AuditEvent.objects.filter(event="subject_access_given").exists()


def test_a_form_that_lacks_a_record_is_refused(signed_in: Client, person: UUID, as_web: Any) -> None:
    with as_web():
        fields = fields_of(signed_in.get(address(person), headers=HOST).content.decode())
        fields.pop(next(iter(fields)))
        said = fields | {"ref": "SAR-1", "received": "2026-03-27", "identity_checked": "on"}
        assert signed_in.post(address(person), said, headers=HOST).status_code == 422
    assert not AuditEvent.objects.filter(event="subject_access_given").exists()


def test_hidden_absent_and_not_ones_office_are_one_answer(
    signed_in: Client, analyst: Client, person: UUID, as_web: Any
) -> None:
    hidden = Mention.objects.get(record__ref="ESSEX/hidden").id
    with as_web():
        answers = [
            signed_in.get(address(hidden), headers=HOST),
            signed_in.post(address(uuid4()), headers=HOST),
            analyst.get(address(person), headers=HOST),
        ]
    assert {answer.status_code for answer in answers} == {404}


def test_the_way_to_it_is_shown_to_those_who_may_go(
    signed_in: Client, analyst: Client, person: UUID, as_web: Any
) -> None:
    with as_web():
        seen = [client.get(f"/people/{person}", headers=HOST).content.decode() for client in (signed_in, analyst)]
    assert ["access-pack" in text for text in seen] == [True, False]
