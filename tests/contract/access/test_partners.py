"""Partner organisations: the centre adds one, its people sign in, and nothing opens intelligence to them, whoever asks for it."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from crossline.access.actions import intern_audience
from crossline.access.approvals import Act, ask, decide
from crossline.access.audit import Process
from crossline.access.compartments.actions import admit, open_compartment
from crossline.access.compartments.models import CompartmentKind
from crossline.access.content_tables import NOT_CONTENT
from crossline.access.models import Agency, AuditEvent, Label, Membership, Person
from crossline.access.partners import add_partner, id_made_from
from crossline.access.people_actions import appoint_administrator, change_roles, enrol_newcomer
from crossline.access.policy import agency_label
from crossline.access.roles import PARTNER_ROLES, Role
from crossline.access.viewer import Viewer
from crossline.errors import DeliveryRefused, NotPermitted, UserError
from crossline.records.decoys.drawing import draw
from crossline.records.decoys.planting import plant
from crossline.records.models import Mention, Outcome, Record
from crossline.records.release_security import BETWEEN
from crossline.records.releasing import about, ask_to_release, choices
from crossline.vocabulary.agencies import PARTNER, PartnerKind, agencies

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]
BY = Process("tests")
ACADEMY, COUNCIL = "partner-quillhaven-academy", "partner-quillhaven-councils-children"
LIST = "/partner-organisations"


@pytest.fixture(autouse=True)
def academy() -> Agency:
    return add_partner(
        name="Quillhaven Academy", short_name="Academy", kind=PartnerKind.EDUCATION, region="London", by=BY
    )


@pytest.fixture
def centre(builders: Any) -> Viewer:
    return builders.enrolled("centre.administrator", agency="nclcc", roles=[Role.ADMINISTRATOR])


@pytest.fixture
def lead(builders: Any) -> Viewer:
    return builders.enrolled("academy.lead", agency=ACADEMY, roles=[Role.PARTNER])


@pytest.fixture
def both(builders: Any) -> Viewer:
    return builders.enrolled("academy.head", agency=ACADEMY, roles=[Role.PARTNER, Role.ADMINISTRATOR])


def labels(username: str) -> set[str]:
    return set(Membership.objects.filter(person__username=username).values_list("label__key", flat=True))


def refused_by_the_database(statement: str, *given: Any, says: str) -> None:
    with (
        pytest.raises(DatabaseError, match=says),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, given)


# Adding one


SAID = {"name": "Quillhaven Council’s children", "short_name": "QCC", "kind": "childrens_services", "region": "Wales"}


def test_the_centres_administrator_adds_one_and_enrols_its_first_administrator(centre: Viewer, ask_as: Any) -> None:
    assert f'href="{LIST}"' in ask_as(centre, "/people-admin").content.decode()
    answer = ask_as(centre, LIST, **SAID)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{LIST}?added={COUNCIL}")
    made = Agency.objects.get(id=COUNCIL)
    assert (made.name, made.kind, made.region, made.country) == (SAID["name"], SAID["kind"], "Wales", "Wales")
    row = AuditEvent.objects.get(event="partner_added", subject=COUNCIL)
    assert (row.verb, row.actor, row.detail["kind"]) == ("alteration", "centre.administrator", "childrens_services")
    page = ask_as(centre, answer.headers["Location"]).content.decode()
    assert "is on the list" in page and "Children’s services" in page and f"/people-admin/new?agency={COUNCIL}" in page
    form = ask_as(centre, f"/people-admin/new?agency={COUNCIL}").content.decode()
    assert re.search(rf'<option value="{COUNCIL}" selected', form)
    sent = {"name": "Ada", "username": "council.ada", "agency": COUNCIL, "roles": ["administrator", "partner"]}
    assert "temporary-password" in ask_as(centre, "/people-admin/new", **sent).content.decode()
    assert labels("council.ada") == {f"partner:{COUNCIL}"}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": "quillhaven  ACADEMY"}, "Quillhaven Academy is on the list already"),
        ({"short_name": "academy"}, "Quillhaven Academy is on the list already"),
        ({"name": "Kent Police"}, "Kent Police is on the list already"),
        ({"short_name": "NCA"}, "National Crime Agency is on the list already"),
        ({"name": "Quillhaven—Academy!"}, "Quillhaven Academy is on the list already"),
        ({"name": "•••"}, "of which letters and digits make an id"),
        ({"name": "Quillhaven " * 8}, "of which letters and digits make an id of at most 52"),
        ({"name": "Quill\u202ehaven"}, "signs that can be read"),
        ({"name": "x" * 121}, "at most 120"),
        ({"name": " "}, "Enter name"),
        ({"short_name": ""}, "Enter short name"),
        ({"kind": ""}, "Select kind"),
        ({"kind": "centre"}, "Select a valid choice"),
        ({"region": "Atlantis"}, "Select a valid choice"),
    ],
)
def test_what_is_not_right_is_refused_in_a_sentence(
    change: dict[str, str], sentence: str, centre: Viewer, ask_as: Any
) -> None:
    before = set(Agency.objects.values_list("id", "name"))
    answer = ask_as(centre, LIST, **SAID | change)
    assert answer.status_code == 422
    assert sentence in answer.content.decode().replace("&#x27;", "’")
    assert set(Agency.objects.values_list("id", "name")) == before
    assert not AuditEvent.objects.filter(event="partner_added", actor="centre.administrator").exists()


def test_nobody_else_adds_one_or_has_the_page(builders: Any, lead: Viewer, both: Viewer, ask_as: Any) -> None:
    others = [
        builders.enrolled("kent.administrator", roles=[Role.ADMINISTRATOR]),
        builders.enrolled("centre.analyst", agency="nclcc", roles=[Role.ANALYST, Role.COORDINATOR]),
        lead,
        both,
    ]
    for viewer in others:
        absent = ask_as(viewer, "/no-such-page")
        for answer in (ask_as(viewer, LIST), ask_as(viewer, LIST, **SAID)):
            assert (answer.status_code, answer.content) == (404, absent.content)
        with builders.seen_by(viewer):
            with pytest.raises(NotPermitted, match="administrator of the centre"):
                add_partner(name="Other", short_name="O", kind=PartnerKind.HEALTH, region="", by=viewer)
            call = "SELECT crossline_add_partner('partner-other', 'Other', 'O', 'health', '', '')"
            refused_by_the_database(call, says="no administrator of the centre")
    assert not Agency.objects.filter(name="Other").exists()
    assert f'href="{LIST}"' not in ask_as(both, "/people-admin").content.decode()


def test_the_database_adds_nothing_but_partners_even_for_the_centre(builders: Any, centre: Viewer) -> None:
    with builders.seen_by(centre):
        refused_by_the_database(
            "SELECT crossline_add_partner('mars', 'Mars', 'M', 'territorial', '', '')", says="no id of a partner"
        )
        refused_by_the_database(
            "SELECT crossline_add_partner('partner-mars', 'Mars', 'M', 'territorial', '', '')", says="told_by_their_id"
        )
        refused_by_the_database("INSERT INTO access_agency (id) VALUES ('partner-x')", says="permission denied")
    with builders.role("none"):
        refused_by_the_database("UPDATE access_agency SET kind = 'health' WHERE id = 'kent'", says="told_by_their_id")
        refused_by_the_database(
            "UPDATE access_agency SET kind = 'centre' WHERE id = %s", ACADEMY, says="told_by_their_id"
        )


def test_no_agency_of_the_reference_list_could_be_taken_for_a_partner() -> None:
    assert [agency for agency in agencies() if agency.startswith(PARTNER)] == []
    assert id_made_from("St. Éloi’s School") == "partner-st-elois-school"


# What its people hold


def test_partners_hold_their_two_roles_and_nobody_else_holds_theirs(builders: Any, centre: Viewer) -> None:
    said = {"name": "Ada", "by": centre}
    others = frozenset(Role) - PARTNER_ROLES
    with builders.seen_by(centre):
        for role in others:
            with pytest.raises(UserError, match="no other roles than administrator and partner"):
                enrol_newcomer(username="academy.ada", agency=ACADEMY, roles=[Role.PARTNER, role], **said)
        for agency in ("kent", "nclcc"):
            with pytest.raises(UserError, match="The role partner is for people of a partner organisation"):
                enrol_newcomer(username="kent.ada", agency=agency, roles=[Role.PARTNER, Role.ANALYST], **said)
    with pytest.raises(UserError, match="no other roles"):
        builders.enrolled("academy.ada", agency=ACADEMY, roles=[Role.AUDITOR])
    builders.enrolled("kent.analyst")
    with pytest.raises(UserError, match="is for people of a partner organisation"):
        change_roles(username="kent.analyst", roles=[Role.PARTNER], by=BY)
    assert set(Person.objects.values_list("username", flat=True)) == {"centre.administrator", "kent.analyst"}


def test_the_command_appoints_the_administrator_of_a_partner_as_of_an_agency(lead: Viewer) -> None:
    appoint_administrator(username="academy.first", name="Ada", agency=ACADEMY, by=BY)
    appoint_administrator(username="academy.lead", name="Ada", agency=ACADEMY, by=BY)
    held = dict(Person.objects.values_list("username", "roles"))
    assert held == {"academy.first": ["administrator"], "academy.lead": ["administrator", "partner"]}
    assert (labels("academy.first"), labels("academy.lead")) == (set(), {f"partner:{ACADEMY}"})


def test_the_pages_offer_the_roles_that_go_with_the_agency(
    centre: Viewer, both: Viewer, lead: Viewer, ask_as: Any
) -> None:
    def offered(viewer: Viewer, address: str) -> set[str]:
        return set(re.findall(r'name="roles" type="checkbox" value="(\w+)"', ask_as(viewer, address).content.decode()))

    assert offered(both, "/people-admin/new") == offered(both, "/people-admin/academy.lead") == set(PARTNER_ROLES)
    assert offered(centre, "/people-admin/academy.lead") == set(PARTNER_ROLES)
    assert offered(centre, "/people-admin/new") == set(Role)
    sent = {"name": "Ada", "username": "academy.ada", "agency": ACADEMY, "roles": ["analyst"]}
    answer = ask_as(centre, "/people-admin/new", **sent)
    assert answer.status_code == 422 and "no other roles than" in answer.content.decode()
    assert ask_as(both, "/people-admin/new", **sent).status_code == 422
    assert ask_as(both, "/people-admin/new", **sent | {"agency": "kent"}).status_code == 422


def test_the_database_refuses_a_mixture_of_roles_whoever_writes_it(builders: Any, centre: Viewer, lead: Viewer) -> None:
    every = list(frozenset(Role) - PARTNER_ROLES)
    builders.enrolled("kent.analyst")
    wrong = [
        ("academy.lead", roles)
        for number in range(1, len(every) + 1)
        for roles in combinations(every, number)
        if number in (1, len(every))
    ]
    for role in ("none", "crossline_engine"):
        with builders.role(role):
            for username, roles in [*wrong, ("kent.analyst", ("partner",)), ("kent.analyst", ("partner", "analyst"))]:
                refused_by_the_database(
                    "UPDATE access_person SET roles = %s WHERE username = %s",
                    [str(each) for each in roles],
                    username,
                    says="partners_roles" if role == "none" else "partners_roles|permission denied",
                )
            refused_by_the_database(
                "UPDATE access_person SET agency_id = 'kent' WHERE username = 'academy.lead'",
                says="partners_roles" if role == "none" else "partners_roles|permission denied",
            )
    call = "SELECT crossline_administer_person('academy.ada', 'A', %s, %s::text[], %s::text[], true, 'x', false)"
    with builders.seen_by(centre):
        for label in ("police", "agency:kent", "centre", "safeguarding", "role:partner", "role:administrator"):
            refused_by_the_database(call, ACADEMY, ["partner"], [label], says="does not go with")
        refused_by_the_database(call, ACADEMY, ["partner"], [f"agency:{ACADEMY}"], says="does not go with")
        refused_by_the_database(call, ACADEMY, ["partner"], [f"partner:{COUNCIL}"], says="does not go with")
        refused_by_the_database(call, ACADEMY, ["administrator"], [f"partner:{ACADEMY}"], says="does not go with")
        refused_by_the_database(call, ACADEMY, ["analyst", "partner"], [f"partner:{ACADEMY}"], says="partners_roles")
        refused_by_the_database(call, "kent", ["analyst"], [f"partner:{ACADEMY}"], says="does not go with")


# Nothing opens intelligence to them


@pytest.fixture
def store(builders: Any, tmp_path: Path, kept: Path) -> None:
    builders.sent_by_two(tmp_path / "two", kept)


@pytest.mark.parametrize("name", [ACADEMY, "partner", "partner-nobody-knows"])
def test_a_report_whose_audience_names_a_partner_is_refused(
    name: str, builders: Any, tmp_path: Path, kept: Path
) -> None:
    good = builders.report("kent/good", audience=["essex"])
    builders.sent(tmp_path / "d", kept, reports=[good, builders.report("kent/bad", audience=["essex", name])])
    assert list(Record.objects.values_list("ref", flat=True)) == ["kent/good"]
    reason = Outcome.objects.get(row=2).reason
    assert f"audience names '{name}', and partners are shown no intelligence" in reason


def test_a_partner_as_home_or_finder_of_a_missing_episode_opens_nothing(
    builders: Any, tmp_path: Path, kept: Path
) -> None:
    builders.sent(tmp_path / "d", kept, reports=[builders.missing_report("kent/m", home=ACADEMY, found=ACADEMY)])
    assert set(Record.objects.get(ref="kent/m").audience.fingerprint.split()) == {
        *("agency:kent", "centre", "safeguarding")
    }


def test_a_partner_sends_no_delivery(builders: Any, tmp_path: Path, kept: Path) -> None:
    with pytest.raises(DeliveryRefused, match="is a partner organisation, which sends no deliveries"):
        builders.sent(tmp_path / "d", kept, agency=ACADEMY, reports=[builders.report("a/1")])
    assert not Record.objects.exists()


def test_a_record_is_released_to_no_partner(builders: Any, store: None, lead: Viewer) -> None:
    asker, allower = builders.enrolled("kent.asker"), builders.enrolled("kent.m", roles=[Role.INFORMATION_MANAGER])
    record = Record.objects.get(ref="kent/C")
    assert not [agency for agency, _ in choices(record) if agency.startswith(PARTNER)]
    said = {"conditions": "None.", "reason": "They asked."}
    with builders.seen_by(asker) as viewpoint:
        with pytest.raises(UserError, match="not released to a partner organisation"):
            ask_to_release(record=record.id, to=ACADEMY, viewpoint=viewpoint, **said)
        # Whoever gets past the action has the approval of a second person, and still the row of the release does not stand.
        asked = ask(
            act=Act.RELEASE,
            about=about(record.id, ACADEMY),
            rows=1,
            reason=f"They asked.{BETWEEN}None.",
            viewpoint=viewpoint,
        )
    with builders.seen_by(allower) as viewpoint:
        decide(approval=asked.id, approved=True, note="", viewpoint=viewpoint)
    with builders.role("none"):
        refused_by_the_database(
            "INSERT INTO records_recordrelease (id, record_id, to_agency_id, conditions, reason, approval, released_by, "
            "released_agency, released_at, audience_id) VALUES (gen_random_uuid(), %s, %s, 'None.', 'They asked.', %s, "
            "'kent.asker', 'kent', now(), %s)",
            *(record.id, ACADEMY, asked.id, record.audience_id),
            says="no_partner_among_agencies",
        )
    assert Record.objects.get(ref="kent/C").audience_id == record.audience_id


def test_nobody_of_a_partner_is_admitted_to_a_compartment(builders: Any, lead: Viewer) -> None:
    keeper = builders.enrolled("kent.keeper", roles=[Role.INFORMATION_MANAGER])
    with builders.seen_by(keeper) as viewpoint:
        said = {"kind": CompartmentKind.OPERATION, "name": "Operation Quoin", "reason": "Covert."}
        made = open_compartment(viewpoint=viewpoint, **said)
    with builders.seen_by(keeper) as viewpoint:
        with pytest.raises(UserError, match=r"nobody called 'academy\.lead' with a policing role"):
            admit(compartment=made.id, username="academy.lead", keeper=False, reason="x", viewpoint=viewpoint)
        refused_by_the_database(
            "INSERT INTO access_compartmentadmission (id, compartment_id, person_id, keeper, reason, admitted_by, "
            "admitted_agency, admitted_at, audience_id) VALUES (gen_random_uuid(), %s, %s, false, 'x', 'kent.keeper', "
            "'kent', now(), %s)",
            *(made.id, lead.person_id, made.audience_id),
            says="row-level security",
        )
    with builders.seen_by(lead) as viewpoint, pytest.raises(UserError):
        open_compartment(viewpoint=viewpoint, **said)


def test_a_partner_has_no_decoys_and_is_asked_to_agree_to_none(builders: Any, lead: Viewer, both: Viewer) -> None:
    auditor = builders.enrolled("kent.auditor", roles=[Role.AUDITOR])
    story = draw("kent", chance=Random(5), now=timezone.now())
    said: dict[str, Any] = {"story": story, "days": 5, "reason": "Somebody sells what they read."}
    with builders.seen_by(auditor) as viewpoint, pytest.raises(UserError, match="of your agency"):
        plant(sponsor="academy.lead", viewpoint=viewpoint, **said)
    for viewer in (lead, both):
        with builders.seen_by(viewer) as viewpoint, pytest.raises(NotPermitted, match="Only an auditor"):
            plant(sponsor="kent.auditor", viewpoint=viewpoint, **said)


def test_no_label_that_would_be_a_partners_as_of_an_agency_can_exist(builders: Any, store: None, lead: Viewer) -> None:
    for key in (agency_label(ACADEMY), "role:partner"):
        with pytest.raises(DatabaseError, match="no_partner_among_agencies"), transaction.atomic():
            intern_audience({"agency:kent", key})
    with builders.role("none"):
        refused_by_the_database(
            "UPDATE access_label SET key = %s WHERE key = 'police'", agency_label(ACADEMY), says="no_partner_among"
        )


def test_whatever_memberships_say_a_partners_person_sees_their_own_organisations_alone(
    builders: Any, store: None, lead: Viewer
) -> None:
    """The last wall: memberships that nothing above would write."""
    person = Person.objects.get(pk=lead.person_id)
    Membership.objects.bulk_create(
        [Membership(person=person, label=label) for label in Label.objects.exclude(key=f"partner:{ACADEMY}")]
    )
    other = intern_audience({f"partner:{COUNCIL}", "police"})
    with builders.seen_by(lead) as viewpoint:
        assert viewpoint.audiences == ()
    referred = intern_audience({f"partner:{ACADEMY}"})
    with builders.seen_by(lead) as viewpoint:
        assert viewpoint.audiences == (referred,)
        assert not Record.objects.exists()
    assert other != referred


# What they are shown


def test_the_first_page_says_what_they_can_do_and_leads_nowhere_else(lead: Viewer, both: Viewer, ask_as: Any) -> None:
    answer = ask_as(lead, "/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/partner")
    page = ask_as(lead, "/partner").content.decode()
    assert "Quillhaven Academy" in page and "Academy.Head" in page
    led_to = {each for each in re.findall(r'href="(/[^"]*)"', page) if not each.startswith("/static/")}
    own = {"/", "/partner", "/second-factor", "/password", "/audit/mine", "/policy"}
    given = {"/partner/referrals", "/partner/referrals/history", "/invitations", "/partner/told", "/recalls"}
    assert led_to == own | given | {"/guidance", "/reports", "/reports/new"}
    assert all(ask_as(lead, address).status_code in (200, 302) for address in led_to)
    assert 'role="search"' not in page
    own = ask_as(lead, "/audit/mine").content.decode()
    assert "auditors" not in own and "nobody can change that" in own
    theirs = ask_as(both, "/partner").content.decode()
    assert "/people-admin" in theirs and "National County Lines Coordination Centre" in theirs, (
        "there is no other to ask"
    )
    assert ask_as(both, "/people-admin").status_code == 200


def test_an_administrator_alone_begins_with_the_people_of_the_organisation(builders: Any, ask_as: Any) -> None:
    clerk = builders.enrolled("academy.clerk", agency=ACADEMY, roles=[Role.ADMINISTRATOR])
    builders.enrolled("academy.lead", agency=ACADEMY, roles=[Role.PARTNER])
    builders.enrolled("kent.analyst")
    assert ask_as(clerk, "/").headers["Location"] == "/people-admin"
    page = ask_as(clerk, "/people-admin").content.decode()
    assert "academy.lead" in page and "kent.analyst" not in page
    assert ask_as(clerk, "/people-admin/kent.analyst").status_code == ask_as(clerk, "/partner").status_code == 404
    assert labels("academy.clerk") == set()


def words_of_records() -> set[bytes]:
    """References, and the names of what records mention: whatever would tell that there is a record."""
    said = {*Record.objects.values_list("ref", flat=True), *Mention.objects.values_list("caption", flat=True)}
    return {each.encode() for each in said if len(each) > 3}


def test_every_address_is_answered_without_a_word_of_any_record_and_no_row_is_read(
    builders: Any, store: None, lead: Viewer, both: Viewer, two_worlds: ModuleType
) -> None:
    """Every route of the address book (a test holds the probes to that), asked for what is really there."""
    from crossline.access.models import Audience

    probes = two_worlds.probes
    asked = list(two_worlds.addresses.all_requests(frozenset(Audience.objects.values_list("pk", flat=True))))
    words = words_of_records()
    assert len(words) > 20 and len(asked) > 250
    print(f"{len(asked)} requests of each, {len(words)} words")
    answered: dict[str, set[str]] = {}
    for viewer in (lead, both):
        with builders.role("crossline_web"):
            client = probes.client_of(viewer)
            for route, request in asked:
                answer = probes.asked(client, request)
                own = request.address.encode()
                told = [word for word in words if word in answer.replace(own, b"")]
                assert told == [], (viewer.username, request)
                if answer.startswith(b"200") and request.signed_in:
                    answered.setdefault(viewer.username, set()).add(route)
    own_pages = {
        "partner-home",
        "partner-referrals",
        "partner-history",
        "my-reads",
        "second-factor",
        "password",
        "health",
        "sign-in",
        *POLICY_PAGES,
    }
    own_pages |= {"guidance", "guidance-pack", "guidance-card", "reports", "report-new", "outreaches", "partner-told"}
    own_pages |= {"invitations", "recalls"}
    assert answered["academy.lead"] - {"sign-out", "sign-in"} == own_pages - {"sign-in"}
    assert answered["academy.head"] - {"sign-out", "sign-in"} == own_pages - {"sign-in"} | {
        *("people-admin", "people-admin-new")
    }


POLICY_PAGES = frozenset({"policy", "policy-statement"})
"""What everybody enrolled may read: the rules, which tell of no record."""


OWN = frozenset(
    {
        *("access_auditevent", "access_auditsubject", "access_signinattempt", "access_secondfactor"),
        *("access_secondfactorend", "access_recoverycode", "access_usedcode"),
        *("access_policystatement", "access_policyword"),
    }
)
"""Tables of which somebody reads rows that are about themselves, and the statements of the policy, which everybody reads."""


def test_no_content_table_gives_a_row(builders: Any, store: None, both: Viewer) -> None:
    builders.worked_on()
    with builders.role("none"), connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') "
            "AND c.relname <> ALL (%s) AND has_table_privilege('crossline_web', c.oid, 'SELECT')",
            [[*NOT_CONTENT, *OWN]],
        )
        tables = [row[0] for row in cursor.fetchall()]
        full = {table for table in tables if _rows(cursor, table)}
    assert {"records_record", "records_mention", "safeguarding_concern", "entities_match", "access_label"} <= full
    with builders.seen_by(both), connection.cursor() as cursor:
        assert {table: number for table in tables if (number := _rows(cursor, table))} == {}


def _rows(cursor: Any, table: str) -> int:
    cursor.execute(f"SELECT count(*) FROM {table}")
    return int(cursor.fetchone()[0])


def test_what_they_open_is_on_the_audit_as_what_anybody_does(lead: Viewer, ask_as: Any) -> None:
    ask_as(lead, "/partner")
    ask_as(lead, f"/records/{UUID(int=7)}")
    rows = AuditEvent.objects.filter(actor="academy.lead", event="page_viewed").values_list("subject_kind", "purpose")
    assert ("partner-home", "own first page") in set(rows)
    assert {each.actor_agency for each in AuditEvent.objects.filter(actor="academy.lead")} == {ACADEMY}
