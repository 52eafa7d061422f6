"""Administering people on pages, as the web role: one's own agency, the centre all of them, nobody themselves; on the record."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from crossline import roster
from crossline.access.actions import end_access, enrol
from crossline.access.models import AuditEvent, Membership, Person
from crossline.access.people_actions import (
    By,
    appoint_administrator,
    change_own_password,
    change_roles,
    enrol_newcomer,
    reset_password_for,
    restore_access,
)
from crossline.access.roles import POLICING_ROLES, Role, roles_of
from crossline.access.viewer import Viewer
from crossline.errors import NotPermitted, UserError
from crossline.vocabulary.agencies import agencies

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]
PEOPLE = "/people-admin"


@pytest.fixture
def kent(builders: Any) -> Viewer:
    return builders.enrolled("kent.administrator", roles=[Role.ADMINISTRATOR])


@pytest.fixture
def centre(builders: Any) -> Viewer:
    return builders.enrolled("centre.administrator", agency="nclcc", roles=[Role.ADMINISTRATOR])


@pytest.fixture(autouse=True)
def others(builders: Any) -> None:
    builders.enrolled("kent.analyst")
    builders.enrolled("essex.analyst", agency="essex")


def given_on(page: str) -> str:
    found = re.search(r'id="temporary-password">([a-z2-9-]{23})<', page)
    assert found is not None, page
    return found[1]


def labels(username: str) -> set[str]:
    return set(Membership.objects.filter(person__username=username).values_list("label__key", flat=True))


def person(username: str) -> Person:
    return Person.objects.get(username=username)


def last(event: str) -> AuditEvent:
    return AuditEvent.objects.filter(event=event).latest("at")


def test_the_list_is_of_ones_own_agency_and_the_centres_of_every(kent: Viewer, centre: Viewer, ask_as: Any) -> None:
    mine, every = ask_as(kent, PEOPLE).content.decode(), ask_as(centre, PEOPLE).content.decode()
    assert "kent.analyst" in mine and "kent.administrator" in mine
    assert "essex.analyst" not in mine and "centre.administrator" not in mine
    assert all(name in every for name in ("kent.analyst", "essex.analyst", "centre.administrator"))


@pytest.mark.parametrize("role", sorted(roles_of("kent") - {Role.ADMINISTRATOR}))
def test_the_pages_are_administrators_alone(role: Role, builders: Any, ask_as: Any) -> None:
    viewer = builders.enrolled("kent.other", roles=[role])
    for address in (PEOPLE, f"{PEOPLE}/new", f"{PEOPLE}/kent.analyst"):
        assert ask_as(viewer, address).status_code == 404
        assert ask_as(viewer, address, do="end", reason="malice").status_code == 404
    assert person("kent.analyst").is_active
    assert f'href="{PEOPLE}"' not in ask_as(viewer, "/second-factor").content.decode()


def test_an_administrator_opens_no_page_of_intelligence_and_is_led_to_none(kent: Viewer, ask_as: Any) -> None:
    for address in ("/lines", "/records", "/search?q=Leo", "/concerns"):
        assert ask_as(kent, address).status_code == 404
    page = ask_as(kent, PEOPLE).content.decode()
    assert f'href="{PEOPLE}"' in page
    assert 'href="/lines"' not in page and 'role="search"' not in page


def test_enrolling_shows_a_temporary_password_once_and_gives_the_labels_of_the_roles(
    kent: Viewer, ask_as: Any, builders: Any
) -> None:
    sent = {"name": "Ada New", "username": "kent.ada", "agency": "kent", "roles": ["analyst", "safeguarding"]}
    page = ask_as(kent, f"{PEOPLE}/new", **sent).content.decode()
    password = given_on(page)
    made = person("kent.ada")
    assert made.check_password(password) and made.password_temporary and made.is_active
    assert labels("kent.ada") == {"role:analyst", "role:safeguarding", "police", "agency:kent", "safeguarding"}
    row = last("person_enrolled")
    assert (row.actor, row.subject, row.detail["roles"]) == (
        "kent.administrator",
        "kent.ada",
        ["analyst", "safeguarding"],
    )
    assert "temporary-password" not in ask_as(kent, f"{PEOPLE}/kent.ada").content.decode()
    assert builders.tables_holding(password) == []


@pytest.mark.parametrize(
    "change",
    [
        {"username": "kent.analyst"},
        {"username": "essex.analyst"},
        {"username": "new"},
        {"username": "administrator"},
        {"username": "Kent Ada"},
        {"username": ""},
        {"name": "  "},
        {"agency": "essex"},
        {"agency": "mars"},
        {"roles": []},
        {"roles": ["owner"]},
    ],
)
def test_what_cannot_be_enrolled_is_answered_on_the_form(change: dict[str, Any], kent: Viewer, ask_as: Any) -> None:
    sent = {"name": "Ada New", "username": "kent.ada", "agency": "kent", "roles": ["analyst"]} | change
    before = list(Person.objects.order_by("username").values_list("username", "password", "agency_id"))
    page = ask_as(kent, f"{PEOPLE}/new", **sent)
    assert page.status_code == 422
    assert "There is a problem" in page.content.decode()
    assert list(Person.objects.order_by("username").values_list("username", "password", "agency_id")) == before


def test_roles_are_changed_and_the_labels_with_them(kent: Viewer, ask_as: Any) -> None:
    answer = ask_as(kent, f"{PEOPLE}/kent.analyst", do="roles", roles=["auditor"])
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{PEOPLE}/kent.analyst?done=roles")
    assert labels("kent.analyst") == {"role:auditor"}
    assert last("person_changed").detail["before"] == ["analyst"]
    assert "The roles are changed" in ask_as(kent, answer.headers["Location"]).content.decode()
    assert ask_as(kent, f"{PEOPLE}/kent.analyst", do="roles", roles=[]).status_code == 422
    assert person("kent.analyst").roles == ["auditor"]


def test_access_is_ended_with_a_reason_and_given_again(kent: Viewer, ask_as: Any) -> None:
    address = f"{PEOPLE}/kent.analyst"
    assert ask_as(kent, address, do="end", reason=" ").status_code == 422
    assert person("kent.analyst").is_active
    assert ask_as(kent, address, do="end", reason="left the force").status_code == 302
    assert not person("kent.analyst").is_active and labels("kent.analyst") == set()
    assert not person("kent.analyst").has_usable_password(), "open sessions hang on the password"
    assert (last("access_ended").actor, last("access_ended").detail["reason"]) == (
        "kent.administrator",
        "left the force",
    )
    for refused in ({"do": "roles", "roles": ["analyst"]}, {"do": "reset"}):
        assert ask_as(kent, address, **refused).status_code == 422
    password = given_on(ask_as(kent, address, do="restore", reason="a mistake").content.decode())
    assert person("kent.analyst").check_password(password) and "police" in labels("kent.analyst")
    assert last("access_restored").detail["reason"] == "a mistake"
    assert ask_as(kent, address, do="restore", reason="again").status_code == 422


def test_sign_in_is_reset_to_a_temporary_password(kent: Viewer, ask_as: Any, builders: Any) -> None:
    password = given_on(ask_as(kent, f"{PEOPLE}/kent.analyst", do="reset").content.decode())
    assert person("kent.analyst").check_password(password)
    assert not person("kent.analyst").check_password(builders.PASSWORD)
    assert (last("sign_in_reset").actor, last("sign_in_reset").detail["lost_device"]) == ("kent.administrator", False)
    ask_as(kent, f"{PEOPLE}/kent.analyst", do="reset", lost_device="on")
    assert last("sign_in_reset").detail["lost_device"] is True


CHANGES = [
    {"do": "roles", "roles": ["auditor"]},
    {"do": "end", "reason": "malice"},
    {"do": "reset"},
    {"do": "restore", "reason": "malice"},
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change["do"])
def test_another_agencys_person_is_answered_like_nobody(change: dict[str, Any], kent: Viewer, ask_as: Any) -> None:
    before = Person.objects.filter(username="essex.analyst").values().get()
    hidden = ask_as(kent, f"{PEOPLE}/essex.analyst", **change)
    missing = ask_as(kent, f"{PEOPLE}/essex.nobody", **change)
    assert hidden.status_code == missing.status_code == 404
    assert hidden.content == missing.content
    assert ask_as(kent, f"{PEOPLE}/essex.analyst").status_code == 404
    assert Person.objects.filter(username="essex.analyst").values().get() == before


@pytest.mark.parametrize("change", CHANGES[:3], ids=lambda change: change["do"])
def test_nobody_changes_their_own_access(change: dict[str, Any], kent: Viewer, centre: Viewer, ask_as: Any) -> None:
    for viewer in (kent, centre):
        before = Person.objects.filter(pk=viewer.person_id).values("roles", "is_active", "password").get()
        page = ask_as(viewer, f"{PEOPLE}/{viewer.username}", **change)
        assert page.status_code == 422
        assert "ask another administrator" in page.content.decode()
        assert Person.objects.filter(pk=viewer.person_id).values("roles", "is_active", "password").get() == before


def test_the_centres_administrator_acts_on_every_agency(centre: Viewer, ask_as: Any) -> None:
    assert ask_as(centre, f"{PEOPLE}/essex.analyst", do="end", reason="left").status_code == 302
    assert not person("essex.analyst").is_active
    sent = {"name": "Bo", "username": "surrey.bo", "agency": "surrey", "roles": ["analyst"]}
    given_on(ask_as(centre, f"{PEOPLE}/new", **sent).content.decode())
    assert "agency:surrey" in labels("surrey.bo")


def test_the_actions_refuse_whoever_is_no_administrator_or_of_another_agency(builders: Any, kent: Viewer) -> None:
    analyst = builders.enrolled("essex.other", agency="essex")
    said: dict[str, Any] = {"name": "A", "agency": "essex", "roles": [Role.ANALYST]}

    def refused(by: By, act: Any, **words: Any) -> None:
        with builders.seen_by(by), pytest.raises(UserError):
            act(by=by, **words)

    for by in (kent, analyst):
        refused(by, enrol, username="essex.newcomer", password=builders.PASSWORD, **said)
        refused(by, enrol, username="essex.analyst", password=builders.PASSWORD, **said | {"agency": by.agency})
        refused(by, enrol_newcomer, username="essex.newcomer", **said)
        refused(by, end_access, username="essex.analyst", reason="malice")
        refused(by, restore_access, username="essex.analyst", reason="malice")
        refused(by, change_roles, username="essex.analyst", roles=[Role.AUDITOR])
        refused(by, reset_password_for, username="essex.analyst", lost_device=True)
    with builders.seen_by(kent), pytest.raises(NotPermitted, match="your own access"):
        enrol(
            username="kent.administrator",
            name="A",
            agency="kent",
            roles=[Role.ANALYST],
            password=builders.PASSWORD,
            by=kent,
        )
    assert set(Person.objects.values_list("username", flat=True)) == {
        *("kent.analyst", "essex.analyst", "essex.other", "kent.administrator")
    }


def test_an_administrator_is_appointed_where_no_other_can_help(builders: Any) -> None:
    by = builders.Process("tests")
    said = {"name": "Ada", "agency": "kent", "by": by}
    assert person_who("kent.first", appoint_administrator(username="kent.first", **said)) == ["administrator"]
    end_access(username="kent.analyst", reason="left", by=by)
    given = appoint_administrator(username="kent.analyst", **said)
    assert person_who("kent.analyst", given) == ["administrator", "analyst"]
    assert labels("kent.analyst") == {"role:administrator", "role:analyst", "police", "agency:kent"}
    with pytest.raises(UserError, match="is of essex, not of kent"):
        appoint_administrator(username="essex.analyst", **said)


def person_who(username: str, password: str) -> list[str]:
    """The roles of somebody who can sign in with that temporary password."""
    found = person(username)
    assert found.is_active and found.password_temporary and found.check_password(password)
    return list(found.roles)


def test_the_demonstrations_people_are_enrolled_once_and_those_printed_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    roster.enrol_people()
    centre = Person.objects.filter(agency="nclcc", is_active=True)
    assert (len(roster.PEOPLE), centre.filter(username__in=[each.username for each in roster.OTHERS]).count()) == (
        44,
        37,
    )
    assert all(each.seconded_from is None or each.seconded_from in agencies() for each in roster.PEOPLE)
    assert {*POLICING_ROLES, Role.AUDITOR, Role.ADMINISTRATOR} <= {
        role for each in roster.PEOPLE for role in each.roles
    }
    assert len({each.name for each in (*roster.PEOPLE, *roster.OF_PARTNERS)}) == 48
    assert {person(each.username).agency.name for each in roster.OF_PARTNERS} == {
        name for name, _, _ in roster.PARTNERS
    }
    assert person(roster.ADMINISTRATOR.username).check_password(roster.DEMO_PASSWORD)
    again: list[str] = []
    monkeypatch.setattr(roster, "enrol", lambda **said: again.append(said["username"]))
    roster.enrol_people()
    assert again == [each.username for each in (*roster.PRINTED, roster.OF_PARTNERS[0])]


def below_the_application(builders: Any, viewer: Viewer | None, username: str, **said: Any) -> bool:
    """Whether the database itself lets the web role write a person on behalf of a viewer."""
    row = {"agency": "kent", "roles": ["analyst"], "labels": ["role:analyst", "police", "agency:kent"]} | said
    try:
        with transaction.atomic(), builders.role("crossline_web"), connection.cursor() as cursor:
            who = str(viewer.person_id) if viewer else ""
            cursor.execute("SELECT set_config('crossline.viewer', %s, true)", [who])
            cursor.execute(
                "SELECT crossline_administer_person(%s, 'A', %s, %s::text[], %s::text[], true, 'x', false)",
                [username, row["agency"], row["roles"], row["labels"]],
            )
            transaction.set_rollback(True)
    except DatabaseError as error:
        assert "administer this person" in str(error) or "does not go with" in str(error)
        return False
    return True


def test_the_database_asks_again_who_administers_whom(builders: Any, kent: Viewer, centre: Viewer) -> None:
    analyst = builders.enrolled("kent.colleague")
    ended = builders.enrolled("kent.former", roles=[Role.ADMINISTRATOR])
    end_access(username="kent.former", reason="left", by=builders.Process("tests"))
    essex = {"agency": "essex", "labels": ["role:analyst", "police", "agency:essex"]}

    assert below_the_application(builders, kent, "kent.analyst")
    assert below_the_application(builders, kent, "kent.newcomer")
    assert below_the_application(builders, centre, "essex.analyst", **essex)
    assert below_the_application(builders, centre, "kent.analyst", **essex)
    for viewer in (None, analyst, ended):
        assert not below_the_application(builders, viewer, "kent.analyst")
        assert not below_the_application(builders, viewer, "kent.newcomer")
    assert not below_the_application(builders, kent, "essex.analyst"), "taken over from another agency"
    assert not below_the_application(builders, kent, "kent.analyst", **essex), "given away to another agency"
    assert not below_the_application(builders, kent, "kent.administrator")
    for label in ("centre", "agency:essex", "role:coordinator", "operation:secret"):
        assert not below_the_application(builders, kent, "kent.analyst", labels=["police", label])


def test_the_web_role_writes_no_person_membership_or_label_by_itself(builders: Any, kent: Viewer) -> None:
    for statement in (
        "UPDATE access_person SET roles = '{administrator}'",
        "UPDATE access_person SET password = 'x'",
        "UPDATE access_person SET is_active = true",
        "INSERT INTO access_membership (person_id, label_id) SELECT p.id, 1 FROM access_person p",
        "DELETE FROM access_membership",
        "INSERT INTO access_label (key) VALUES ('x')",
        "SELECT crossline_write_person('a', 'A', 'kent', '{}', '{}', true, 'x', false)",
    ):
        with (
            pytest.raises(DatabaseError, match="permission denied"),
            builders.seen_by(kent),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_a_password_is_set_for_the_viewer_of_the_transaction_and_for_nobody_without_one(
    builders: Any, kent: Viewer
) -> None:
    before = dict(Person.objects.exclude(pk=kent.person_id).values_list("username", "password"))
    with builders.seen_by(kent):
        change_own_password(viewer=kent, password="three words of mine")
    assert person("kent.administrator").check_password("three words of mine")
    assert dict(Person.objects.exclude(pk=kent.person_id).values_list("username", "password")) == before
    with pytest.raises(DatabaseError, match="no viewer"), transaction.atomic(), builders.role("crossline_web"):
        change_own_password(viewer=kent, password="another of mine, long")
