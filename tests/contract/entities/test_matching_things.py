"""The step that matches addresses, vehicles and telephones: only what is new, once, and nothing of it for whoever may not see."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from crossline.access.models import AuditEvent, Person
from crossline.entities import matching_things
from crossline.entities.judgements import judge
from crossline.entities.matching_things import RULES, match_things
from crossline.entities.models import Match, Verdict
from crossline.entities.places import places
from crossline.entities.things import thing_profile
from crossline.exchange.mentions import mention_rows
from crossline.records.models import Mention, Record, Step
from crossline.safeguarding.raising_facts import rows_of
from crossline.vocabulary.codes import MentionKind

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]

HOUSE = {"text": "12 High Street, Hastings", "postcode": "ZZ12 1AA"}
ABBREVIATED = {"text": "12 High St, Hastings"}
OTHER_FLAT = {"text": "Flat 3, 12 High Street, Hastings", "postcode": "ZZ12 1AA"}
FLAT = {"text": "Flat 2, 12 High Street, Hastings", "postcode": "ZZ12 1AA"}
FLAT_WITHOUT = {"text": "Apt 2, 12 High St, Hastings"}
NEXT_DOOR = {"text": "14 High Street, Hastings", "postcode": "ZZ12 1AA"}


def address(**said: Any) -> dict[str, Any]:
    return {"key": "a", "kind": "address", "premises": "dwelling"} | said


def vehicle(vrm: str, **said: Any) -> dict[str, Any]:
    return {"key": "a", "kind": "vehicle", "vrm": vrm} | said


def sent(
    builders: Any, tmp_path: Path, kept: Path, ref: str, *mentions: Any, agency: str = "kent", **said: Any
) -> None:
    """One report for each mention."""
    reports = [builders.report(f"{ref}/{place}", mentions=[mention], **said) for place, mention in enumerate(mentions)]
    builders.sent(tmp_path / ref, kept, agency=agency, ref=ref, reports=reports)


def found() -> dict[tuple[str, ...], tuple[float, str]]:
    """The matches by what both ends are called."""
    return {
        tuple(sorted((match.left.caption, match.right.caption))): (match.weight, str(match.explanation))
        for match in Match.objects.select_related("left", "right")
    }


@pytest.fixture
def browse(client: Client, as_web: Any) -> Any:
    """The text of a page as somebody sees it."""

    def read(viewer: Any, address: str) -> str:
        with as_web():
            client.force_login(Person.objects.get(username=viewer.username))
            return client.get(address, headers={"host": "localhost"}).content.decode()

    return read


def page_of(browse: Any, viewer: Any, caption: str) -> str:
    mention = Mention.objects.filter(caption=caption).order_by("id").first()
    assert mention is not None
    return str(browse(viewer, f"/things/{mention.id}"))


def test_an_address_written_otherwise_is_matched_and_its_explanation_adds_up(
    builders: Any, tmp_path: Path, kept: Path
) -> None:
    sent(builders, tmp_path, kept, "1", *(address(**each) for each in (FLAT, FLAT_WITHOUT, OTHER_FLAT, NEXT_DOOR)))

    assert match_things() == Match.objects.count() == 1

    match = Match.objects.get()
    rules = RULES[MentionKind.ADDRESS]
    assert match.kind == "address" and match.left_id < match.right_id
    assert rules.prior_bits + sum(bits for _, _, bits in match.explanation) == match.weight > 4.3
    assert match.model_version == rules.version
    assert (match.left_audience, match.right_audience) == (match.left.audience, match.right.audience)


def test_equal_values_need_no_match(builders: Any, tmp_path: Path, kept: Path) -> None:
    sent(
        builders, tmp_path, kept, "1", address(**FLAT), address(text="Apt 2, 12 High St, Hastings", postcode="zz121aa")
    )
    assert match_things() == 0


def test_near_plates_and_numbers_are_matched_and_placeholders_never(builders: Any, tmp_path: Path, kept: Path) -> None:
    look = {"make": "Ford", "model": "Focus", "colour": "blue"}
    sent(
        builders,
        tmp_path,
        kept,
        "1",
        vehicle("ZZ51 ABC", **look),
        vehicle("ZZ5I ABC", **look),
        vehicle("unknown", **look),
    )
    sent(builders, tmp_path, kept, "2", vehicle("not known", **look), vehicle("ZZ77 KLM", **look))
    reports = [
        builders.report(
            f"p/{place}",
            mentions=[builders.person(), {"key": "t", "kind": "phone", "number": number}],
            assertions=[{"from": "p1", "to": "t", "type": "uses", "basis": "fact"}],
        )
        for place, number in enumerate(("07700 900123", "07700 900132", "withheld", "07700 900777"))
    ]
    builders.sent(tmp_path / "3", kept, ref="3", reports=reports)

    assert match_things() == 2

    assert {match.kind for match in Match.objects.all()} == {"vehicle", "phone"}
    assert ("ZZ51 ABC", "ZZ5I ABC") in found()


def test_a_number_one_digit_off_with_nobody_in_common_is_no_match(builders: Any, tmp_path: Path, kept: Path) -> None:
    phones = [{"key": "t", "kind": "phone", "number": number} for number in ("07700 900123", "07700 900124")]
    sent(builders, tmp_path, kept, "1", *phones)
    assert match_things() == 0


def test_a_second_run_has_nothing_to_do(builders: Any, tmp_path: Path, kept: Path) -> None:
    sent(builders, tmp_path, kept, "1", address(**FLAT), address(**FLAT_WITHOUT))
    match_things()
    before = builders.snapshot()
    assert match_things() == 0
    assert builders.changed(before) == set()


def test_only_what_is_new_is_matched_and_gives_what_a_full_run_gives(builders: Any, tmp_path: Path, kept: Path) -> None:
    sent(builders, tmp_path, kept, "1", address(**FLAT), address(**FLAT), address(**HOUSE))
    match_things()
    first = set(Match.objects.values_list("id", flat=True))
    sent(builders, tmp_path, kept, "2", address(**FLAT_WITHOUT), address(**ABBREVIATED), agency="essex")
    sent(builders, tmp_path, kept, "3", address(**FLAT_WITHOUT), audience=["kent"])
    assert match_things() > 0
    assert first <= set(Match.objects.values_list("id", flat=True)), "an old pair is not compared again"
    day_by_day = sorted(Match.objects.values_list("left_id", "right_id", "weight"))

    assert match_things(full=True) == len(day_by_day)

    assert sorted(Match.objects.values_list("left_id", "right_id", "weight")) == day_by_day
    assert first.isdisjoint(Match.objects.values_list("id", flat=True))


def test_rules_of_another_version_write_everything_anew(
    builders: Any, tmp_path: Path, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent(builders, tmp_path, kept, "1", address(**FLAT), address(**FLAT_WITHOUT))
    match_things()
    old = Match.objects.get().id
    monkeypatch.setattr(matching_things, "VERSION", "rules of tests")
    assert match_things() == 1
    assert Match.objects.get().id != old
    assert set(Step.objects.filter(step="match things").values_list("version", flat=True)) == {"rules of tests"}


def test_the_step_is_audited_without_content(builders: Any, tmp_path: Path, kept: Path) -> None:
    sent(builders, tmp_path, kept, "1", address(**FLAT), address(**FLAT_WITHOUT))
    match_things()
    event = AuditEvent.objects.get(event="things_matched")
    assert event.actor == "process:matching"
    assert "Hastings" not in str(event.__dict__)


def test_matches_go_with_the_record_that_one_end_is_of(builders: Any, tmp_path: Path, kept: Path) -> None:
    sent(builders, tmp_path, kept, "1", address(**FLAT), address(**FLAT_WITHOUT))
    match_things()
    Record.objects.earliest("ref").delete()
    assert not Match.objects.exists()


def test_when_the_first_of_a_group_goes_the_others_still_match(builders: Any, tmp_path: Path, kept: Path) -> None:
    for day, said in enumerate((FLAT, FLAT_WITHOUT, FLAT, FLAT_WITHOUT)):
        sent(builders, tmp_path, kept, str(day), address(**said))
        match_things()
    Record.objects.get(ref="0/0").delete()
    rest = Match.objects.values_list("left__record__ref", "right__record__ref")
    assert {frozenset(pair) for pair in rest} == {frozenset({"2/0", "1/0"})}


def test_the_page_says_what_may_be_the_same_and_why(builders: Any, tmp_path: Path, kept: Path, browse: Any) -> None:
    sent(builders, tmp_path, kept, "1", address(**FLAT), address(**FLAT_WITHOUT), address(**NEXT_DOOR))
    match_things()
    viewer = builders.enrolled("reader")

    page = page_of(browse, viewer, "Flat 2, 12 High Street, Hastings, ZZ12 1AA")

    assert "May be the same" in page and "Apt 2, 12 High St, Hastings" in page
    assert "that these are one address: for it: the same street and town" in page
    assert "14 High Street" not in page
    assert "May be the same" not in page_of(browse, viewer, "14 High Street, Hastings, ZZ12 1AA")


def test_what_may_be_the_same_is_hidden_with_either_end(builders: Any, tmp_path: Path, kept: Path) -> None:
    sent(builders, tmp_path, kept, "1", address(**FLAT))
    sent(builders, tmp_path, kept, "2", address(**FLAT_WITHOUT), agency="essex", audience=["essex"])
    match_things()
    assert Match.objects.count() == 1
    mention = Mention.objects.get(caption__startswith="Flat 2").id

    shown = {}
    for agency in ("kent", "essex"):
        with builders.seen_by(builders.enrolled(f"reader.{agency}", agency=agency)) as viewpoint:
            profile = thing_profile(viewpoint, mention)
            assert profile is not None
            shown[agency] = [alike.mention.caption for alike in profile.alike]
            rows = list(mention_rows(viewpoint, MentionKind.ADDRESS))
            assert len({row[0] for row in rows}) == 1, "Kent sees one address, and Essex two that are one"
    assert shown == {"kent": [], "essex": ["Apt 2, 12 High St, Hastings"]}


def test_an_export_joins_addresses_and_neither_flats_nor_houses_nor_plates(
    builders: Any, tmp_path: Path, kept: Path
) -> None:
    look = {"make": "Ford", "model": "Focus", "colour": "blue"}
    mentions = [*(address(**each) for each in (FLAT, FLAT_WITHOUT, OTHER_FLAT, HOUSE, ABBREVIATED, NEXT_DOOR))]
    sent(builders, tmp_path, kept, "1", *mentions, vehicle("ZZ51 ABC", **look), vehicle("ZZ5I ABC", **look))
    match_things()
    with builders.seen_by(builders.enrolled("reader")) as viewpoint:
        entities = {row[2]: row[0] for row in mention_rows(viewpoint, MentionKind.ADDRESS)}
        plates = {row[0] for row in mention_rows(viewpoint, MentionKind.VEHICLE)}
    flat, flat_without, other_flat, house, abbreviated, next_door = (entities[f"1/{place}"] for place in range(6))
    assert flat == flat_without and house == abbreviated
    assert len({flat, other_flat, house, next_door}) == 4
    assert len(plates) == 2, "a near miss of a plate joins nothing"


def test_what_a_person_says_of_two_addresses_outranks_the_match(builders: Any, tmp_path: Path, kept: Path) -> None:
    sent(builders, tmp_path, kept, "1", address(**FLAT), address(**FLAT_WITHOUT))
    match_things()
    match = Match.objects.get()
    with builders.administrator() as viewpoint:
        assert len(set(places(viewpoint).place_of.values())) == 1
        judge(left=match.left_id, right=match.right_id, verdict=Verdict.DIFFERENT, reason="seen", viewpoint=viewpoint)
        assert len(set(places(viewpoint).place_of.values())) == 2


def test_a_proposal_about_two_addresses_joins_and_parts_nothing(builders: Any, tmp_path: Path, kept: Path) -> None:
    sent(builders, tmp_path, kept, "1", address(**FLAT), address(**FLAT_WITHOUT), address(**NEXT_DOOR))
    match_things()
    match = Match.objects.get()
    third = Mention.objects.exclude(id__in=(match.left_id, match.right_id)).get(kind=MentionKind.ADDRESS)
    with builders.seen_by(builders.enrolled("reader")) as viewpoint:
        before = list(mention_rows(viewpoint, MentionKind.ADDRESS))
        said = {"reason": "seen", "viewpoint": viewpoint}
        judge(left=match.left_id, right=match.right_id, verdict=Verdict.DIFFERENT, **said)
        judge(left=match.left_id, right=third.id, verdict=Verdict.SAME, **said)
        assert list(mention_rows(viewpoint, MentionKind.ADDRESS)) == before
    with builders.administrator() as viewpoint:
        judge(left=match.left_id, right=third.id, verdict=Verdict.SAME, reason="seen", viewpoint=viewpoint)
        assert len({row[0] for row in mention_rows(viewpoint, MentionKind.ADDRESS)}) == 1


def test_no_child_is_put_forward_on_a_match_of_two_addresses(builders: Any, tmp_path: Path, kept: Path) -> None:
    """Concerns follow people: that two addresses may be one joins no two records there before a person has said so."""
    sent(builders, tmp_path, kept, "1", address(**FLAT), address(**FLAT_WITHOUT))
    match_things()
    assert Match.objects.filter(kind="address").exists()
    assert rows_of(list(Record.objects.values_list("id", flat=True))).pairs == []
