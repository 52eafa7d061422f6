"""Decoys: an auditor plants, one named person agrees, people come upon it, it ends; nobody else is told or does it alone."""

from __future__ import annotations

from datetime import timedelta
from html import unescape
from random import Random
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from crossline.access.actions import fingerprint_of
from crossline.access.models import AuditEvent, Person
from crossline.access.policy import agency_label
from crossline.access.roles import Role
from crossline.access.viewer import ADMINISTRATOR, reading
from crossline.audit.queries import desk, looks, of_decoys
from crossline.entities.search import search
from crossline.errors import MoveNotAllowed, NotPermitted, UserError
from crossline.records.decoys.drawing import OLDEST, YOUNGEST, draw, story_of
from crossline.records.decoys.finding import shown_as_record
from crossline.records.decoys.planting import MOVES, Standing, State, agree, end, known, plant, refuse, standings
from crossline.records.decoys.security import LONGEST_DAYS, SECRET_EVENTS
from crossline.records.models import Decoy, DecoyRecord, DecoyStep
from crossline.vocabulary.selectors import is_synthetic_phone

from .planted import REASON, STORY, agreed, another, asked, ended, enrolled

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]


@pytest.fixture
def people(db: None, builders: Any) -> Any:
    return enrolled(builders)


def comes_upon(builders: Any, who: Any, made: Decoy) -> bool:
    """Whether somebody is shown it: found by its name, and at its address."""
    with builders.seen_by(who) as viewpoint:
        found = bool(search(viewpoint, STORY.surname).people)
        assert found == (shown_as_record(viewpoint, made.id) is not None)
        return found


def test_people_come_upon_it_from_when_the_second_person_agrees_until_it_is_ended(people: Any, builders: Any) -> None:
    made = asked(builders, people)
    assert not comes_upon(builders, people["analyst"], made)
    with builders.seen_by(people["sponsor"]) as viewpoint:
        agree(decoy=made.id, viewpoint=viewpoint)
    assert comes_upon(builders, people["analyst"], made) and comes_upon(builders, people["manager"], made)
    for outside in ("essex", "centre", "auditor", "administrator"):
        assert not comes_upon(builders, people[outside], made), outside
    ended(builders, people, made)
    assert not comes_upon(builders, people["analyst"], made)


def test_its_audience_is_the_policing_label_of_the_agency(people: Any, builders: Any) -> None:
    made = agreed(builders, people)
    with builders.role("none"):
        assert DecoyRecord.objects.get(id=made.id).audience.fingerprint == fingerprint_of([agency_label("kent")])


def test_it_runs_out_by_itself(people: Any, builders: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    made = agreed(builders, people, days=3)
    with builders.role("none"):
        shown = DecoyRecord.objects.get(id=made.id)
        assert abs(shown.until - timezone.now() - timedelta(days=3)) < timedelta(minutes=2)
        DecoyRecord.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert not comes_upon(builders, people["analyst"], made)
    with builders.seen_by(people["analyst"]):
        assert not DecoyRecord.objects.exists()
    later = timezone.now() + timedelta(days=3, minutes=5)
    with builders.seen_by(people["auditor"]) as viewpoint:
        (found,) = standings(viewpoint)
        monkeypatch.setattr(timezone, "now", lambda: later)
        assert found.state is State.EXPIRED


def test_who_administers_the_machine_is_told_of_none(people: Any, builders: Any) -> None:
    """Commands run by them work with what is really there, and say nothing about what is not."""
    made = agreed(builders, people)
    with builders.role("none"), reading(ADMINISTRATOR) as viewpoint:
        assert shown_as_record(viewpoint, made.id) is None


def test_the_states_lead_where_the_table_says_and_nowhere_else(people: Any, builders: Any) -> None:
    for first in (State.AGREED, State.REFUSED, State.ENDED):
        for second in (State.AGREED, State.REFUSED, State.ENDED):
            made = asked(builders, people, another(f"KENT/2026/{first}-{second}"))
            _move(builders, people, made, first)
            if second in MOVES[first]:
                _move(builders, people, made, second)
                continue
            with pytest.raises(MoveNotAllowed, match=r"plant another"):
                _move(builders, people, made, second)
    assert MOVES.keys() == set(State)


def _move(builders: Any, people: Any, made: Decoy, to: State) -> None:
    with builders.seen_by(people["sponsor"]) as viewpoint:
        if to is State.AGREED:
            agree(decoy=made.id, viewpoint=viewpoint)
        else:
            {State.REFUSED: refuse, State.ENDED: end}[to](decoy=made.id, note="Because.", viewpoint=viewpoint)


def test_nobody_plants_who_is_no_auditor_nor_agrees_alone_nor_in_anothers_place(people: Any, builders: Any) -> None:
    for who in ("manager", "analyst", "administrator"):
        with builders.seen_by(people[who]) as viewpoint, pytest.raises(NotPermitted, match="auditor"):
            plant(story=STORY, days=1, reason=REASON, sponsor="kent.sponsor", viewpoint=viewpoint)
    for nobody in ("kent.auditor", "kent.analyst", "essex.auditor", "nobody"):
        with pytest.raises(UserError, match="Choose who"):
            asked(builders, people, sponsor=nobody)
    made = asked(builders, people)
    for who in ("auditor", "other auditor"):
        with builders.seen_by(people[who]) as viewpoint, pytest.raises(NotPermitted, match="Somebody else"):
            agree(decoy=made.id, viewpoint=viewpoint)
    for who in ("manager", "analyst", "essex auditor", "centre", "administrator"):
        for act in (agree, lambda **said: end(note="x", **said), lambda **said: refuse(note="x", **said)):
            with builders.seen_by(people[who]) as viewpoint, pytest.raises(NotPermitted, match="does not exist"):
                act(decoy=made.id, viewpoint=viewpoint)


@pytest.mark.parametrize("said", [{"days": 0}, {"days": LONGEST_DAYS + 1}, {"reason": " "}, {"reason": "x" * 501}])
def test_it_is_for_a_time_and_a_reason(people: Any, builders: Any, said: dict[str, Any]) -> None:
    with pytest.raises(UserError):
        asked(builders, people, **said)
    made = asked(builders, people)
    for act in (refuse, end):
        with builders.seen_by(people["sponsor"]) as viewpoint, pytest.raises(UserError, match="Say why"):
            act(decoy=made.id, note=" ", viewpoint=viewpoint)


def test_only_auditors_and_who_was_named_know_of_it(people: Any, builders: Any) -> None:
    made = agreed(builders, people)
    for name, who in people.items():
        told = name in ("auditor", "other auditor", "sponsor")
        with builders.seen_by(who) as viewpoint:
            assert known(viewpoint).exists() == told, name
            assert Decoy.objects.exists() == DecoyStep.objects.exists() == told, name
            assert {State.AGREED} == {each.state for each in standings(viewpoint)} if told else not standings(viewpoint)
            assert AuditEvent.objects.filter(event__in=["decoy_planted"]).exists() == (told and name != "sponsor"), name
    assert set(AuditEvent.objects.filter(subject_kind="decoy").values_list("subject", flat=True)) == {str(made.id)}
    for event in AuditEvent.objects.filter(subject_kind="decoy"):
        assert event.detail == {"actor_kind": "person"}, "an id and nothing else"


def test_an_auditor_who_is_one_no_more_knows_of_none(people: Any, builders: Any) -> None:
    agreed(builders, people)
    with builders.role("none"):
        Person.objects.filter(username__in=["kent.auditor", "kent.sponsor"]).update(roles=[Role.ANALYST])
    for name in ("auditor", "sponsor"):
        with builders.seen_by(people[name]):
            assert not Decoy.objects.exists() and not DecoyStep.objects.exists()


def statement(people: Any, **said: Any) -> tuple[str, list[Any]]:
    """A row of a decoy, right in everything but what is said."""
    row = {
        "id": "00000000-0000-4000-8000-000000000001",
        "ref": "KENT/2026/1",
        "person": "00000000-0000-4000-8000-000000000002",
        "phone": "00000000-0000-4000-8000-000000000003",
        "said": "{}",
        "tokens": ["quill"],
        "days": 5,
        "reason": "Why.",
        "planted_by": "kent.auditor",
        "planted_by_id": str(people["auditor"].person_id),
        "planted_agency": "kent",
        "planted_at": timezone.now(),
        "sponsor": "kent.sponsor",
        "sponsor_id": str(people["sponsor"].person_id),
    } | said
    return f"INSERT INTO records_decoy ({', '.join(row)}) VALUES ({', '.join(['%s'] * len(row))})", list(row.values())


WRONG: tuple[dict[str, Any], ...] = (
    *({"days": 0}, {"days": LONGEST_DAYS + 1}, {"reason": ""}, {"planted_by": "kent.manager"}),
    *({"planted_agency": "essex"}, {"planted_by_id": "nobody"}, {"planted_at": timezone.now() - timedelta(hours=2)}),
    *({"sponsor": "kent.manager"}, {"sponsor_id": "nobody"}),
)


def test_the_database_itself_refuses_a_row_that_is_not_right(people: Any, builders: Any) -> None:
    for said in (
        *WRONG,
        {"sponsor": "kent.auditor", "sponsor_id": str(people["auditor"].person_id)},
        {"sponsor": "essex.auditor", "sponsor_id": str(people["essex auditor"].person_id)},
        {"sponsor": "kent.analyst", "sponsor_id": str(people["analyst"].person_id)},
    ):
        assert not put_in(builders, people["auditor"], *statement(people, **said)), said
    for other in ("manager", "analyst", "essex auditor"):
        own = {"planted_by": people[other].username, "planted_by_id": str(people[other].person_id)}
        assert not put_in(builders, people[other], *statement(people, **own)), other
    assert put_in(builders, people["auditor"], *statement(people))


def test_the_database_itself_takes_a_step_only_from_whose_it_is(people: Any, builders: Any) -> None:
    made = asked(builders, people)
    row = (
        "INSERT INTO records_decoystep (id, decoy_id, state, note, at, by, by_id, by_agency) "
        "VALUES (gen_random_uuid(), %s, %s, '', now(), %s, %s, 'kent')"
    )
    may = {("sponsor", "agreed"), ("sponsor", "refused"), ("sponsor", "ended")}
    may |= {("auditor", "ended"), ("other auditor", "ended")}
    for name, who in people.items():
        for state in ("agreed", "refused", "ended", "anything"):
            done = put_in(builders, who, row, [made.id, state, who.username, str(who.person_id)])
            assert done == ((name, state) in may), (name, state)
    sponsor = people["sponsor"]
    with builders.role("none"):
        Person.objects.filter(username="kent.sponsor").update(roles=[Role.ANALYST])
    assert not put_in(builders, sponsor, row, [made.id, "agreed", sponsor.username, str(sponsor.person_id)])


class _GoBack(Exception):  # not an error: the way out of what was tried
    """Ends what is tried."""


def put_in(builders: Any, who: Any, query: str, parameters: list[Any]) -> bool:
    """Whether the web login may write it; nothing of it is kept."""
    try:
        with transaction.atomic():
            with builders.seen_by(who), connection.cursor() as cursor:
                cursor.execute(query, parameters)
            raise _GoBack
    except _GoBack:
        return True
    except DatabaseError as error:
        assert "row-level security" in str(error) or "permission denied" in str(error), error
        return False


def test_what_was_ended_before_anybody_agreed_cannot_be_agreed_to_behind_the_actions_back(
    people: Any, builders: Any
) -> None:
    made = asked(builders, people)
    ended(builders, people, made)
    sponsor = people["sponsor"]
    step = DecoyStep(
        decoy=made, state="agreed", by=sponsor.username, by_id=str(sponsor.person_id), by_agency=sponsor.agency
    )
    with pytest.raises(DatabaseError, match="was ended"), transaction.atomic(), builders.seen_by(sponsor):
        step.save(force_insert=True)


def test_who_is_slower_is_told_so(people: Any, builders: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    made = agreed(builders, people)
    monkeypatch.setattr(Standing, "state", State.WAITING)
    with builders.seen_by(people["sponsor"]) as viewpoint, pytest.raises(MoveNotAllowed, match="quicker"):
        refuse(decoy=made.id, note="No.", viewpoint=viewpoint)


def test_rows_are_never_changed_and_what_is_shown_is_written_by_no_page(people: Any, builders: Any) -> None:
    agreed(builders, people)
    for query in (
        "UPDATE records_decoy SET days = 90",
        "DELETE FROM records_decoystep",
        "UPDATE records_decoyrecord SET until = now()",
        "DELETE FROM records_decoytoken",
        "INSERT INTO records_decoytoken (decoy_id, token, audience_id) SELECT id, 'x', audience_id FROM records_decoyrecord",
    ):
        for name in ("auditor", "sponsor", "analyst"):
            assert not put_in(builders, people[name], query, []), (query, name)
    for table in ("records_decoy", "records_decoystep", "records_decoyrecord", "records_decoytoken"):
        with (
            pytest.raises(DatabaseError, match="permission denied"),
            transaction.atomic(),
            builders.role("crossline_engine"),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"SELECT FROM {table}")


def test_what_it_says_is_of_nobody_and_of_no_child() -> None:
    now = timezone.now()
    for seed in range(200):
        story = draw("kent", chance=Random(seed), now=now)
        assert is_synthetic_phone(story.selector.removeprefix("phone:"))
        assert YOUNGEST <= now.year - int(story.born[:4]) <= OLDEST
        assert story.caption in story.text and story.number in story.text
        assert story_of(story.written()) == story
        assert now - timedelta(days=61) < story.occurred_at < story.made_at < now
        assert story.ref.startswith("KENT/")
    assert len({draw("kent", chance=Random(seed), now=now).caption for seed in range(200)}) > 100


# Pages


def browse(as_web: Any, who: Any, address: str, posted: dict[str, str] | None = None) -> Any:
    client = Client(headers={"host": "localhost"})
    with as_web():
        client.force_login(Person.objects.get(username=who.username))
        return client.get(address) if posted is None else client.post(address, posted)


def test_it_is_planted_agreed_to_and_ended_on_a_page(people: Any, builders: Any, as_web: Any) -> None:
    said = {"do": "plant", "reason": REASON, "days": "20", "sponsor": "kent.sponsor"}
    assert browse(as_web, people["auditor"], "/audit/decoys", said).status_code == 302
    with builders.role("none"):
        made = Decoy.objects.get()
    story = story_of(made.said)
    page = browse(as_web, people["sponsor"], "/audit/decoys").content.decode()
    assert "kent.auditor asks you to agree" in page and REASON in page and story.number in page
    assert (
        "Plant one" not in page and "Plant one" in browse(as_web, people["auditor"], "/audit/decoys").content.decode()
    )
    assert browse(as_web, people["sponsor"], "/audit/decoys", {"do": "agree", "decoy": str(made.id)}).status_code == 302
    shown = browse(as_web, people["analyst"], f"/records/{made.id}").content.decode()
    assert story.caption in unescape(shown) and "decoy" not in shown.lower()
    page = browse(as_web, people["other auditor"], "/audit/decoys").content.decode()
    assert "In force" in page and f"/audit/records/{made.id}" in page
    end_it = {"do": "end", "decoy": str(made.id), "note": "Done."}
    assert browse(as_web, people["other auditor"], "/audit/decoys", end_it).status_code == 302
    assert browse(as_web, people["analyst"], f"/records/{made.id}").status_code == 404
    assert "Ended" in browse(as_web, people["auditor"], "/audit/decoys").content.decode()


def test_what_is_wrong_on_the_form_is_said_and_changes_nothing(people: Any, builders: Any, as_web: Any) -> None:
    made = asked(builders, people)
    good = {"do": "plant", "reason": REASON, "days": "20", "sponsor": "kent.sponsor"}
    for bad in (
        *(good | wrong for wrong in ({"days": "91"}, {"reason": ""}, {"sponsor": "kent.analyst"}, {"sponsor": ""})),
        *({"do": "agree", "decoy": each} for each in ("nonsense", str(made.person), str(made.id))),
        *({"do": "refuse", "decoy": str(made.id)}, {"do": "end", "decoy": str(made.id)}),
        *({"do": "anything", "decoy": str(made.id)},),
    ):
        assert browse(as_web, people["auditor"], "/audit/decoys", bad).status_code == 422, bad
    refuse_it = {"do": "refuse", "decoy": str(made.id), "note": "Too broad."}
    assert browse(as_web, people["sponsor"], "/audit/decoys", refuse_it).status_code == 302
    with builders.role("none"):
        assert Decoy.objects.count() == DecoyStep.objects.count() == 1
    assert "Too broad." in browse(as_web, people["auditor"], "/audit/decoys").content.decode()


def test_for_everybody_else_the_page_is_not_there(people: Any, builders: Any, as_web: Any) -> None:
    agreed(builders, people)
    absent = browse(as_web, people["analyst"], "/audit/no-such-page").content
    for name in ("analyst", "manager", "centre", "essex", "administrator"):
        answer = browse(as_web, people[name], "/audit/decoys")
        assert answer.status_code == 404, name
    assert b"Page not found" in absent and b"Page not found" in answer.content
    assert browse(as_web, people["essex auditor"], "/audit/decoys").status_code == 200
    assert STORY.surname.encode() not in browse(as_web, people["essex auditor"], "/audit/decoys").content


def test_who_opened_one_comes_first_on_the_desk_of_those_who_may_know(people: Any, builders: Any, as_web: Any) -> None:
    made = agreed(builders, people)
    browse(as_web, people["analyst"], "/lines")
    for address in (f"/records/{made.id}", f"/people/{made.person}", f"/things/{made.phone}", f"/search?q={STORY.ref}"):
        assert browse(as_web, people["analyst"], address).status_code == 200
    browse(as_web, people["auditor"], f"/audit/records/{made.id}")
    since = timezone.now() - timedelta(days=1)
    with builders.seen_by(people["auditor"]) as viewpoint:
        found = looks(viewpoint, of_decoys(viewpoint, desk(viewpoint, since=since)).order_by("at"))
    assert [(look.page, look.decoy) for look in found] == [(p, True) for p in ("record", "person", "thing", "search")]
    for name in ("auditor", "other auditor", "sponsor"):
        page = browse(as_web, people[name], "/audit/desk").content.decode()
        assert page.count("Opened a decoy") == 3 and page.count("Found a decoy by its reference") == 1, name
        assert page.rindex("Opened a decoy") < page.index("Every opened record is explained")
        assert 'href="/audit/decoys"' in page
    page = browse(as_web, people["manager"], "/audit/desk").content.decode()
    assert f"record {str(made.id)[:8]}" in page and "decoy" not in page.lower()
    assert "decoy" not in browse(as_web, people["analyst"], "/audit/mine").content.decode().lower()


def test_an_auditor_decides_on_such_a_read_and_is_warned_of_who_reads_it(
    people: Any, builders: Any, as_web: Any
) -> None:
    made = agreed(builders, people)
    browse(as_web, people["analyst"], f"/records/{made.id}")
    read = AuditEvent.objects.get(subject_kind="record", actor="kent.analyst")
    address = f"/audit/reads/{read.id}"
    page = browse(as_web, people["auditor"], address).content.decode()
    assert "Opened a decoy" in page and "A decoy" in page and "Do not say that it was a decoy" in page
    asked_why = {"outcome": "asked", "note": "Rang them."}
    assert browse(as_web, people["auditor"], address, asked_why).status_code == 302
    page = browse(as_web, people["manager"], address).content.decode()
    assert "The reader has been asked" in page and "decoy" not in page.lower()


def test_what_tells_of_decoys_is_for_auditors_alone(people: Any, builders: Any, as_web: Any) -> None:
    made = agreed(builders, people)
    browse(as_web, people["auditor"], "/audit/decoys")
    ended(builders, people, made)
    events = set(AuditEvent.objects.filter(event__in=SECRET_EVENTS).values_list("event", flat=True))
    assert events == {"decoy_planted", "decoy_agreed", "decoy_ended", "decoys_read"}
    for name, who in people.items():
        with builders.seen_by(who):
            told = AuditEvent.objects.filter(event__in=SECRET_EVENTS).exclude(actor=who.username)
            assert told.exists() == (name in ("auditor", "other auditor")), name
    with builders.seen_by(people["manager"]):
        assert AuditEvent.objects.filter(actor="kent.auditor").exists() is False
