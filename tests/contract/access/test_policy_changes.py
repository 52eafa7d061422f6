"""A change of policy: written down at a start, read line by line, agreed to by two of the centre; nothing is served till then."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from crossline import installation
from crossline.access.models import AuditEvent, Person
from crossline.access.policy_changes import actions
from crossline.access.policy_changes.actions import Said, State, history, in_force, is_in_force, say, write_down
from crossline.access.policy_changes.models import PolicyStatement, PolicyWord
from crossline.access.policy_changes.statement import Line, Statement
from crossline.access.roles import Role
from crossline.access.viewer import ADMINISTRATOR, Viewer
from crossline.errors import MoveNotAllowed, NotPermitted, PolicyWaits, UserError
from crossline.site.policy import shut, views
from crossline.site.policy.statement import running

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]

MANAGER = (Role.INFORMATION_MANAGER,)
GONE = running().lines[40]
NEW = Line("Records", "A rule that is new: seen by everybody.")
CHANGED = Statement((*(line for line in running().lines if line != GONE), NEW))


@pytest.fixture
def people(db: None, builders: Any) -> dict[str, Viewer]:
    return {
        "first": builders.enrolled("centre.first", agency="nclcc", roles=MANAGER),
        "second": builders.enrolled("centre.second", agency="nclcc", roles=MANAGER),
        "third": builders.enrolled("centre.third", agency="nclcc", roles=MANAGER),
        "coordinator": builders.enrolled("centre.coordinator", agency="nclcc", roles=(Role.COORDINATOR,)),
        "elsewhere": builders.enrolled("kent.manager", roles=MANAGER),
        "auditor": builders.enrolled("kent.auditor", roles=(Role.AUDITOR,)),
    }


@pytest.fixture
def changed(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[PolicyStatement]:
    """The software now states another policy, which was written down as the site was started."""
    for module in (views, shut):
        monkeypatch.setattr(module, "running", lambda: CHANGED)
    assert write_down(stated=CHANGED, offered=True) is State.WAITS
    yield PolicyStatement.objects.latest("id")


def said(builders: Any, who: Viewer, number: int, what: Said = Said.AGREED, note: str = "", digest: str = "") -> State:
    with builders.seen_by(who) as viewpoint:
        return say(statement=number, said=what, note=note, running=digest or CHANGED.digest, viewpoint=viewpoint)


def state_of(number: int) -> State:
    return next(each.state for each in history() if each.row.id == number)


# Written down


@pytest.fixture
def nothing_written_down(db: None, builders: Any) -> None:
    """A store that was never started."""
    with builders.role("none"), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("DELETE FROM access_policystatement")
        cursor.execute("SET LOCAL session_replication_role = origin")


def test_a_new_installation_has_the_policy_that_it_was_installed_with(nothing_written_down: None) -> None:
    assert in_force(history()) is None and not is_in_force(running().digest)
    assert write_down(stated=running(), offered=False) is State.IN_FORCE
    (only,) = history()
    assert (only.row.id, only.row.digest, only.state) == (1, running().digest, State.IN_FORCE)
    assert only.statement == running() and only.difference.added == only.difference.removed == ()
    event = AuditEvent.objects.get(event="policy_installed")
    assert (event.actor, event.subject, event.detail["digest"]) == ("process:installation", "1", running().digest)


def test_a_start_with_the_same_policy_writes_nothing_down(builders: Any) -> None:
    before = builders.snapshot()
    for offered in (True, False):
        assert write_down(stated=running(), offered=offered) is State.IN_FORCE
    assert builders.changed(before) == set()


def test_a_start_with_another_policy_writes_it_down_once_with_what_it_would_replace(builders: Any) -> None:
    assert write_down(stated=CHANGED, offered=False) is State.WAITS
    before = builders.snapshot()
    for offered in (True, False):
        assert write_down(stated=CHANGED, offered=offered) is State.WAITS
    assert builders.changed(before) == set()
    latest, _ = history()
    assert (latest.row.id, latest.row.replaces_id, latest.state) == (2, 1, State.WAITS)
    assert (latest.difference.added, latest.difference.removed) == ((NEW,), (GONE,))
    assert is_in_force(running().digest) and not is_in_force(CHANGED.digest)
    assert AuditEvent.objects.get(event="policy_changed").detail["replaces"] == 1


def test_going_back_to_what_is_in_force_needs_nobody_and_to_what_was_needs_two(
    changed: PolicyStatement, people: Any, builders: Any
) -> None:
    assert write_down(stated=running(), offered=True) is State.IN_FORCE
    for who in ("first", "second"):
        said(builders, people[who], changed.id)
    assert write_down(stated=running(), offered=True) is State.WAITS
    assert [(each.row.id, each.state) for each in history()] == [
        (3, State.WAITS),
        (2, State.IN_FORCE),
        (1, State.REPLACED),
    ]
    assert history()[0].row.replaces_id == 2


def test_what_was_passed_over_is_over(changed: PolicyStatement, people: Any, builders: Any) -> None:
    said(builders, people["first"], changed.id)
    assert write_down(stated=Statement((NEW,)), offered=False) is State.WAITS
    assert state_of(changed.id) is State.PASSED_OVER
    with pytest.raises(MoveNotAllowed):
        said(builders, people["second"], changed.id)
    assert write_down(stated=CHANGED, offered=False) is State.WAITS
    assert history()[0].words == (), "who agreed before is asked again"


# Agreed to


def test_two_people_agree_and_it_is_in_force(changed: PolicyStatement, people: Any, builders: Any) -> None:
    assert said(builders, people["first"], changed.id) is State.WAITS
    assert said(builders, people["second"], changed.id) is State.IN_FORCE
    standing = in_force(history())
    assert standing is not None and standing.row.id == changed.id and state_of(1) is State.REPLACED
    with pytest.raises(MoveNotAllowed, match="does not wait"):
        said(builders, people["third"], changed.id)
    events = AuditEvent.objects.filter(event="policy_agreed").order_by("at")
    assert [(each.actor, each.detail["state"]) for each in events] == [
        ("centre.first", "waits"),
        ("centre.second", "in_force"),
    ]


def test_nobody_counts_twice(changed: PolicyStatement, people: Any, builders: Any) -> None:
    said(builders, people["first"], changed.id)
    with pytest.raises(NotPermitted, match="already"):
        said(builders, people["first"], changed.id)
    assert state_of(changed.id) is State.WAITS


@pytest.mark.parametrize("who", ["coordinator", "elsewhere", "auditor"])
def test_other_roles_and_other_agencies_are_not_asked(
    who: str, changed: PolicyStatement, people: Any, builders: Any
) -> None:
    for what in Said:
        with pytest.raises(NotPermitted, match="Only information managers of the centre"):
            said(builders, people[who], changed.id, what, "No.")
    with builders.administrator() as viewpoint, pytest.raises(NotPermitted):
        assert viewpoint.viewer is ADMINISTRATOR
        say(statement=changed.id, said=Said.AGREED, note="", running=CHANGED.digest, viewpoint=viewpoint)


def test_only_what_the_software_itself_states_can_be_agreed_to(
    changed: PolicyStatement, people: Any, builders: Any
) -> None:
    for number, digest in ((changed.id, running().digest), (changed.id + 1, CHANGED.digest), (1, CHANGED.digest)):
        with pytest.raises(NotPermitted, match="not the policy of the software"):
            said(builders, people["first"], number, digest=digest)
    with pytest.raises(MoveNotAllowed):
        said(builders, people["first"], 1, digest=running().digest)


def test_lines_that_are_not_those_of_the_digest_cannot_be_agreed_to(people: Any, builders: Any) -> None:
    """What people read is what they agree to, whatever was written beside it."""
    PolicyStatement(id=2, digest=CHANGED.digest, lines=[["Records", "All is as it was."]], replaces_id=1).save(
        force_insert=True
    )
    with pytest.raises(NotPermitted, match="not the policy of the software"):
        said(builders, people["first"], 2)


def test_one_refusal_with_its_reason_ends_it_until_it_is_offered_anew(
    changed: PolicyStatement, people: Any, builders: Any
) -> None:
    said(builders, people["first"], changed.id)
    for nothing in ("", "  "):
        with pytest.raises(UserError, match="Say why"):
            said(builders, people["second"], changed.id, Said.REFUSED, nothing)
    assert said(builders, people["second"], changed.id, Said.REFUSED, "Too wide.") is State.REFUSED
    with pytest.raises(MoveNotAllowed):
        said(builders, people["third"], changed.id)
    assert AuditEvent.objects.get(event="policy_refused").actor == "centre.second"
    assert write_down(stated=CHANGED, offered=False) is State.REFUSED, "a command does not ask again"
    assert write_down(stated=CHANGED, offered=True) is State.WAITS
    assert [(each.row.id, each.state) for each in history()][:2] == [(3, State.WAITS), (2, State.REFUSED)]


def test_whoever_agreed_may_think_better_of_it_before_the_second(
    changed: PolicyStatement, people: Any, builders: Any
) -> None:
    said(builders, people["first"], changed.id)
    assert said(builders, people["first"], changed.id, Said.REFUSED, "I read it again.") is State.REFUSED


# In the database, with the action gone round

WORD = (
    "INSERT INTO access_policyword (id, statement_id, said, note, at, by, by_id, by_agency) "
    "VALUES (%s, %s, %s, %s, now() + %s * interval '1 hour', %s, %s, %s)"
)


def put_in(builders: Any, who: Viewer, statement: int, *, signed_as: Viewer | None = None, **more: Any) -> str:
    """What becomes of a statement as the web role: what PostgreSQL says, or nothing where it lets it through."""
    name = signed_as or who
    row = {"said": "agreed", "note": "", "later": 0, "agency": name.agency} | more
    values = [uuid4(), statement, row["said"], row["note"], row["later"], name.username, name.person_id, row["agency"]]
    try:
        with transaction.atomic(), builders.seen_by(who), connection.cursor() as cursor:
            cursor.execute(WORD, values)
    except DatabaseError as error:
        return str(error)
    return ""


def test_the_database_lets_a_person_agree_in_their_own_name_alone(
    changed: PolicyStatement, people: Any, builders: Any
) -> None:
    for who in ("coordinator", "elsewhere", "auditor"):
        assert "row-level security" in put_in(builders, people[who], changed.id), who
        assert "row-level security" in put_in(builders, people[who], changed.id, agency="nclcc"), who
        assert "row-level security" in put_in(builders, people[who], changed.id, signed_as=people["first"]), who
    assert "row-level security" in put_in(builders, people["first"], changed.id, signed_as=people["second"])
    assert "row-level security" in put_in(builders, people["first"], changed.id, later=2)
    assert "row-level security" in put_in(builders, people["first"], changed.id, said="in force")
    assert "row-level security" in put_in(builders, people["first"], changed.id, said="refused", note=" ")
    assert not PolicyWord.objects.exists()


def test_the_database_counts_nobody_twice_and_no_third(changed: PolicyStatement, people: Any, builders: Any) -> None:
    assert put_in(builders, people["first"], changed.id) == ""
    assert "nobody_counts_twice" in put_in(builders, people["first"], changed.id)
    assert put_in(builders, people["second"], changed.id) == ""
    assert "does not wait" in put_in(builders, people["third"], changed.id)


def test_the_database_takes_no_word_on_what_does_not_wait(changed: PolicyStatement, people: Any, builders: Any) -> None:
    assert "does not wait" in put_in(builders, people["first"], 1)
    assert put_in(builders, people["first"], changed.id, said="refused", note="No.") == ""
    assert "does not wait" in put_in(builders, people["second"], changed.id)
    write_down(stated=CHANGED, offered=True)
    write_down(stated=Statement((NEW,)), offered=True)
    assert "does not wait" in put_in(builders, people["second"], changed.id + 1), "a later one was written down"


@pytest.mark.parametrize(
    ("role", "statement"),
    [
        ("crossline_engine", WORD),
        ("crossline_web", "UPDATE access_policyword SET said = 'agreed'"),
        ("crossline_web", "DELETE FROM access_policyword"),
        ("crossline_web", "INSERT INTO access_policystatement (id, digest, lines, at) VALUES (9, 'x', '[]', now())"),
        ("crossline_engine", "INSERT INTO access_policystatement (id, digest, lines, at) VALUES (9, 'x', '[]', now())"),
        ("crossline_engine", "UPDATE access_policystatement SET replaces_id = NULL"),
        ("none", "UPDATE access_policystatement SET replaces_id = NULL"),
        ("none", "DELETE FROM access_policyword"),
        ("none", "TRUNCATE access_policyword"),
    ],
)
def test_nobody_gets_round_it(role: str, statement: str, changed: PolicyStatement, people: Any, builders: Any) -> None:
    """The engine agrees to nothing and has one first statement; nothing is changed or removed, whoever asks."""
    said(builders, people["first"], changed.id)
    who = people["second"]
    values = (
        [uuid4(), changed.id, "agreed", "", 0, who.username, who.person_id, who.agency] if statement is WORD else []
    )
    with pytest.raises(DatabaseError), transaction.atomic(), builders.role(role), connection.cursor() as cursor:
        cursor.execute(statement, values or None)
    assert state_of(changed.id) is State.WAITS


# Pages


@pytest.fixture
def browse(as_web: Any) -> Any:
    """Each person in a browser and a server of their own, as the web role."""

    def opened(who: Viewer | None, address: str, posted: dict[str, Any] | None = None) -> Any:
        client = Client(headers={"host": "localhost"})
        with as_web():
            if who is not None:
                client.force_login(Person.objects.get(username=who.username))
            return client.get(address) if posted is None else client.post(address, posted)

    return opened


SHUT = "The policy has changed and waits for two information managers of the centre"


def test_while_it_waits_every_other_page_says_so_and_nothing_else(
    changed: PolicyStatement, people: Any, browse: Any
) -> None:
    for who, addresses in {
        "coordinator": (
            "/",
            "/lines",
            "/records",
            "/search?q=cole",
            "/exports/people/csv",
            f"/records/{uuid4()}",
            "/x",
        ),
        "first": ("/reviews", "/approvals", "/audit/desk", "/policy/", "/policy/x", "/sign-in/with/"),
        "auditor": ("/audit/desk", "/audit/mine"),
    }.items():
        pages = {browse(people[who], address).content.decode().split("csrfmiddlewaretoken")[0] for address in addresses}
        assert len(pages) == 1 and SHUT in pages.pop(), who
        assert {browse(people[who], address).status_code for address in addresses} == {503}
    page = browse(people["first"], "/lines")
    assert {"Content-Security-Policy", "X-Frame-Options"} <= set(page.headers)
    assert page.headers["Cache-Control"] == "no-store"
    assert browse(people["first"], "/task/none", {"back": "/"}).status_code == 503


def test_signing_in_the_policy_and_health_are_served_all_the_same(
    changed: PolicyStatement, people: Any, browse: Any
) -> None:
    for who in people.values():
        for address in ("/policy", "/policy/1", "/policy/2", "/password", "/second-factor", "/healthz"):
            assert browse(who, address).status_code == 200, (who.username, address)
        assert browse(who, "/policy/9").status_code == 404
        assert browse(who, "/sign-out", {}).status_code == 302
    for address in ("/sign-in", "/healthz"):
        assert browse(None, address).status_code == 200
    assert browse(None, "/lines").headers["Location"].startswith("/sign-in")
    assert browse(None, "/policy").headers["Location"].startswith("/sign-in")


def test_it_opens_after_the_second_agreement_and_never_asks_again(
    changed: PolicyStatement, people: Any, browse: Any, django_assert_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = browse(people["first"], "/policy").content.decode()
    assert NEW.text in page and GONE.text in page and "0 lines said otherwise, 1 new, 1 no longer said" in page
    assert ">Agree<" in page and "/lines" not in page.partition("<main")[0], "no navigation to what is shut"
    sent = {"said": "agreed", "statement": str(changed.id)}
    assert browse(people["first"], "/policy", sent).status_code == 302
    again = browse(people["first"], "/policy").content.decode()
    assert "1 more information manager" in again and "You have agreed already" in again and ">Agree<" not in again
    assert browse(people["first"], "/policy", sent).status_code == 422
    assert browse(people["coordinator"], "/lines").status_code == 503
    assert browse(people["second"], "/policy", sent).status_code == 302
    assert browse(people["coordinator"], "/lines").status_code == 200
    for who in ("auditor", "elsewhere"):
        text = browse(people[who], "/policy").content.decode()
        assert f"Policy {changed.id}, in force" in text and "centre.first, centre.second" in text
    asked: list[str] = []
    monkeypatch.setattr(shut, "is_in_force", lambda digest: bool(asked.append(digest)) or True)
    # Addresses stand in for answers, and what is asked has no more of a request than the middleware reads.
    process = shut.ShutWhilePolicyWaits(lambda request: request.path)  # type: ignore[arg-type, return-value]
    for _ in range(3):
        process(_Asked("/lines", Person.objects.get(username="kent.auditor")))  # type: ignore[arg-type]
    assert asked == [CHANGED.digest]


class _Asked:
    """As much of a request as the middleware looks at."""

    def __init__(self, path: str, user: Any) -> None:
        self.path, self.user = path, user


def test_buttons_are_for_information_managers_of_the_centre(changed: PolicyStatement, people: Any, browse: Any) -> None:
    for who, shown in {"first": True, "coordinator": False, "elsewhere": False, "auditor": False}.items():
        page = browse(people[who], "/policy").content.decode()
        assert NEW.text in page
        assert (">Refuse<" in page) is shown, who
        if not shown:
            answer = browse(people[who], "/policy", {"said": "agreed", "statement": str(changed.id)})
            assert answer.status_code == 422 and "Only information managers of the centre" in answer.content.decode()
    for nonsense in ({}, {"said": "maybe", "statement": "2"}, {"said": "agreed", "statement": "two"}):
        assert browse(people["first"], "/policy", nonsense).status_code == 422
    assert not PolicyWord.objects.exists()


def test_a_refusal_is_shown_with_its_reason_and_the_site_stays_shut(
    changed: PolicyStatement, people: Any, browse: Any
) -> None:
    sent = {"said": "refused", "statement": str(changed.id)}
    assert browse(people["first"], "/policy", sent).status_code == 422
    assert browse(people["first"], "/policy", sent | {"note": "Nobody asked Kent."}).status_code == 302
    page = browse(people["second"], "/policy").content.decode()
    assert "Nobody asked Kent." in page and ">Agree<" not in page and "was refused" in page
    assert "Nobody asked Kent." in browse(people["auditor"], f"/policy/{changed.id}").content.decode()
    assert browse(people["second"], "/lines").status_code == 503


def test_software_that_nobody_started_the_site_with_is_shut_and_says_so(
    people: Any, browse: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that is replaced after the software under it was."""
    for module in (views, shut):
        monkeypatch.setattr(module, "running", lambda: CHANGED)
    assert browse(people["first"], "/lines").status_code == 503
    assert "was not started with this release" in browse(people["first"], "/policy").content.decode()


def test_reading_the_policy_and_agreeing_are_on_the_audit(changed: PolicyStatement, people: Any, browse: Any) -> None:
    browse(people["first"], "/policy", {"said": "agreed", "statement": str(changed.id)})
    found = AuditEvent.objects.filter(actor="centre.first", purpose=actions.PURPOSE).order_by("at")
    assert [each.event for each in found] == ["policy_agreed", "page_viewed"]


# Commands


def test_what_is_not_started_for_people_to_agree_refuses_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    from crossline.site.policy import statement

    assert installation._write_down_policy(False) is True
    monkeypatch.setattr(statement, "running", lambda: CHANGED)
    with pytest.raises(PolicyWaits, match=r"/policy and agree") as refused:
        installation._write_down_policy(False)
    assert str(refused.value) == actions.WAITS and "\n" not in str(refused.value)
    assert installation._write_down_policy(True) is False
