"""Who opens a compartment, who comes to belong to it and how that ends: by the actions, and by the database alone."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from crossline.access.actions import intern_audience
from crossline.access.audit import Process
from crossline.access.compartments.actions import admit, confirm_admission, end_admission, open_compartment
from crossline.access.compartments.belonging import Belonging, compartments, keeps, kept_by, members
from crossline.access.compartments.models import (
    Compartment,
    CompartmentAdmission,
    CompartmentConfirmation,
    CompartmentEnd,
    CompartmentKind,
)
from crossline.access.models import AuditEvent, Membership
from crossline.access.people_actions import change_roles, end_access, enrol, restore_access
from crossline.access.roles import Role
from crossline.access.viewer import Viewer
from crossline.errors import MoveNotAllowed, NotPermitted, UserError

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]
MANAGER = (Role.INFORMATION_MANAGER,)
BY = Process("tests")


@pytest.fixture
def people(builders: Any) -> dict[str, Viewer]:
    return {
        "first": builders.enrolled("kent.first", roles=MANAGER),
        "second": builders.enrolled("kent.second", roles=MANAGER),
        "analyst": builders.enrolled("kent.analyst"),
        "other": builders.enrolled("essex.analyst", agency="essex"),
        "essex manager": builders.enrolled("essex.manager", agency="essex", roles=MANAGER),
        "auditor": builders.enrolled("kent.auditor", roles=(Role.AUDITOR,)),
        "centre": builders.enrolled("centre.analyst", agency="nclcc", roles=(Role.COORDINATOR, Role.ANALYST)),
    }


@pytest.fixture
def opened(builders: Any, people: dict[str, Viewer]) -> UUID:
    with builders.seen_by(people["first"]) as viewpoint:
        made = open_compartment(
            kind=CompartmentKind.OPERATION, name="Operation Quoin", reason="Covert.", viewpoint=viewpoint
        )
    return made.id


def admitted(builders: Any, people: Any, which: UUID, who: str, *, by: str = "first", keeper: bool = False) -> UUID:
    with builders.seen_by(people[by]) as viewpoint:
        said = {"username": people[who].username, "keeper": keeper, "reason": "On the case."}
        return admit(compartment=which, viewpoint=viewpoint, **said).id


def confirmed(builders: Any, people: Any, admission: UUID, by: str = "second") -> None:
    with builders.seen_by(people[by]) as viewpoint:
        confirm_admission(admission=admission, viewpoint=viewpoint)


def ended(builders: Any, people: Any, admission: UUID, by: str = "first") -> None:
    with builders.seen_by(people[by]) as viewpoint:
        end_admission(admission=admission, reason="Off the case.", viewpoint=viewpoint)


def told_of(builders: Any, viewer: Viewer) -> tuple[list[str], int]:
    """The names of compartments that somebody is told, through the filter and by the database alone."""
    with builders.seen_by(viewer) as viewpoint:
        rows = [Compartment, CompartmentAdmission, CompartmentConfirmation, CompartmentEnd]
        return [each.name for each in compartments(viewpoint)], sum(model.objects.count() for model in rows)


def test_whoever_opens_one_is_its_keeper_and_nobody_else_is_told_of_it(
    builders: Any, people: Any, opened: UUID
) -> None:
    assert told_of(builders, people["first"]) == (["Operation Quoin"], 2)
    for other in ("second", "analyst", "other", "auditor", "centre", "essex manager"):
        assert told_of(builders, people[other]) == ([], 0), other
    with builders.seen_by(people["first"]) as viewpoint:
        assert [each.id for each in kept_by(viewpoint)] == [opened]
    event = AuditEvent.objects.get(event="compartment_opened")
    assert (event.subject, event.actor) == (str(opened), "kent.first")
    assert "Quoin" not in str(event.detail), "an agency’s auditors read what its people did"


def test_somebody_of_the_owners_belongs_at_once_and_of_another_agency_once_two_say_so(
    builders: Any, people: Any, opened: UUID
) -> None:
    admitted(builders, people, opened, "second", keeper=True)
    admitted(builders, people, opened, "analyst")
    of_essex = admitted(builders, people, opened, "other")
    assert told_of(builders, people["analyst"])[0] == ["Operation Quoin"]
    assert told_of(builders, people["other"]) == ([], 0)
    with pytest.raises(NotPermitted, match="yourself"):
        confirmed(builders, people, of_essex, by="first")
    with pytest.raises(NotPermitted, match="Only a keeper"):
        confirmed(builders, people, of_essex, by="analyst")
    confirmed(builders, people, of_essex)
    assert told_of(builders, people["other"])[0] == ["Operation Quoin"]
    assert told_of(builders, people["essex manager"]) == ([], 0), "a person belongs, not their agency"
    with pytest.raises(MoveNotAllowed):
        confirmed(builders, people, of_essex)
    with builders.seen_by(people["first"]) as viewpoint:
        found = members(Compartment.objects.get(id=opened), viewpoint)
    assert [(each.admission.person.username, each.belonging, each.keeps) for each in found] == [
        ("kent.first", Belonging.BELONGS, True),
        ("kent.second", Belonging.BELONGS, True),
        ("kent.analyst", Belonging.BELONGS, False),
        ("essex.analyst", Belonging.BELONGS, False),
    ]


def test_it_ends_by_a_keeper_or_oneself_and_the_last_keeper_stays(builders: Any, people: Any, opened: UUID) -> None:
    own = CompartmentAdmission.objects.get().id
    with pytest.raises(MoveNotAllowed, match="without a keeper"):
        ended(builders, people, own)
    analyst = admitted(builders, people, opened, "analyst")
    second = admitted(builders, people, opened, "second", keeper=True)
    with pytest.raises(NotPermitted, match="Only a keeper"):
        ended(builders, people, second, by="analyst")
    with pytest.raises(NotPermitted, match="do not belong"):
        ended(builders, people, second, by="centre")
    ended(builders, people, analyst, by="analyst")
    with pytest.raises(MoveNotAllowed, match="any more"):
        ended(builders, people, analyst)
    assert told_of(builders, people["analyst"]) == ([], 0)
    ended(builders, people, own, by="second")
    assert told_of(builders, people["first"]) == ([], 0)
    with pytest.raises(NotPermitted, match="does not exist"):
        admitted(builders, people, opened, "analyst", by="first")
    admitted(builders, people, opened, "analyst", by="second")
    assert told_of(builders, people["analyst"])[0] == ["Operation Quoin"], "and somebody comes back by being admitted"


@pytest.mark.parametrize(
    ("by", "who", "keeper", "sentence"),
    [
        ("first", "nobody", False, "There is nobody called"),
        ("first", "auditor", False, "with a policing role"),
        ("first", "analyst", True, "Only an information manager"),
        ("first", "essex manager", True, "Only an information manager of the agency"),
        ("first", "first", False, "belongs to the compartment already"),
        ("second", "analyst", False, "does not exist, or you do not belong"),
    ],
)
def test_what_is_not_allowed_is_refused_in_a_sentence(
    builders: Any, people: Any, opened: UUID, by: str, who: str, keeper: bool, sentence: str
) -> None:
    username = people[who].username if who in people else who
    with pytest.raises(UserError, match=sentence), builders.seen_by(people[by]) as viewpoint:
        admit(compartment=opened, username=username, keeper=keeper, reason="On the case.", viewpoint=viewpoint)


def test_an_information_manager_opens_it_with_a_name_and_a_reason(builders: Any, people: Any) -> None:
    said = {"kind": CompartmentKind.SOURCE_VAULT, "name": "Vault", "reason": "Sources."}
    with pytest.raises(NotPermitted), builders.seen_by(people["analyst"]) as viewpoint:
        open_compartment(viewpoint=viewpoint, **said)
    for missing in ("name", "reason"):
        with (
            pytest.raises(UserError, match=f"Give the .*{missing}|name"),
            builders.seen_by(people["first"]) as viewpoint,
        ):
            open_compartment(viewpoint=viewpoint, **said | {missing: "  "})


def test_other_roles_leave_belonging_as_it_is_and_no_longer_policing_ends_it(
    builders: Any, people: Any, opened: UUID
) -> None:
    admitted(builders, people, opened, "second", keeper=True)
    change_roles(username="kent.second", roles=(Role.ANALYST,), by=BY)
    assert told_of(builders, people["second"])[0] == ["Operation Quoin"]
    with builders.seen_by(people["second"]) as viewpoint:
        assert not keeps(Compartment.objects.get(id=opened), viewpoint), (
            "who no longer answers for records keeps nothing"
        )
    change_roles(username="kent.second", roles=(Role.ADMINISTRATOR,), by=BY)
    assert told_of(builders, people["second"]) == ([], 0)
    assert CompartmentEnd.objects.get().ended_by == "process:access"


def test_whose_access_ends_or_agency_changes_leaves_and_does_not_come_back_with_it(
    builders: Any, people: Any, opened: UUID
) -> None:
    admitted(builders, people, opened, "analyst")
    end_access(username="kent.analyst", reason="Has left.", by=BY)
    restore_access(username="kent.analyst", reason="Is back.", by=BY)
    assert told_of(builders, people["analyst"]) == ([], 0)
    admitted(builders, people, opened, "analyst")
    said = {"username": "kent.analyst", "name": "Moved", "roles": (Role.ANALYST,), "password": builders.PASSWORD}
    enrol(agency="kent", by=BY, **said)
    assert told_of(builders, people["analyst"])[0] == ["Operation Quoin"], "enrolled again as they were"
    enrol(agency="essex", by=BY, **said)
    assert told_of(builders, people["analyst"]) == ([], 0)
    held = Membership.objects.filter(person__username="kent.analyst").values_list("label__key", flat=True)
    assert set(held) == {"police", "agency:essex", "role:analyst"}


_OPEN = "INSERT INTO access_compartment (id, owner_id, kind, name, reason, opened_by, opened_at) VALUES "
FORGED = {
    "a compartment for another agency": _OPEN + "(gen_random_uuid(), 'essex', 'operation', 'X', 'x', %(me)s, now())",
    "a compartment in somebody else's name": _OPEN
    + "(gen_random_uuid(), 'kent', 'operation', 'X', 'x', 'kent.second', now())",
    "oneself, to one that is there": "INSERT INTO access_compartmentadmission (id, compartment_id, person_id, keeper, reason, "
    "admitted_by, admitted_agency, admitted_at, audience_id) SELECT gen_random_uuid(), %(compartment)s, id, true, 'x', "
    "%(me)s, 'kent', now(), %(audience)s FROM access_person WHERE username = %(me)s",
    "a membership": "INSERT INTO access_membership (person_id, label_id) SELECT p.id, 1 FROM access_person p "
    "WHERE p.username = %(me)s",
}


@pytest.mark.parametrize("what", sorted(FORGED))
def test_the_database_lets_nobody_write_themselves_in(builders: Any, people: Any, opened: UUID, what: str) -> None:
    """Whatever the application asks for: as an information manager of the same agency who was not admitted."""
    audience = Compartment.objects.get().audience_id
    admit_second = what.startswith("a compartment")
    who = people["first" if admit_second else "second"]
    with pytest.raises(DatabaseError) as refused, builders.seen_by(who), connection.cursor() as cursor:
        cursor.execute(FORGED[what], {"me": who.username, "compartment": opened, "audience": audience})
    assert isinstance(refused.value.__cause__, psycopg.errors.InsufficientPrivilege)


WRONG = {
    "admitted in another's name": {"admitted_by": "kent.second"},
    "of another agency": {"admitted_agency": "essex"},
    "an audience that is not the compartment's": {"audience": "police"},
    "long ago": {"admitted_at": "2020-01-01"},
    "a keeper of another agency": {"person": "other", "keeper": True},
    "a keeper who answers for no records": {"person": "analyst", "keeper": True},
    "without a policing role": {"person": "auditor"},
    "to a compartment that is not there": {"compartment": str(uuid4())},
}


@pytest.mark.parametrize("what", [None, *sorted(WRONG)])
def test_an_admission_has_to_be_right_in_every_part(builders: Any, people: Any, opened: UUID, what: str | None) -> None:
    said = {
        "compartment": str(opened),
        "person": "analyst",
        "keeper": False,
        "admitted_by": "kent.first",
        "admitted_agency": "kent",
        "admitted_at": "now",
        "audience": "",
    } | WRONG.get(what or "", {})
    query = (
        "INSERT INTO access_compartmentadmission (id, compartment_id, person_id, keeper, reason, admitted_by, admitted_agency, "
        "admitted_at, audience_id) SELECT gen_random_uuid(), %(compartment)s, %(who)s, %(keeper)s, 'x', %(admitted_by)s, "
        "%(admitted_agency)s, %(admitted_at)s::timestamptz, "
        "coalesce((SELECT id FROM access_audience WHERE fingerprint = %(audience)s), %(own)s)"
    )
    intern_audience({"police"})
    given = said | {"who": people[said["person"]].person_id, "own": Compartment.objects.get().audience_id}

    def add() -> None:
        with builders.seen_by(people["first"]), connection.cursor() as cursor:
            cursor.execute(query, given)

    if what is None:
        add()
        assert told_of(builders, people["analyst"])[0] == ["Operation Quoin"]
        return
    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        add()
    assert isinstance(
        refused.value.__cause__, psycopg.errors.InsufficientPrivilege | psycopg.errors.ForeignKeyViolation
    )


def test_a_compartment_that_is_not_there_admits_nobody(builders: Any, people: dict[str, Viewer]) -> None:
    with pytest.raises(NotPermitted, match="does not exist, or you do not belong"):
        admitted(builders, people, uuid4(), "analyst")
