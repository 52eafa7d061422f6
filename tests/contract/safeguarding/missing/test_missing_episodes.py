"""Scenario 9: a child missing from one force and found in another, the interview not held within 72 hours, then held late."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from crossline.access.models import AuditEvent
from crossline.errors import MoveNotAllowed, NotPermitted, UserError
from crossline.records.generation import advance
from crossline.records.models import Mention
from crossline.safeguarding.missing.clocks import ClockState
from crossline.safeguarding.missing.models import EntryKind, EpisodeDisclosure, EpisodeEntry, TriggerPlan
from crossline.safeguarding.missing.noting import disclose, note_on_episode
from crossline.safeguarding.missing.planning import save_plan
from crossline.safeguarding.missing.standing import Standing, episodes_of, register

from .conftest import Case


def clock(found: Standing | None, which: str = "return_interview") -> Any:
    assert found is not None
    return next(each for each in found.clocks if each.rule.id == which)


def note(case: Case, who: Any, mention: UUID, kind: EntryKind, hours: float = 1, **more: Any) -> EpisodeEntry:
    said = {"who": "Essex County Council"} | more.pop("said", {})
    with case.builders.seen_by(who) as viewpoint:
        at = case.now - timedelta(hours=hours)
        whole = {"text": ""} | more
        return note_on_episode(episode=mention, kind=kind, happened_at=at, said=said, viewpoint=viewpoint, **whole)


def posted(case: Case, kind: str, hours: float = 1, **said: str) -> dict[str, str]:
    at = timezone.localtime(case.now - timedelta(hours=hours))
    return {"do": kind, f"{kind}-happened_at": f"{at:%d/%m/%Y %H:%M}"} | {
        f"{kind}-{name}": value for name, value in said.items()
    }


def test_a_breach_shows_to_home_finder_and_centre_and_what_is_done_late_is_told_as_late(case: Case) -> None:
    child = case.sent("KENT/9", back=97)
    for who in (case.home, case.finder, case.centre, case.coordinator, case.analyst):
        text = case.browse(who, "/missing?clock=breached").content.decode()
        assert "Okonkwo-Tamm" in text and "Breached: late by 25 hours" in text and "Out of area" in text, who.username
        found = clock(case.seen(who, child))
        assert (found.state, found.goes_to, found.escalated) == (ClockState.BREACHED, ("essex", "nclcc"), True)
    assert "Escalated to the centre" in case.browse(case.coordinator, f"/missing/{child}").content.decode()

    said = {"who": "Worker Q of the county council", "where": "At the placement", "text": "Face to face."}
    answer = case.browse(case.home, f"/missing/{child}", posted(case, "done", **said))
    assert answer.status_code == 302
    for who in (case.home, case.finder, case.centre):
        text = case.browse(who, f"/missing/{child}").content.decode()
        assert "Done late, by 24 hours" in text or "Done late, by 23 hours" in text, who.username
        assert "Worker Q of the county council" in text
        assert "Okonkwo-Tamm" not in case.browse(who, "/missing?clock=breached").content.decode()
        assert "Okonkwo-Tamm" in case.browse(who, "/missing?clock=done_late").content.decode()
    assert AuditEvent.objects.filter(event="episode_noted", actor="essex.lead").count() == 1


def test_home_and_finder_each_record_it_and_it_is_one_episode(case: Case) -> None:
    finders = case.sent("KENT/1", gone=120, back=80)
    homes = case.sent("ESSEX/1", by="essex", gone=122, back=81, found_place="Hastings station", risk="medium")
    earlier = case.sent("ESSEX/0", by="essex", gone=24 * 50, back=24 * 49)
    long_ago = case.sent("ESSEX/-1", by="essex", gone=24 * 200, back=24 * 199)
    found = case.seen(case.finder, finders)
    assert found is not None and found.counts == (2, 3), "the count is of episodes, not of records"
    assert {each.record.ref for each in found.episode.told} == {"KENT/1", "ESSEX/1"}
    assert found.episode.since == case.now - timedelta(hours=122) and found.returned == case.now - timedelta(hours=81)
    assert found.episode.differs == ["missing since", "found at", "place", "risk"] and found.risk == "high"
    assert found.is_repeat and case.seen(case.home, homes) is not None
    for mention in (earlier, long_ago):
        other = case.seen(case.home, mention)
        assert other is not None and other.episode.id != found.episode.id
    with case.builders.seen_by(case.home) as viewpoint:
        rows = episodes_of(viewpoint, [homes])
        listed = [each.episode.id for each in register(viewpoint)]
    assert [row["href"] for row in rows] == [
        f"/missing/{found.episode.id}",
        f"/missing/{earlier}",
        f"/missing/{long_ago}",
    ]
    assert listed == [found.episode.id, earlier, long_ago]
    text = case.browse(case.home, f"/missing/{homes}").content.decode()
    assert "Records differ" in text and "2 in 90 days, 3 in 12 months" in text
    entry = note(case, case.home, finders, EntryKind.OFFERED)
    assert entry.about_id == homes, "the home force writes beside its own record"


def test_what_was_written_beside_an_older_revision_stays(case: Case) -> None:
    first = case.sent("KENT/2")
    note(case, case.home, first, EntryKind.DECLINED)
    mention = Mention.objects.select_related("record").get(id=first)
    record = mention.record
    record.pk, record.revision, record.detail = uuid4(), 2, {"missing": record.detail["missing"] | {"risk": "medium"}}
    record.save(force_insert=True)
    mention.pk, mention.record = uuid4(), record
    mention.save(force_insert=True)
    advance()
    second = mention.pk
    found = case.seen(case.home, second)
    assert clock(found).state is ClockState.DECLINED and [each.risk for each in found.episode.told] == ["medium"]
    assert case.seen(case.home, first).episode == found.episode


def test_who_may_write_and_who_may_not_in_the_page_and_in_the_database(case: Case) -> None:
    child = case.sent("KENT/3")
    for who in (case.home, case.finder, case.centre):
        note(case, who, child, EntryKind.OFFERED)
    note(case, case.coordinator, child, EntryKind.CHASED, text="They ring back tomorrow.")
    for who, kind in (
        (case.elsewhere, EntryKind.OFFERED),
        (case.analyst, EntryKind.OFFERED),
        (case.coordinator, EntryKind.DONE),
    ):
        with pytest.raises(NotPermitted):
            note(case, who, child, kind)
    assert 'value="offered"' not in case.browse(case.elsewhere, f"/missing/{child}").content.decode()
    row = EpisodeEntry.objects.filter(kind="offered").order_by("at")[0]
    for who, changed in (
        (case.elsewhere, {}),
        (case.analyst, {}),
        (case.coordinator, {}),
        (case.home, {"by": "somebody.else"}),
        (case.home, {"at": case.now - timedelta(days=1)}),
    ):
        signed = {"by": who.username, "by_agency": who.agency, "at": timezone.now()} | changed
        mine = EpisodeEntry(
            about=row.about, kind="offered", happened_at=case.now, audience_id=row.audience_id, **signed
        )
        with case.builders.seen_by(who), pytest.raises(DatabaseError), transaction.atomic():
            mine.save(force_insert=True)


def test_what_was_disclosed_is_for_safeguarding_leads_alone(case: Case) -> None:
    child = case.sent("KENT/4")
    told = {"told_at": case.now, "told_to": "Worker Q", "text": "They made me carry it."}
    with case.builders.seen_by(case.home) as viewpoint:
        disclose(episode=child, viewpoint=viewpoint, **told)
    for who, reads in ((case.finder, True), (case.elsewhere, True), (case.analyst, False), (case.coordinator, False)):
        text = case.browse(who, f"/missing/{child}").content.decode()
        assert ("They made me carry it." in text) is reads, who.username
        with case.builders.seen_by(who):
            assert EpisodeDisclosure.objects.exists() is reads
    for who in (case.analyst, case.elsewhere):
        with case.builders.seen_by(who) as viewpoint, pytest.raises(NotPermitted):
            disclose(episode=child, viewpoint=viewpoint, **told)
    assert "carry" not in str(AuditEvent.objects.filter(event="episode_noted").values_list("detail", flat=True))


def test_an_entry_by_mistake_is_taken_back_by_its_agency_and_stays_to_be_read(case: Case) -> None:
    child = case.sent("KENT/5")
    wrong = note(case, case.home, child, EntryKind.DONE, hours=70)
    assert clock(case.seen(case.home, child)).state is ClockState.DONE
    with pytest.raises(NotPermitted, match="Essex"):
        note(case, case.finder, child, EntryKind.TAKEN_BACK, text="Not so.", of=wrong.id)
    with pytest.raises(UserError, match="Choose the entry"):
        note(case, case.home, child, EntryKind.TAKEN_BACK, text="Not so.", of=uuid4())
    answer = case.browse(
        case.home, f"/missing/{child}", posted(case, "taken_back", of=str(wrong.id), text="It was another child.")
    )
    assert answer.status_code == 302
    assert clock(case.seen(case.home, child)).state is ClockState.BREACHED
    assert "(taken back)" in case.browse(case.finder, f"/missing/{child}").content.decode()


def test_times_that_cannot_be_and_answers_that_are_lacking_are_refused_in_a_sentence(case: Case) -> None:
    child = case.sent("KENT/6")
    for kind, hours, more, words in (
        (EntryKind.OFFERED, -1, {}, "lies ahead"),
        (EntryKind.CHASED, 200, {"text": "Rang."}, "before they went missing"),
        (EntryKind.DONE, 81, {}, "before they came back"),
        (EntryKind.RISK, 1, {"text": "x", "said": {"grade": "worst"}}, "Choose from the list: Risk"),
        (EntryKind.RISK, 1, {"said": {"grade": "low"}}, "Say in words"),
        (EntryKind.JOURNEY, 1, {}, "at least one thing"),
        (EntryKind.OFFERED, 1, {"said": {"who": " "}}, "Give: Who did so"),
    ):
        with pytest.raises((UserError, MoveNotAllowed), match=words):
            note(case, case.home, child, kind, hours, **more)
    assert not EpisodeEntry.objects.exists()
    answer = case.browse(case.home, f"/missing/{child}", posted(case, "done", hours=81, who="Worker Q"))
    assert answer.status_code == 422 and "before they came back" in answer.content.decode()
    bad = {"do": "done", "done-happened_at": "yesterday", "done-who": "Worker Q"}
    assert "Enter a day and a time" in case.browse(case.home, f"/missing/{child}", bad).content.decode()


def test_what_nobody_knows_is_asked_for_until_somebody_writes_it(case: Case) -> None:
    child = case.sent("KENT/7", back=None)
    found = clock(case.seen(case.home, child))
    assert found.state is ClockState.NOT_KNOWN and "When did they come back" in found.ask
    note(case, case.home, child, EntryKind.RETURNED, hours=60)
    found = clock(case.seen(case.home, child))
    assert found.state is ClockState.DUE and found.due == case.now + timedelta(hours=12)
    prevention = clock(case.seen(case.home, child), "prevention")
    assert prevention.state is ClockState.NOT_KNOWN, "records are silent on it, and silence is no answer"
    seen = {"outcome": "tried", "who": "PC of the force", "face_to_face": "no", "alone": "unknown"}
    note(case, case.home, child, EntryKind.PREVENTION, hours=20, said=seen)
    assert clock(case.seen(case.home, child), "prevention").state is ClockState.BREACHED
    note(case, case.home, child, EntryKind.PREVENTION, hours=2, said=seen | {"outcome": "done"})
    assert clock(case.seen(case.home, child), "prevention").state is ClockState.DONE_LATE


def test_a_trigger_plan_is_kept_by_versions_and_read_by_home_finder_and_centre(case: Case) -> None:
    first = case.sent("KENT/8", gone=24 * 40, back=24 * 39)
    again = case.sent("KENT/8b")
    soon = timezone.localdate() + timedelta(days=30)
    plan = {"text": "Ring the aunt in Hastings.", "review_on": soon, "reason": "Third time.", "stood": 0}
    with case.builders.seen_by(case.home) as viewpoint:
        save_plan(episode=first, viewpoint=viewpoint, **plan)
        with pytest.raises(MoveNotAllowed, match="Somebody else saved"):
            save_plan(episode=first, viewpoint=viewpoint, **plan)
        for wrong in ({"review_on": timezone.localdate()}, {"review_on": soon + timedelta(days=99)}, {"text": " "}):
            with pytest.raises(UserError):
                save_plan(episode=first, viewpoint=viewpoint, **plan | {"stood": 1} | wrong)
    for who in (case.finder, case.centre, case.analyst):
        assert "Ring the aunt in Hastings." in case.browse(who, f"/missing/{again}").content.decode(), who.username
    said = {"text": "Ring the station first.", "review_on": f"{soon:%d/%m/%Y}", "reason": "It changed.", "stood": "1"}
    assert case.browse(case.finder, f"/missing/{again}/plan", said).status_code == 302
    text = case.browse(case.home, f"/missing/{again}/plan").content.decode()
    assert text.index("Ring the station first.") < text.index("Ring the aunt in Hastings.")
    assert list(TriggerPlan.objects.order_by("number").values_list("number", "owner")) == [(1, "essex"), (2, "kent")]
    assert case.browse(case.elsewhere, f"/missing/{again}/plan", said | {"stood": "2"}).status_code == 200
    assert TriggerPlan.objects.count() == 2
    assert case.browse(case.analyst, f"/missing/{again}/plan").status_code == 404


def test_a_hidden_episode_is_answered_like_an_absent_one(case: Case) -> None:
    own = case.sent("KENT/own", audience=["kent"])
    assert case.seen(case.finder, own) is not None
    outside = case.builders.enrolled("norfolk.analyst", agency="norfolk")
    shared = case.sent("KENT/10", child=case.builders.person(surname="Adeyemi-Quill", dob="2012-05-06"))
    for who, mention in ((case.home, own), (outside, shared), (case.home, uuid4())):
        assert case.browse(who, f"/missing/{mention}").status_code == 404
        with case.builders.seen_by(case.home if mention != shared else outside) as viewpoint:
            with pytest.raises(NotPermitted, match="does not exist"):
                note_on_episode(
                    episode=mention, kind=EntryKind.OFFERED, happened_at=case.now, said={}, text="", viewpoint=viewpoint
                )
            assert episodes_of(viewpoint, [mention]) == []
    note(case, case.finder, own, EntryKind.OFFERED)
    with case.builders.seen_by(case.home):
        assert not EpisodeEntry.objects.exists()
    with case.builders.seen_by(case.finder), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM missing_episodeentry")
        assert cursor.fetchone() == (1,)


def test_the_desk_is_filtered_by_whose_it_is_and_how_it_stands(case: Case) -> None:
    case.sent("KENT/11")
    adult = case.builders.person("p1", surname="Vale", forename="Darren", dob="1980-02-03")
    near = case.sent("KENT/12", child=adult, gone=30, back=10, home_agency="kent")
    for address, sees in (
        ("/missing", {"Okonkwo-Tamm", "Vale"}),
        ("/missing?ours=home", {"Vale"}),
        ("/missing?ours=found", {"Okonkwo-Tamm", "Vale"}),
        ("/missing?out=yes", {"Okonkwo-Tamm"}),
        ("/missing?repeat=yes", set()),
        ("/missing?clock=escalated", set()),
        ("/missing?clock=running", {"Okonkwo-Tamm", "Vale"}),
        ("/missing?clock=nonsense", {"Okonkwo-Tamm", "Vale"}),
    ):
        text = case.browse(case.finder, address).content.decode()
        assert {name for name in ("Okonkwo-Tamm", "Vale") if name in text} == sees, address
    assert clock(case.seen(case.finder, near)).state is ClockState.NOT_FOR_ADULTS
