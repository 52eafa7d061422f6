"""The audit: no act without its row, no row without its act, nobody signs for another, and no row is ever changed or removed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from crossline.access.actions import end_access, enrol
from crossline.access.audit import VERBS, Event, Process
from crossline.access.models import AuditEvent, Person
from crossline.access.people_actions import appoint_administrator, change_roles, reset_password_for
from crossline.access.roles import Role
from crossline.access.viewer import Viewer, reading
from crossline.entities.judgements import judge, withdraw
from crossline.entities.matching import match_people
from crossline.entities.models import Judgement, Match, Verdict, Withdrawal
from crossline.errors import DeliveryRefused, UserError
from crossline.records.disposal import dispose_expired
from crossline.records.models import Mention
from crossline.safeguarding.raising import raise_due

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]


class AuditDown(Exception):
    """What a database that takes no audit row would raise."""


def pair() -> tuple[Any, Any]:
    """Two mentions of a person."""
    left, right = Mention.objects.filter(kind="person").order_by("id").values_list("id", flat=True)[:2]
    return left, right


def a_judgement(builders: Any) -> Judgement:
    left, right = pair()
    with builders.administrator() as viewpoint:
        return judge(left=left, right=right, verdict=Verdict.SAME, reason="seen", viewpoint=viewpoint)


def judging(builders: Any, folder: Path, kept: Path) -> None:
    a_judgement(builders)


def withdrawing(builders: Any, folder: Path, kept: Path) -> None:
    with builders.administrator() as viewpoint:
        withdraw(judgement=Judgement.objects.get().id, reason="mistaken", viewpoint=viewpoint)


def taking_in(builders: Any, folder: Path, kept: Path) -> None:
    builders.sent(folder, kept, ref="another", reports=[builders.report("KENT/new")])


def being_refused(builders: Any, folder: Path, kept: Path) -> None:
    builders.sent(folder, kept, agency="mars")


def enrolling(builders: Any, folder: Path, kept: Path) -> None:
    builders.enrolled("newcomer")


def enrolling_again(builders: Any, folder: Path, kept: Path) -> None:
    builders.enrolled("settled", agency="essex", roles=[Role.SAFEGUARDING])


def changing_roles(builders: Any, folder: Path, kept: Path) -> None:
    change_roles(username="settled", roles=[Role.AUDITOR], by=Process("tests"))


def resetting_sign_in(builders: Any, folder: Path, kept: Path) -> None:
    reset_password_for(username="settled", lost_device=False, by=Process("tests"))


def ending_access(builders: Any, folder: Path, kept: Path) -> None:
    end_access(username="settled", reason="left", by=Process("tests"))


def appointing(builders: Any, folder: Path, kept: Path) -> None:
    appoint_administrator(username="kent.first", name="First", agency="kent", by=Process("tests"))


def matching(builders: Any, folder: Path, kept: Path) -> None:
    match_people()


def matching_anew(builders: Any, folder: Path, kept: Path) -> None:
    match_people(full=True)


def raising_concerns(builders: Any, folder: Path, kept: Path) -> None:
    raise_due()


def disposing(builders: Any, folder: Path, kept: Path) -> None:
    dispose_expired(now=datetime(2030, 1, 1, tzinfo=UTC), reach=builders.reach(kept))


Act = Callable[[Any, Path, Path], None]
ACTS: dict[Act, Event] = {
    taking_in: Event.DELIVERY_ACCEPTED,
    being_refused: Event.DELIVERY_REFUSED,
    enrolling: Event.PERSON_ENROLLED,
    enrolling_again: Event.PERSON_ENROLLED,
    changing_roles: Event.PERSON_CHANGED,
    resetting_sign_in: Event.SIGN_IN_RESET,
    ending_access: Event.ACCESS_ENDED,
    appointing: Event.PERSON_ENROLLED,
    matching: Event.PEOPLE_MATCHED,
    matching_anew: Event.PEOPLE_MATCHED,
    raising_concerns: Event.CONCERNS_RAISED,
    judging: Event.JUDGEMENT_MADE,
    withdrawing: Event.JUDGEMENT_WITHDRAWN,
    disposing: Event.COMMUNICATIONS_DISPOSED,
}


@pytest.fixture
def store(db: None, builders: Any, tmp_path: Path, kept: Path) -> None:
    """A delivery of Kent's, somebody enrolled, and a judgement to take back."""
    folder = builders.delivery(tmp_path / "d", reports=[builders.report("1"), builders.report("2")])
    builders.write_communications(folder / "comms")
    builders.take(folder, kept)
    builders.enrolled("settled")
    a_judgement(builders)


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
def test_an_act_leaves_one_row_and_without_that_row_it_does_not_happen(
    act: Act, store: None, builders: Any, tmp_path: Path, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(**values: Any) -> None:
        raise AuditDown

    before = builders.snapshot()
    files = sorted(kept.rglob("*"))
    monkeypatch.setattr(AuditEvent.objects, "create", down)
    with pytest.raises(AuditDown):
        act(builders, tmp_path / "next", kept)
    assert builders.changed(before) == set(), "the act stands although nothing tells of it"
    assert sorted(kept.rglob("*")) == files
    monkeypatch.undo()

    logged = AuditEvent.objects.count()
    try:
        act(builders, tmp_path / "then", kept)
    except DeliveryRefused:
        assert act is being_refused
    changed = builders.changed(before)
    assert AuditEvent.objects.count() == logged + 1
    newest = AuditEvent.objects.order_by("-at").first()
    assert (newest.event, newest.verb) == (ACTS[act], VERBS[ACTS[act]])
    assert newest.purpose and newest.subject_kind and newest.actor
    assert changed > {"access_auditevent"} or act is being_refused, "an act that changes nothing proves nothing"


def test_every_event_has_one_of_the_six_verbs() -> None:
    assert set(VERBS) == set(Event)


def entry(viewer: Viewer | None, **said: Any) -> dict[str, Any]:
    """An audit row as the web role would write it."""
    signed = {
        "actor_id": "" if viewer is None else str(viewer.person_id),
        "actor": "process:site" if viewer is None else viewer.username,
        "actor_agency": "" if viewer is None else viewer.agency,
    }
    return signed | {"verb": "consultation", "event": "page_viewed", "subject_kind": "page", "purpose": "tests"} | said


def written(builders: Any, viewer: Viewer | None, **said: Any) -> bool:
    """Whether the web role, looking on behalf of a viewer or of nobody, may write the row."""
    try:
        with transaction.atomic(), builders.role("crossline_web"):
            if viewer is None:
                AuditEvent(**entry(None, **said)).save(force_insert=True)
            else:
                with reading(viewer):
                    AuditEvent(**entry(viewer, **said)).save(force_insert=True)
    except DatabaseError as error:
        assert "row-level security" in str(error)
        return False
    return True


def test_a_page_signs_as_its_viewer_and_as_nobody_else(db: None, builders: Any) -> None:
    kent, essex = builders.enrolled("kent.analyst"), builders.enrolled("essex.analyst", agency="essex")

    assert written(builders, kent)
    assert not written(builders, kent, actor_id=str(essex.person_id))
    assert not written(builders, kent, actor_id=str(essex.person_id), actor=essex.username, actor_agency="essex")
    assert not written(builders, kent, actor=essex.username)
    assert not written(builders, kent, actor_agency="essex")
    assert not written(builders, kent, actor="process:intake")
    assert not written(builders, kent, actor_id="")
    assert written(builders, None)
    assert not written(builders, None, actor=kent.username)
    assert not written(builders, None, actor=kent.username, actor_id=str(kent.person_id))
    assert AuditEvent.objects.filter(event="page_viewed").count() == 2


@pytest.mark.parametrize("name", ["administrator", "process:intake", "Kent", "", "a b", "x" * 81, "a\0b"])
def test_nobody_is_enrolled_under_a_name_that_could_pass_for_another(name: str, db: None, builders: Any) -> None:
    with pytest.raises(UserError, match="cannot be a user's name"):
        builders.enrolled(name)
    assert not Person.objects.exists()


def test_enrolling_in_an_agency_that_is_none_says_what_to_write(db: None) -> None:
    with pytest.raises(UserError, match="There is no agency 'mars'; use an id from the agency list, such as 'kent'"):
        enrol(username="a", name="A", agency="mars", roles=[], password="x" * 12, by=Process("tests"))


@pytest.mark.parametrize("who", ["none", "crossline_owner", "crossline_engine", "crossline_web"])
@pytest.mark.parametrize(
    "statement",
    ["UPDATE access_auditevent SET actor = 'nobody'", "DELETE FROM access_auditevent", "TRUNCATE access_auditevent"],
)
def test_no_row_is_ever_changed_or_removed_whoever_asks(who: str, statement: str, db: None, builders: Any) -> None:
    builders.enrolled("kent.analyst")
    before = builders.snapshot()
    refusal = ""
    try:
        with transaction.atomic(), builders.role(who), connection.cursor() as cursor:
            if who == "none":
                cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
                assert cursor.fetchone() == (True,)
            cursor.execute(statement)
            refusal = f"{cursor.rowcount} rows"
    except (DatabaseError, psycopg.Error) as error:
        refusal = str(error)

    # Not even the owner has a policy: it reaches no row, so there is none for its UPDATE and DELETE to be refused on.
    unreached = who == "crossline_owner" and not statement.startswith("TRUNCATE")
    assert (
        "0 rows" if unreached else "never changed or removed" if who in ("none", "crossline_owner") else "denied"
    ) in refusal
    assert builders.changed(before) == set()


def test_a_superuser_who_takes_the_row_by_its_id_is_refused_too(db: None, builders: Any) -> None:
    builders.enrolled("kent.analyst")
    row = AuditEvent.objects.get()
    for change in (row.delete, lambda: row.save(update_fields=["actor"])):
        with (
            pytest.raises(DatabaseError, match="never changed or removed"),
            transaction.atomic(),
            builders.role("none"),
        ):
            change()


def test_what_is_logged_of_an_act_says_who_what_and_why(store: None, builders: Any) -> None:
    viewer = builders.enrolled("kent.analyst")
    left, right = pair()
    with builders.seen_by(viewer) as viewpoint:
        made = judge(left=right, right=left, verdict=Verdict.DIFFERENT, reason="twins", viewpoint=viewpoint)
        withdraw(judgement=made.id, reason="no twin", viewpoint=viewpoint)

    said = AuditEvent.objects.filter(actor="kent.analyst").order_by("at")
    assert [(row.event, row.actor_id, row.actor_agency, row.subject) for row in said] == [
        ("judgement_made", str(viewer.person_id), "kent", str(made.id)),
        ("judgement_withdrawn", str(viewer.person_id), "kent", str(made.id)),
    ]
    about = {"left": str(left), "right": str(right), "verdict": "different", "decides": False}
    assert said[0].detail == about | {"actor_kind": "person"}
    assert Withdrawal.objects.get().withdrawn_by == "kent.analyst"
    assert not Match.objects.exists()
