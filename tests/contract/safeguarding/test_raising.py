"""Concerns from published indicators: raised once, with the audience of what they were made of, in proportion to what is new."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from crossline.access.models import AuditEvent
from crossline.entities.matching import match_people
from crossline.safeguarding.models import Concern
from crossline.safeguarding.raising import raise_due

pytestmark = pytest.mark.django_db


def reasons() -> set[str]:
    return set(Concern.objects.filter(standing="raised").values_list("reason", flat=True))


def test_a_child_found_out_of_area_is_put_forward_to_home_and_finder(builders: Any, tmp_path: Path, kept: Path) -> None:
    found = builders.missing_report("KENT/1", home="essex", found="kent")
    builders.take(builders.delivery(tmp_path / "d", reports=[found]), kept)
    assert raise_due() >= 1
    concern = Concern.objects.get(reason="child_found_out_of_area")
    assert set(concern.audience.fingerprint.split()) >= {"agency:kent", "agency:essex", "safeguarding", "centre"}
    assert concern.audience_id == concern.record.audience_id
    assert AuditEvent.objects.filter(event="concerns_raised").exists()


def test_nothing_new_raises_nothing_and_a_full_run_raises_the_same(builders: Any, tmp_path: Path, kept: Path) -> None:
    found = builders.missing_report("KENT/1", home="essex", found="kent")
    builders.take(builders.delivery(tmp_path / "d", reports=[found]), kept)
    raise_due()
    before = set(Concern.objects.values_list("mention_id", "reason"))
    assert raise_due() == 0
    assert raise_due(full=True) == 0
    assert set(Concern.objects.values_list("mention_id", "reason")) == before


def test_episodes_recorded_by_several_forces_are_for_those_who_may_see_each(
    builders: Any, tmp_path: Path, kept: Path
) -> None:
    child = builders.person(surname="Okonkwo-Tamm", ids={"pnc": "26/9876Z"})
    for number, force in enumerate(("kent", "sussex", "norfolk"), start=1):
        episode = builders.missing_report(f"{force}/1", home="essex", found=force, mentions=[child])
        episode["occurred_from"] = episode["missing"]["from"] = f"2026-02-{number * 5:02}T18:00:00+00:00"
        builders.take(builders.delivery(tmp_path / force, agency=force, ref=f"{force}-1", reports=[episode]), kept)
    match_people()
    raise_due()
    repeat = Concern.objects.get(reason="repeat_missing")
    assert set(repeat.audience.fingerprint.split()) == {"agency:essex", "centre", "safeguarding"}


def test_an_adult_meets_no_rule_for_children(builders: Any, tmp_path: Path, kept: Path) -> None:
    grown = builders.person(dob="1988-04-11")
    found = builders.missing_report("KENT/1", home="essex", found="kent", mentions=[grown])
    builders.take(builders.delivery(tmp_path / "d", reports=[found]), kept)
    raise_due()
    assert "child_found_out_of_area" not in reasons()


def test_a_question_of_age_makes_way_once_the_age_is_known(builders: Any, tmp_path: Path, kept: Path) -> None:
    known = {"surname": "Okonkwo-Tamm", "ids": {"nominal": "K9"}}
    ageless = builders.person(dob=None, **known)
    line = {"key": "l1", "kind": "line", "name": "Leo"}
    runs = [{"from": "p1", "to": "l1", "type": "runs_for", "basis": "assessment"}]
    first = builders.report("KENT/1", mentions=[ageless, line], assertions=runs)
    builders.take(builders.delivery(tmp_path / "1", ref="1", reports=[first]), kept)
    match_people()
    raise_due()
    assert Concern.objects.get(reason="child_in_runner_role").standing == "age_not_known"
    second = builders.report("KENT/2", mentions=[builders.person(dob="2010-01-02", **known)], assertions=[])
    builders.take(builders.delivery(tmp_path / "2", ref="2", reports=[second]), kept)
    match_people()
    raise_due()
    assert [each.standing for each in Concern.objects.filter(reason="child_in_runner_role")] == ["raised"]


def test_the_person_a_custody_record_is_about_is_the_first_it_mentions(
    builders: Any, tmp_path: Path, kept: Path
) -> None:
    child = builders.person("zz-child", forename="Sol", surname="Tamm", dob="2010-05-05")
    adult = builders.person("appropriate_adult", forename="Ann", surname="Grown", dob="1970-05-05")
    custody = {"offence": "possession with intent to supply class A", "outcome": "bailed", "under_18": True}
    held = builders.report("KENT/1", kind="custody", custody=custody, mentions=[child, adult], assertions=[])
    builders.take(builders.delivery(tmp_path / "d", reports=[held]), kept)
    raise_due()
    assert {c.mention.key for c in Concern.objects.filter(reason="child_in_supply_custody")} == {"zz-child"}


def test_a_home_known_from_an_address_tells_that_a_stop_was_far_from_it(
    builders: Any, tmp_path: Path, kept: Path
) -> None:
    child = builders.person(ids={"pnc": "26/9876Z"})
    home = {
        "key": "a1",
        "kind": "address",
        "text": "12 Station Road, Putney",
        "postcode": "ZR15 2HQ",
        "premises": "dwelling",
    }
    lives = [{"from": "p1", "to": "a1", "type": "lives_at", "basis": "fact"}]
    at_home = builders.report("MET/1", mentions=[child, home], assertions=lives)
    builders.take(builders.delivery(tmp_path / "m", agency="metropolitan", ref="m", reports=[at_home]), kept)
    near = builders.report("BTP/1", kind="stop", text="Stopped at Putney station.", mentions=[child], assertions=[])
    builders.take(builders.delivery(tmp_path / "b", agency="btp", ref="b", reports=[near]), kept)
    match_people()
    raise_due()
    assert "child_found_out_of_area" not in reasons()  # met by those who work everywhere, in the area of the home
    far = builders.report("BTP/2", kind="stop", text="Stopped at King's Lynn station.", mentions=[child], assertions=[])
    builders.take(builders.delivery(tmp_path / "c", agency="btp", ref="c", reports=[far]), kept)
    match_people()
    raise_due()
    concern = Concern.objects.get(reason="child_found_out_of_area")
    assert concern.record.ref == "BTP/2" and "area of norfolk; home is in the area of metropolitan" in concern.sentence


def test_signs_of_two_records_within_ninety_days_are_put_together(builders: Any, tmp_path: Path, kept: Path) -> None:
    child = builders.person(ids={"pnc": "26/9876Z"})
    for number, (month, sign) in enumerate((("02", "debts"), ("03", "more than one phone")), start=1):
        noticed = {"source_sector": "education", "indicators": [sign]}
        one = builders.report(f"KENT/{number}", kind="concern", concern=noticed, mentions=[child], assertions=[])
        one["occurred_from"] = f"2026-{month}-05T10:00:00+00:00"
        builders.take(builders.delivery(tmp_path / month, ref=month, reports=[one]), kept)
        match_people()
        raise_due()
        assert ("several_signs" in reasons()) is (number == 2)
    sentence = Concern.objects.get(reason="several_signs").sentence
    assert "Signs written: debts (2026-02-05), more than one phone (2026-03-05)." in sentence
