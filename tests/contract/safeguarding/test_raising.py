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
