"""Overlaps: found through equal selectors, resolved people and lines; both sides visible; hubs set aside, not paired."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from crossline.access.actions import enrol
from crossline.access.audit import Process
from crossline.access.roles import Role
from crossline.access.viewer import ADMINISTRATOR, reading, viewer_of
from crossline.deconfliction.overlaps import HUB_AGENCIES, all_overlaps, investigation_overlaps
from crossline.entities.matching import match_people

pytestmark = pytest.mark.django_db


def investigate(builders: Any, folder: Path, kept: Path, agency: str, selectors: str) -> None:
    row = builders.investigation(f"OP-{agency}", agency=agency, selectors=selectors, line_refs="")
    builders.take(builders.delivery(folder / agency, agency=agency, ref=f"{agency}-1", investigations=[row]), kept)


def test_an_equal_number_written_differently_overlaps(builders: Any, tmp_path: Path, kept: Path) -> None:
    investigate(builders, tmp_path, kept, "kent", "phone:07700 900123#0007")
    investigate(builders, tmp_path, kept, "essex", "phone:+44 7700 900123 #0007")
    with reading(ADMINISTRATOR) as viewpoint:
        (pair,) = investigation_overlaps(viewpoint).pairs
    assert (pair.left.agency, pair.right.agency, pair.scheme) == ("essex", "kent", "phone")


def test_one_person_spelt_differently_overlaps_once_matched(builders: Any, tmp_path: Path, kept: Path) -> None:
    investigate(builders, tmp_path, kept, "kent", "person:Jayden Okonkwo-Tamm|2004-07-19")
    investigate(builders, tmp_path, kept, "essex", "person:Jaydon Okonkwo-Tamm|2004-07-19")
    match_people()
    with reading(ADMINISTRATOR) as viewpoint:
        assert [pair.scheme for pair in investigation_overlaps(viewpoint).pairs] == ["person"]


def test_nobody_sees_an_overlap_with_an_investigation_they_may_not_see(
    builders: Any, tmp_path: Path, kept: Path, as_web: Any
) -> None:
    investigate(builders, tmp_path, kept, "kent", "phone:07700 900123#0007")
    investigate(builders, tmp_path, kept, "essex", "phone:07700 900123#0007")
    people = {
        agency: viewer_of(
            enrol(
                username=agency,
                name=agency,
                agency=agency,
                roles=[Role.ANALYST],
                password="long enough for a test",
                by=Process("test"),
            )
        )
        for agency in ("kent", "nclcc")
    }
    seen = {}
    for agency, viewer in people.items():
        with as_web(), reading(viewer) as viewpoint:
            seen[agency] = len(investigation_overlaps(viewpoint).pairs)
    assert seen == {"kent": 0, "nclcc": 1}


def test_a_value_that_many_agencies_share_is_a_hub(builders: Any, tmp_path: Path, kept: Path) -> None:
    agencies = ["kent", "essex", "norfolk", "suffolk", "sussex", "surrey", "hampshire", "dorset"][: HUB_AGENCIES + 1]
    for agency in agencies:
        investigate(builders, tmp_path, kept, agency, "address:1 Station Approach, Ashford, TN23 1EZ")
    with reading(ADMINISTRATOR) as viewpoint:
        found = all_overlaps(viewpoint)
    assert list(found.pairs) == []
    assert [(hub.scheme, hub.agencies) for hub in found.hubs] == [("address", len(agencies))]


def test_an_investigation_sent_again_overlaps_once_and_with_what_it_now_names(
    builders: Any, tmp_path: Path, kept: Path
) -> None:
    investigate(builders, tmp_path, kept, "kent", "phone:07700 900123#0007")
    investigate(builders, tmp_path, kept, "essex", "phone:07700 900123#0007;vrm:ZZ99 ABC#0001")
    again = builders.investigation("OP-essex", agency="essex", selectors="vrm:ZZ99 ABC#0001", line_refs="")
    builders.take(builders.delivery(tmp_path / "e2", agency="essex", ref="essex-2", investigations=[again]), kept)
    with reading(ADMINISTRATOR) as viewpoint:
        assert list(investigation_overlaps(viewpoint).pairs) == []
