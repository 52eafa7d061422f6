"""An analyst of the centre reviews matches in a real browser: one by one with keys, several at once, and takes it back."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.journey
Visit = Callable[..., Any]
CENTRE, KENT = "centre.analyst.07", "kent.analyst"
PAIR = re.compile(r"/matches/[0-9a-f-]{36}/[0-9a-f-]{36}")


def waiting(watched: Any) -> list[str]:
    """The pages of the pairs on the first page of the queue."""
    page = watched.go("/matches")
    links = page.locator("table tbody th a").all()
    found = [PAIR.match(link.get_attribute("href")) for link in links]
    return [each[0] for each in found if each]


def take_back_all(watched: Any) -> None:
    """Leave nothing behind: every answer of this person is taken back from their own list."""
    page = watched.go("/matches/mine")
    while page.get_by_role("button", name="Take back").count():
        page.get_by_label("Reason for taking back").first.fill("Only tried.")
        page.get_by_role("button", name="Take back").first.click()
        page.wait_for_load_state()


def test_answers_by_keys_lead_from_pair_to_pair_and_taking_them_back_brings_the_pairs_back(visit: Visit) -> None:
    watched = visit(CENTRE)
    before = waiting(watched)
    assert len(before) > 2
    watched.assert_sound("matches")
    page = watched.page
    page.get_by_role("button", name="Answer one by one").click()
    watched.assert_sound("match-in-queue")
    seen = []
    for key in ("y", "n", "u"):
        seen.append(PAIR.search(page.url)[0])
        page.get_by_label("Or in your own words").fill("y n u are letters here")  # while typing, keys answer nothing
        page.get_by_label("Or in your own words").press("n")
        page.get_by_label("Or in your own words").fill("")
        page.get_by_role("heading", level=1).click()
        with page.expect_navigation():
            page.keyboard.press(key)
        assert page.url.endswith("/matches") or page.url.endswith("?then=queue")
    assert seen[0] == before[0] and len(set(seen)) == 3
    assert not set(seen) & set(waiting(watched))

    page = watched.go("/matches/mine")
    watched.assert_sound("my-judgements")
    assert page.get_by_text("The records do not say enough to tell").is_visible()
    take_back_all(watched)
    assert waiting(watched) == before


def test_several_are_answered_at_once_and_without_keys_a_letter_answers_nothing(visit: Visit) -> None:
    watched = visit(CENTRE)
    before = waiting(watched)
    page = watched.page
    for box in page.get_by_role("checkbox").all()[:2]:
        box.check()
    page.get_by_label("Reason", exact=True).select_option(label="Relatives or members of one household")
    page.get_by_role("button", name="Different").click()
    page.get_by_text("2 pairs answered.").wait_for()
    watched.assert_sound("matches-answered")
    page = watched.go(before[0])
    assert page.get_by_text("Decided: different.").is_visible()
    watched.assert_sound("match-decided")
    page.keyboard.press("y")
    page.wait_for_timeout(300)
    assert page.get_by_text("Decided: different.").is_visible()
    take_back_all(watched)
    assert waiting(watched) == before


def test_what_an_agency_proposes_waits_at_the_centre_and_its_author_reads_the_answer(visit: Visit) -> None:
    author, centre = visit(KENT), visit(CENTRE)
    where = waiting(author)[0]
    page = author.go(where)
    page.get_by_text("Your word is a proposal").wait_for()
    page.get_by_label("Or in your own words").fill("His aunt told us.")
    page.get_by_role("button", name="The same").click()
    page.get_by_text("Proposal: waits for the centre").wait_for()
    author.assert_sound("match-proposed")
    assert where not in waiting(author)

    page = centre.go("/matches/proposals")
    centre.assert_sound("match-proposals")
    page.get_by_text("His aunt told us.").wait_for()
    page = centre.go(where)
    page.get_by_label("Or in your own words").fill("Their fingerprints differ.")
    page.get_by_role("button", name="Different").click()
    page.get_by_text("Decided: different.").wait_for()
    page = author.go("/matches/mine")
    page.get_by_text("The centre decided otherwise: Their fingerprints differ.").wait_for()
    for each in (author, centre):
        take_back_all(each)
    centre.go("/matches/conflicts").get_by_text("No conflicts").wait_for()
    centre.assert_sound("match-conflicts")


def test_a_persons_page_leads_to_the_pairs_that_hold_it_together(visit: Visit) -> None:
    watched = visit(CENTRE)
    page = watched.go(waiting(watched)[0])
    page.locator(".crossline-pair thead a").first.click()
    page.get_by_text("Why these records are one person").click()
    page.get_by_text("The chain hangs by its weakest link").wait_for()
    watched.assert_sound("person-chain")
    page.locator("details a[href^='/matches/']").first.click()
    page.get_by_role("heading", name="How the weight comes about").or_(
        page.locator(".crossline-waterfall caption")
    ).first.wait_for()
    watched.assert_sound("match")
