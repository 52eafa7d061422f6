"""Which local authorities a partner organisation covers: the centre says it, of those that answer for people and no other."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from crossline.access.audit import Process
from crossline.access.models import Agency, AuditEvent
from crossline.access.partners import add_partner, cover_authorities, organisations_for
from crossline.access.people_actions import end_access
from crossline.access.roles import Role
from crossline.access.viewer import Viewer, reading
from crossline.errors import NotPermitted, UserError
from crossline.vocabulary.agencies import PartnerKind

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]
BY = Process("tests")
LIST = "/partner-organisations"
KENT, MEDWAY = "E10000016", "E06000035"


def added(name: str, kind: PartnerKind = PartnerKind.CHILDRENS_SERVICES) -> Agency:
    return add_partner(name=name, short_name=name[11:21], kind=kind, region="", by=BY)


@pytest.fixture
def council() -> Agency:
    return added("Quillhaven Council’s children")


@pytest.fixture
def centre(builders: Any) -> Viewer:
    return builders.enrolled("centre.administrator", agency="nclcc", roles=[Role.ADMINISTRATOR])


def test_the_centre_says_it_on_the_page_by_name_or_code(council: Agency, centre: Viewer, ask_as: Any) -> None:
    answer = ask_as(centre, LIST, organisation=council.id, authorities=f" medway \n\n{KENT}")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{LIST}?covers={council.id}")
    council.refresh_from_db()
    assert council.authorities == [MEDWAY, KENT]
    page = ask_as(centre, answer.headers["Location"]).content.decode()
    assert "Medway, Kent" in page and "is written down" in page
    row = AuditEvent.objects.get(event="partner_covers")
    assert (row.actor, row.detail["before"], row.detail["authorities"]) == (
        "centre.administrator",
        [],
        [MEDWAY, KENT],
    )
    assert ask_as(centre, LIST, organisation=council.id, authorities="").status_code == 302
    council.refresh_from_db()
    assert council.authorities == []


def test_what_is_not_right_is_refused_in_a_sentence(council: Agency, centre: Viewer, ask_as: Any) -> None:
    for said, sentence in (("Atlantis", "is no upper-tier local authority"), ("E07000105", "is no upper-tier")):
        answer = ask_as(centre, LIST, organisation=council.id, authorities=said)
        assert answer.status_code == 422 and sentence in answer.content.decode()
    academy = added("Quillhaven Academy", PartnerKind.EDUCATION)
    with pytest.raises(UserError, match="covers no local authority"):
        cover_authorities(organisation=academy.id, named=["Kent"], by=BY)
    for unknown in ("kent", "partner-nobody"):
        with pytest.raises(UserError, match="no such partner organisation"):
            cover_authorities(organisation=unknown, named=["Kent"], by=BY)


def test_nobody_but_the_centre_says_it_and_the_database_asks_again(
    council: Agency, builders: Any, ask_as: Any, as_web: Any
) -> None:
    own = builders.enrolled("kent.administrator", agency="kent", roles=[Role.ADMINISTRATOR])
    assert ask_as(own, LIST, organisation=council.id, authorities="Kent").status_code == 404
    with pytest.raises(NotPermitted, match="administrator of the centre"):
        cover_authorities(organisation=council.id, named=["Kent"], by=own)
    with (
        as_web(),
        reading(own),
        pytest.raises(DatabaseError, match="no administrator"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT crossline_cover_authorities(%s, %s)", [council.id, [KENT]])
    with pytest.raises(DatabaseError, match="partners_alone_cover_authorities"), transaction.atomic():
        Agency.objects.filter(id="kent").update(authorities=[KENT])


def test_an_authority_has_somebody_here_where_somebody_may_sign_in(council: Agency, builders: Any) -> None:
    cover_authorities(organisation=council.id, named=["Kent"], by=BY)
    children, adults = PartnerKind.CHILDRENS_SERVICES, PartnerKind.ADULT_SOCIAL_CARE
    assert organisations_for(KENT, children) == []
    builders.enrolled("council.head", agency=council.id, roles=[Role.ADMINISTRATOR])
    assert organisations_for(KENT, children) == []  # who enrols people reads nothing
    builders.enrolled("council.lead", agency=council.id, roles=[Role.PARTNER])
    assert organisations_for(KENT, children) == [council.id]
    assert organisations_for(KENT, adults) == organisations_for(MEDWAY, children) == []
    end_access(username="council.lead", reason="left", by=BY)
    assert organisations_for(KENT, children) == []
