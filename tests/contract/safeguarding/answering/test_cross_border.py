"""Scenario 9: a child missing from one force is found in another; all who answer are told in one round, each what they may."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from crossline.access.models import AuditEvent
from crossline.access.partners import add_partner
from crossline.access.people_actions import end_access
from crossline.access.roles import Role
from crossline.access.viewer import reading
from crossline.entities.matching import match_people
from crossline.errors import UserError
from crossline.records.models import Mention, Record
from crossline.safeguarding.answering.acts import note_on_case
from crossline.safeguarding.answering.models import PartnerNotice, Told
from crossline.safeguarding.raising import raise_due
from crossline.vocabulary.agencies import PartnerKind

from ..conftest import MEDWAY, SOUTHEND, TESTS

pytestmark = pytest.mark.django_db


def told() -> dict[str, tuple[str, str | None, str]]:
    rows = Told.objects.filter(reason__reason="child_found_out_of_area")
    return {row.capacity: (row.who, row.agency_id, row.how) for row in rows}


def test_home_force_home_authority_and_host_authority_are_told_in_the_round_that_raises_it(
    desk: Callable[[], Any], council: str
) -> None:
    found = desk()
    assert told() == {
        "home_force": ("essex", "essex", "page"),
        "home_authority": (SOUTHEND, council, "page"),
        "host_force": ("kent", "kent", "page"),
        "host_authority": (MEDWAY, None, "telephone"),
    }
    (first,) = found.steps
    assert (first.state, first.owner_id, first.person) == ("raised", "essex", "")
    page = found.browse(found.essex, f"/concerns/{found.child}").content.decode()
    assert "The safeguarding desk of Essex Police" in page and "To take it on by" in page
    assert "Medway (E06000035)" in page and "By telephone: not yet done" in page
    assert "no organisation of it is here" in page
    counted = AuditEvent.objects.get(event="concerns_answered").detail
    assert (counted["opened"], counted["told"]) == (1, 4)


def test_the_council_reads_a_reference_and_whom_to_ring_and_nothing_of_the_child(desk: Callable[[], Any]) -> None:
    found = desk()
    page = found.browse(found.council, "/partner/told").content.decode()
    ref = PartnerNotice.objects.get().ref
    assert ref in page and "A child needs help" in page and "The safeguarding desk of Essex Police" in page
    for word in ("Wren", "Abara", "KENT/1", "Chatham", "Marine Parade", "Kent Police", str(found.child)):
        assert word not in page
    for address in (f"/concerns/{found.child}", "/concerns", f"/records/{found.case.about.record_id}"):
        assert found.browse(found.council, address).status_code == 404
    with found.as_web(), reading(found.council) as viewpoint:
        assert viewpoint.visible(PartnerNotice.objects.all()).count() == 1
        for model in (Told, Mention, Record):
            assert model.objects.count() == 0
    assert ref in found.browse(found.essex, f"/concerns/{found.child}").content.decode()


def test_a_council_of_another_area_reads_nothing(desk: Callable[[], Any], builders: Any) -> None:
    found = desk()
    said = {"name": "Ferngate Council", "short_name": "FC", "kind": PartnerKind.CHILDRENS_SERVICES, "region": ""}
    other = add_partner(**said, by=TESTS)
    stranger = builders.enrolled("ferngate.lead", agency=other.id, roles=[Role.PARTNER])
    assert "Nothing yet" in found.browse(stranger, "/partner/told").content.decode()


def test_an_organisation_without_anybody_in_it_has_to_be_rung(desk: Callable[[], Any], council: str) -> None:
    end_access(username="council.lead", reason="left", by=TESTS)
    desk()
    assert told()["home_authority"] == (SOUTHEND, None, "telephone")
    assert not PartnerNotice.objects.exists()


def test_whoever_rang_writes_it_down_and_nobody_has_to_ring_again(desk: Callable[[], Any]) -> None:
    found = desk()
    row = Told.objects.get(capacity="host_authority")
    answer = found.act(found.kent, "note", told=str(row.id), text="Rang the duty worker at 3pm.")
    assert answer.status_code == 302
    page = found.browse(found.essex, f"/concerns/{found.child}").content.decode()
    assert "not yet done" not in page and "Rang the duty worker at 3pm." in page
    assert AuditEvent.objects.filter(event="concern_noted", actor="kent.lead").exists()
    on_page = Told.objects.get(capacity="home_force")
    with (
        found.as_web(),
        reading(found.kent) as viewpoint,
        pytest.raises(UserError, match="who is to be told by telephone"),
    ):
        note_on_case(case=found.case.id, told=on_page.id, text="Rang.", viewpoint=viewpoint)


def test_the_finder_sees_it_and_a_force_that_has_no_part_in_it_sees_it_only_as_a_safeguarding_lead(
    desk: Callable[[], Any], builders: Any
) -> None:
    found = desk()
    address = f"/concerns/{found.child}"
    analyst = builders.enrolled("norfolk.analyst", agency="norfolk")
    lead = builders.enrolled("norfolk.lead", agency="norfolk", roles=[Role.SAFEGUARDING])
    assert found.browse(analyst, address).status_code == 404
    page = found.browse(lead, address).content.decode()
    assert "What you can do" not in page and "The safeguarding desk of Essex Police" in page
    assert found.browse(found.kent, address).status_code == 200


def test_the_next_episode_joins_the_case_and_everybody_is_told_of_it_anew(desk: Callable[[], Any]) -> None:
    found = desk()
    episode = {"occurred_from": "2026-03-05T18:00:00+00:00"}
    found.builders.sent(
        found.folder / "again",
        found.kept,
        ref="again",
        reports=[found.builders.missing_report("KENT/2", home="essex", found="kent", **found.house, **episode)],
    )
    match_people()
    raise_due()
    assert len(found.steps) == 1
    assert Told.objects.filter(case=found.case, capacity="home_force").count() == 2
