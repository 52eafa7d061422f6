"""No page of the safeguarding and partner rooms is left out: axe judged each in this run, wide and as on a telephone."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Final

import pytest
from django.urls import resolve

from crossline.site.urls import urlpatterns

pytestmark = pytest.mark.journey
HERE: Final = Path(__file__).parent
NO_PAGE: Final = {
    "guidance-card": "a card to keep, downloaded as a file: the journey of reports judges it as it is opened from the folder",
}
"""What answers with no page of the site, and why."""
ROOMS: Final = ("crossline.safeguarding.", "crossline.access.partner_pages")
"""Where the pages of safeguarding and of partner organisations are."""


def _left_out(request: pytest.FixtureRequest) -> list[str]:
    """The files of journeys of which this run has nothing."""
    taking_part = {item.path.name for item in request.session.items}
    return sorted(file.name for file in HERE.glob("test_journey_*.py") if file.name not in taking_part)


def test_every_page_was_judged_at_both_widths(request: pytest.FixtureRequest, browsing: ModuleType) -> None:
    """The last of the journeys (conftest.py puts it there): it holds what they judged against the address book."""
    if left_out := _left_out(request):
        pytest.skip(f"only a part of the journeys runs, without {', '.join(left_out)}")
    assert request.session.items[-1] is request.node, (
        "something runs after this, and what it judges would not be counted"
    )
    widths = (browsing.WIDE["width"], browsing.NARROW["width"])
    judged = {(resolve(path).url_name, width) for path, width in browsing.JUDGED}
    every = {pattern.name for pattern in urlpatterns if pattern.callback.__module__.startswith(ROOMS)} - set(NO_PAGE)
    missing = sorted(f"{name} at {width}" for name in every for width in widths if (name, width) not in judged)
    assert not missing, f"never judged by axe: {', '.join(missing)}"
