"""A strategy meeting about a referred child in Chromium: a partner takes part by keyboard alone on a telephone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from types import ModuleType
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.journey
Visit = Callable[..., Any]
COUNCIL: Final = "Quillhaven Council children’s services"
LONDON: Final = ZoneInfo("Europe/London")
MINUTES: Final = {
    "What was discussed (optional)": "They were met twice after school by somebody older.",
    "What the child or adult wants": "To stay at the same school. Heard by the social worker.",
    "Decisions": "They are fetched from school until the end of term.",
    "Reason for saving": "As the meeting had it.",
}


def _to_the_referred_child(watched: Any) -> None:
    """The page of concerns about the child whom the demonstration referred to the council."""
    people = watched.go("/concerns").locator("main h2 a[href^='/concerns/']")
    for person in dict.fromkeys(people.evaluate_all("links => links.map(link => link.getAttribute('href'))")):
        if watched.go(person).get_by_text(f"to {COUNCIL}").count():
            return
    raise AssertionError("the demonstration referred nobody to the council")


def _unfolded(page: Any, words: str, within: str = "main") -> Any:
    """The form that stands below these words, unfolded."""
    page.locator(f"{within} summary", has_text=words).click()
    return page.locator(f"{within} details", has=page.locator("summary", has_text=words)).locator("form")


def _soon() -> datetime:
    """The next full minute: a meeting is called for a time ahead, and can be held once it has come."""
    return (datetime.now(LONDON) + timedelta(seconds=66)).replace(second=0, microsecond=0)


def test_a_meeting_is_called_attended_by_keyboard_minuted_and_shared(visit: Visit, browsing: ModuleType) -> None:
    lead = visit("kent.safeguarding")
    _to_the_referred_child(lead)
    lead.assert_sound("concern")
    page = lead.page
    page.get_by_role("link", name="Call a meeting").click()
    lead.assert_sound("meeting-new")
    page.get_by_label("What the meeting is for").fill("To agree who does what to keep the child safe.")
    page.get_by_label("How to join").fill("By telephone: 020 7946 0102, the hub answers.")
    begins = _soon()
    page.get_by_label("When").fill(f"{begins:%Y-%m-%d %H:%M}")
    page.get_by_role("button", name="Call it, and choose whom to invite").click()
    where = page.url.removeprefix(lead.site)
    ref = page.locator(".govuk-caption-l").inner_text().partition(",")[0]
    for organisation in (COUNCIL, "Norfolk Constabulary"):
        form = _unfolded(page, "Invite an organisation")
        form.get_by_label("Organisation").select_option(label=organisation)
        form.get_by_label("What to bring").fill("When they were last seen at home and at school.")
        form.get_by_role("button").click()
    lead.assert_sound("meeting-called")
    lead.go("/invitations")
    lead.assert_sound("invitations-of-a-force")

    partner = visit("quillhaven.children", viewport=dict(browsing.NARROW))
    theirs = partner.go("/partner")
    browsing.press(theirs, "See which meetings you are invited to", "a")
    partner.assert_sound("invitations")
    browsing.press(theirs, ref, "a")
    _said_by_keyboard(browsing, theirs, "We come", "The allocated social worker.")
    expect(theirs.get_by_text("You answered: comes")).to_be_visible()
    partner.assert_sound("invitation-answered")

    page.wait_for_timeout(max(0.0, (begins - datetime.now(LONDON)).total_seconds() * 1000) + 500)
    lead.go(where)
    _unfolded(page, "It was held").get_by_role("button").click()
    page.get_by_role("link", name="Write the minutes").click()
    lead.assert_sound("meeting-minutes")
    for organisation in (COUNCIL, "Kent Police"):
        page.get_by_label(organisation, exact=True).check()
    for part, words in MINUTES.items():
        page.get_by_label(part, exact=True).fill(words)
    page.get_by_role("button", name="Save the minutes").click()
    page.get_by_role("link", name=f"See what {COUNCIL} would be given").click()
    lead.assert_sound("meeting-share")
    page.get_by_role("button", name="Give it to").click()
    form = _unfolded(page, "Give an action")
    form.get_by_label("What is to be done").fill("See the child at school and at home.")
    form.get_by_label("By whom").select_option(label=COUNCIL)
    form.get_by_label("By when").fill(f"{begins + timedelta(days=3):%Y-%m-%d}")
    form.get_by_role("button").click()
    lead.assert_sound("meeting-held")

    theirs = partner.go("/invitations")
    browsing.press(theirs, ref, "a")
    assert theirs.get_by_text(MINUTES["Decisions"]).is_visible()
    partner.assert_sound("invitation-minutes")
    _said_by_keyboard(browsing, theirs, "It is done", "Seen twice this week.")
    expect(theirs.get_by_text("Seen twice this week.")).to_be_visible()

    lead.go(where)
    _unfolded(page, "Checked: it has ended").get_by_role("button").click()
    lead.go("/meetings")
    lead.assert_sound("meetings")
    page.get_by_role("link", name="Actions, late ones first").click()
    expect(page.get_by_text("See the child at school and at home.")).to_be_visible()
    lead.assert_sound("meeting-actions")


def _said_by_keyboard(browsing: ModuleType, page: Any, button: str, words: str) -> None:
    """Unfold an act, say something and press its button, by keyboard alone."""
    browsing.tab_to(page, button, "summary")
    if not page.evaluate("document.activeElement.parentElement.open"):
        page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type(words)
    browsing.press(page, button, "button")
    assert not page.locator(".govuk-error-summary, .moj-alert--error").count(), page.locator("main").inner_text()


def test_a_safety_plan_is_opened_reviewed_ended_by_two_and_what_came_of_it_is_entered(visit: Visit) -> None:
    lead = visit("centre.analyst")
    _to_the_referred_child(lead)
    page = lead.page
    page.get_by_role("link", name="Open a safety plan").click()
    lead.assert_sound("plan-new")
    page.get_by_label("Immediate safety", exact=True).fill("At home with an aunt; the hub is rung at any hour.")
    page.get_by_label("When it is reviewed").fill(f"{datetime.now(LONDON) + timedelta(days=14):%Y-%m-%d}")
    page.get_by_label("Reason for saving").fill("As the meeting agreed.")
    _required(page)
    page.get_by_role("button", name="Save the plan").click()
    where = page.url.removeprefix(lead.site)
    form = _unfolded(page, "Enter bringing them home")
    form.get_by_role("radio").first.check()
    form.get_by_label("When").fill(f"{datetime.now(LONDON) + timedelta(days=1):%Y-%m-%d} 10:00")
    for label in ("Who fetches them", "How", "Whom they are handed to", "Contact on the way"):
        form.get_by_label(label, exact=True).fill("As agreed with the aunt.")
    form.get_by_role("button").click()
    lead.assert_sound("plan")
    form = _unfolded(page, "Enter bringing them home")
    form.get_by_label("Under way").check()
    form.get_by_role("button").click()  # what was said before, the time among it, is sent again as it stands
    expect(page.get_by_role("heading", name="Under way, entered")).to_be_visible()
    page.get_by_role("link", name="Review the plan").click()
    page.get_by_label("When it is reviewed").fill(f"{datetime.now(LONDON) + timedelta(days=21):%Y-%m-%d}")
    page.get_by_label("Reason for saving").fill("Looked at again.")
    lead.assert_sound("plan-text")
    page.get_by_role("button", name="Save the plan").click()
    form = _unfolded(page, "Ask to end the plan")
    form.get_by_role("textbox").fill("They are safe, and say so.")
    form.get_by_role("button").click()

    second = visit("centre.safeguarding.01")
    page = second.go(where)
    _unfolded(page, "Agree that it ends").get_by_role("button").click()
    page.get_by_role("link", name="Enter outcomes").click()
    second.assert_sound("plan-outcome")
    for question in page.locator("fieldset").all():
        question.get_by_role("radio").first.check()
    page.get_by_role("button", name="Save the outcomes").click()
    second.assert_sound("plan-ended")
    second.go("/plans")
    second.assert_sound("plans")


def _required(page: Any) -> None:
    """Whatever part of the text is asked for and still empty."""
    for field in page.locator("main textarea").all():
        label = page.locator(f"label[for='{field.get_attribute('id')}']").inner_text()
        if "(optional)" not in label and not field.input_value():
            field.fill("As the meeting agreed.")
