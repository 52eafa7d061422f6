"""The three compilations of the policy agree for any person and record: labels and audience, query filter, row security."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from crossline.access.audit import Process
from crossline.access.partners import add_partner
from crossline.access.policy import Circumstances, audience_for, labels_for
from crossline.access.roles import PARTNER_ROLES, Role, roles_of
from crossline.access.viewer import Viewer
from crossline.records.intake.parsed import ParsedMention, ParsedRecord
from crossline.records.intake.store import AudienceDesk, Keeping, store
from crossline.records.models import Mention, Record
from crossline.vocabulary.agencies import PartnerKind, agencies
from crossline.vocabulary.codes import Classification, Handling, MentionKind, RecordKind

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]

NOW = datetime(2026, 3, 2, tzinfo=UTC)
FEW_AGENCIES = st.sampled_from(["kent", "essex", "surrey", "metropolitan", "nclcc", "nca"])
ROLES = st.sampled_from(sorted(roles_of("kent")))
PARTNER = "partner-quillhaven-academy"
OF_PARTNERS = st.tuples(st.just(PARTNER), st.sets(st.sampled_from(sorted(PARTNER_ROLES)), max_size=2))
PEOPLE = st.lists(st.tuples(FEW_AGENCIES, st.sets(ROLES, max_size=3)) | OF_PARTNERS, min_size=1, max_size=5)
EXPLICIT = st.none() | st.lists(FEW_AGENCIES | ROLES.map(str), max_size=3).map(tuple)
RECORDS = st.lists(
    st.builds(
        Circumstances,
        kind=st.sampled_from(RecordKind),
        owner=FEW_AGENCIES,
        handling=st.sampled_from(Handling),
        explicit=EXPLICIT,
        home=st.none() | FEW_AGENCIES | st.sampled_from(["nowhere", PARTNER]),
        found=st.none() | FEW_AGENCIES | st.just(PARTNER),
    ),
    min_size=1,
    max_size=12,
)


@pytest.fixture(autouse=True)
def academy() -> None:
    """The partner organisation that some of the people are of."""
    add_partner(
        name="Quillhaven Academy", short_name="Academy", kind=PartnerKind.EDUCATION, region="", by=Process("tests")
    )


def stored(circumstances: Circumstances, desk: AudienceDesk) -> UUID:
    """A record in these circumstances, stored by the door that every record comes through."""
    record = ParsedRecord(
        source="reports",
        ref=uuid4().hex,
        kind=circumstances.kind,
        made_at=NOW,
        handling=circumstances.handling,
        classification=Classification.OFFICIAL,
        mentions=(ParsedMention("p", MentionKind.PERSON, "Jaden", forename="Jaden"),),
        explicit_audience=circumstances.explicit,
        home=circumstances.home,
        found=circumstances.found,
    )
    audience = desk.audience(record, circumstances.owner)
    return store([(record, 1, audience)], Keeping(circumstances.owner, None, NOW))[0]


def by_labels(person: tuple[str, set[Role]], records: dict[UUID, Circumstances]) -> set[UUID]:
    """Which records a person sees, by the rules alone."""
    labels = labels_for(agency=person[0], roles=person[1])
    return {key for key, said in records.items() if labels & audience_for(said, agencies=agencies())}


def by_filter(viewer: Viewer, builders: Any) -> set[UUID]:
    """By the query filter, without row security: the engine role with the person's audiences."""
    with builders.seen_by(viewer) as viewpoint:
        pass
    return set(viewpoint.visible(Record.objects.all()).values_list("id", flat=True))


def by_clause(viewer: Viewer, builders: Any) -> set[UUID]:
    """By the same filter as SQL."""
    with builders.seen_by(viewer) as viewpoint:
        pass
    clause, parameters = viewpoint.clause("audience_id")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT record_id FROM records_mention WHERE {clause}", parameters)
        return {row[0] for row in cursor.fetchall()}


def by_row_security(viewer: Viewer, builders: Any) -> set[UUID]:
    """By row security, without any filter: the web role on the person's behalf."""
    with builders.seen_by(viewer):
        seen = set(Record.objects.values_list("id", flat=True))
        assert seen == set(Mention.objects.values_list("record_id", flat=True))
    return seen


@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(people=PEOPLE, circumstances=RECORDS)
def test_the_three_agree_on_who_sees_what(
    people: list[tuple[str, set[Role]]], circumstances: list[Circumstances], builders: Any
) -> None:
    with transaction.atomic():
        desk = AudienceDesk()
        records = {stored(said, desk): said for said in circumstances}
        for number, person in enumerate(people):
            viewer = builders.enrolled(f"person{number}", agency=person[0], roles=person[1])
            expected = by_labels(person, records)
            note(f"{person} sees {len(expected)} of {len(records)}")
            assert by_filter(viewer, builders) == expected
            assert by_clause(viewer, builders) == expected
            assert by_row_security(viewer, builders) == expected
        transaction.set_rollback(True)


@settings(max_examples=20, suppress_health_check=list(HealthCheck))
@given(before=PEOPLE, after=PEOPLE, circumstances=RECORDS)
def test_they_agree_after_people_move_and_are_enrolled_again(
    before: list[tuple[str, set[Role]]],
    after: list[tuple[str, set[Role]]],
    circumstances: list[Circumstances],
    builders: Any,
) -> None:
    """Whatever somebody held before, enrolling anew leaves what follows from agency and roles and nothing besides."""
    with transaction.atomic():
        desk = AudienceDesk()
        records = {stored(said, desk): said for said in circumstances}
        for agency, roles in (*before, *after):
            viewer = builders.enrolled("mover", agency=agency, roles=roles)
        assert by_row_security(viewer, builders) == by_labels(after[-1], records)
        transaction.set_rollback(True)
