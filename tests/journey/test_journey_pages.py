"""Journeys through the pages as people walk them: sign in, read, follow a figure to its records, search, sign out."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.journey

Visit = Callable[..., Any]
CENTRE = "centre.analyst"
KENT = "kent.analyst"
RECORD = re.compile(r"^/records/[0-9a-f-]{36}$")


PERSON = "a[href^='/people/']:not([href='/people/who'])"
"""A link to somebody's page."""


def hrefs(page: Page, pattern: str) -> list[str]:
    """Addresses in the main part of a page that look so, in order."""
    found = page.locator("main a[href]").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    return [href for href in found if re.match(pattern, href)]


def figure(page: Page, label: str) -> str:
    """The value on a figure's card."""
    card = page.locator(".crossline-figure").filter(has=page.get_by_role("heading", name=label, exact=True))
    return card.locator(".crossline-figure__value").inner_text().strip()


def test_a_stranger_is_sent_to_sign_in_and_then_to_the_national_picture(visit: Visit) -> None:
    watched = visit(None)
    page = watched.go("/lines")
    expect(page).to_have_url(re.compile(r"/sign-in\?next=/lines$"))
    page.get_by_label("Username").fill(CENTRE)
    page.get_by_label("Password").fill("synthetic-demo-only")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).to_have_url(re.compile(r"/lines$"))
    page.get_by_role("link", name="National picture").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("National picture")
    expect(page.get_by_text("Asha Renwick")).to_be_visible()


def test_a_wrong_password_is_told_in_a_summary_that_has_the_focus(visit: Visit) -> None:
    watched = visit(None)
    page = watched.go("/sign-in")
    page.get_by_label("Username").fill(CENTRE)
    page.get_by_label("Password").fill("not the password")
    page.get_by_role("button", name="Sign in", exact=True).click()
    summary = page.locator(".govuk-error-summary")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("The username or the password is wrong")
    expect(page).to_have_title(re.compile("^Error: "))
    summary.get_by_role("link").click()
    expect(page.get_by_label("Username")).to_be_focused()
    expect(page.get_by_label("Username")).to_have_value(CENTRE)
    expect(page.get_by_label("Password")).to_have_value("")


def test_an_empty_form_says_what_to_fill_in(visit: Visit) -> None:
    page = visit(None).go("/sign-in")
    page.get_by_role("button", name="Sign in", exact=True).click()
    summary = page.locator(".govuk-error-summary")
    expect(summary).to_contain_text("Enter username")
    expect(summary).to_contain_text("Enter password")


def test_every_figure_of_the_national_picture_leads_to_what_it_was_counted_from(visit: Visit) -> None:
    watched = visit(CENTRE)
    page = watched.go("/")
    cards = page.locator(".crossline-figure")
    assert cards.count() >= 6
    for card in cards.all():
        assert card.get_by_role("link", name="Counted from").count() == 1
        assert card.get_by_role("link", name="Definition").count() == 1
    number = int(figure(page, "Lines in the register"))
    defined = dict.fromkeys(hrefs(page, r"^/definitions#"))
    for href in dict.fromkeys(hrefs(page, r"^/(lines|concerns|overlaps|records|figures)(\?|/[a-z_]+|$)")):
        watched.go(href)
    page = watched.go("/definitions")
    for href in defined:
        expect(page.locator(href.removeprefix("/definitions"))).to_be_visible()
    page = watched.go("/lines")
    expect(page.locator(".moj-pagination__results")).to_contain_text(f"of {number} line")
    page = watched.go("/lines?status=active")
    active = int(figure(watched.go("/"), "Lines active"))
    page = watched.go("/lines?status=active")
    assert page.locator("main table tbody tr").count() == active


def test_a_definition_has_its_authority_and_its_versions(visit: Visit) -> None:
    page = visit(CENTRE).go("/definitions")
    for heading in page.locator("section.crossline-definition").all():
        expect(heading.get_by_text("Authority").first).to_be_visible()
        expect(heading.get_by_text(re.compile(r"^Version \d+, counts from "))).to_be_visible()
    expect(page.locator("#drug_linked_homicide_share")).to_be_visible()


def test_each_drawing_stands_beside_its_table(visit: Visit) -> None:
    page = visit(CENTRE).go("/")
    assert page.locator("figure.crossline-drawing").count() >= 3
    for drawing in page.locator("figure.crossline-drawing").all():
        assert drawing.locator(".crossline-drawing__frame > svg").count() == 1
        assert drawing.locator("table tbody tr").count() >= 1
    page.get_by_role("link", name="New lines").click()
    expect(page.get_by_role("heading", name="New lines by month")).to_be_visible()


def test_from_the_list_of_lines_to_a_line_its_people_and_their_records(visit: Visit) -> None:
    watched = visit(CENTRE)
    page = watched.go("/lines?known=returns")
    line = next(href for href in hrefs(page, r"^/lines/") if watched.go(href).locator(PERSON).count())
    page = watched.go(line)
    expect(page.get_by_role("heading", name="Numbers over time")).to_be_visible()
    assert page.locator("#records ~ div table tbody tr").count() >= 1
    page.locator("summary", has_text="Why these records are one line").click()
    first = page.locator(PERSON).first
    name = first.inner_text()
    first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name.split()[0])
    for heading in ("Facts", "Assessments"):
        expect(page.locator("caption", has_text=re.compile(f"^{heading}"))).to_be_visible()
    page.locator("a[href^='/records/']").first.click()
    expect(page.get_by_text("Who can see this")).to_be_visible()
    expect(page.locator(".crossline-who li").first).to_be_visible()


def test_a_line_that_only_reports_name_says_so(visit: Visit) -> None:
    page = visit(CENTRE).go("/lines?known=reports")
    for row in page.locator("main table tbody tr").all():
        expect(row).to_contain_text("Named in reports only")


def test_the_list_of_lines_is_filtered_and_a_filter_taken_away(visit: Visit) -> None:
    page = visit(CENTRE).go("/lines")
    everything = page.locator(".moj-pagination__results").inner_text()
    page.get_by_label("Status").select_option("open")
    page.get_by_role("button", name="Apply filters").click()
    expect(page.locator(".moj-filter__tag")).to_contain_text("Open: any status but closed")
    assert page.locator("main .govuk-tag", has_text="Closed").count() == 0
    page.locator(".moj-filter__tag").click()
    expect(page.locator(".moj-pagination__results")).to_have_text(everything)
    page.get_by_label("Name", exact=True).fill("no line bears this name")
    page.get_by_role("button", name="Apply filters").click()
    expect(page.get_by_text("No line fits")).to_be_visible()


def test_a_victim_is_introduced_as_one_before_anything_else(visit: Visit) -> None:
    watched = visit(CENTRE)
    page = watched.go("/concerns")
    page = watched.go(hrefs(page, r"^/concerns/[0-9a-f-]{36}$")[0])
    page.get_by_role("link", name="See everything that is known of this person").click()
    expect(page.locator("main .crossline-victim-first")).to_be_visible()
    raised = hrefs(watched.go("/concerns"), r"^/concerns/[0-9a-f-]{36}$")
    people = [href.replace("/concerns/", "/people/") for href in raised]
    victims = [href for href in people if watched.go(href).locator(".crossline-victim-first").count()]
    assert victims
    page = watched.go(victims[0])
    top = page.locator("main h1, main .crossline-victim-first, main table").evaluate_all(
        "all => all.map(e => e.tagName)"
    )
    assert top[:2] == ["H1", "DIV"]
    reached = [href for href in victims if watched.go(href).get_by_text("Show where this person").count()]
    assert reached, "of some victim a record says where they can be reached"
    page = watched.go(reached[0])
    hidden = page.get_by_text(re.compile("not shown$"))
    assert hidden.count()
    page.get_by_role("button", name="Show where this person can be reached").click()
    assert page.url.endswith("/reach") and not hidden.count()
    page.get_by_role("link", name="Hide it").click()
    assert hidden.count()
    page = watched.go(victims[0])
    page.get_by_role("link", name="Concerns raised about this person").click()
    assert page.locator("main section").count() == 1


def test_search_finds_a_person_by_name_and_a_record_by_reference(visit: Visit) -> None:
    watched = visit(CENTRE)
    name = watched.go("/concerns").locator("main section h2").first.inner_text()
    page = watched.go("/")
    page.keyboard.press("/")
    expect(page.locator("#crossline-search")).to_be_focused()
    page.keyboard.type(name)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Search")
    page.locator("main table a[href^='/people/']").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name.split()[-1])
    reference = page.locator("a[href^='/records/']").first.inner_text()
    page.locator("#crossline-search").fill(reference)
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name=reference).first).to_be_visible()
    page.locator("#q").fill("nobody bears this name")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_text("Nothing found")).to_be_visible()


def test_a_week_adds_up_in_words_and_tells_a_nil_from_what_is_missing(visit: Visit) -> None:
    watched = visit(CENTRE)
    page = watched.go("/campaigns")
    weeks = hrefs(page, r"^/campaigns/\d")
    assert weeks
    for week in weeks:
        page = watched.go(week)
        for sentence in page.locator(".crossline-sums dd").all():
            for sum_ in re.findall(r"((?:[\d,.]+ \+ )+[\d,.]+) = ([\d,.]*\d)", sentence.inner_text()):
                parts, whole = ([float(each.replace(",", "")) for each in side.split(" + ")] for side in sum_)
                assert round(sum(parts), 6) == whole[0], sentence.inner_text()
    page = watched.go(hrefs(page, r"^/campaigns/.+/.+")[0])
    expect(page.locator("caption", has_text="What each agency returned")).to_be_visible()


def test_two_people_of_two_agencies_see_different_figures(visit: Visit) -> None:
    centre, kent = visit(CENTRE), visit(KENT)

    def records(watched: Any) -> int:
        said = watched.go("/records").locator(".moj-pagination__results").inner_text()
        return int(said.split(" of ")[1].split()[0].replace(",", ""))

    assert records(kent) < records(centre)
    assert figure(kent.go("/"), "People put forward for safeguarding") != figure(
        centre.go("/"), "People put forward for safeguarding"
    )


def test_a_hidden_record_is_answered_like_one_that_does_not_exist(visit: Visit) -> None:
    centre, kent = visit(CENTRE), visit(KENT)
    page = centre.go("/records?kind=investigation")
    hidden = [href for href in hrefs(page, RECORD.pattern) if kent.page.request.get(f"{kent.site}{href}").status == 404]
    assert hidden, "the tiny nation has no investigation that Kent may not see"
    absent = kent.page.request.get(f"{kent.site}/records/00000000-0000-4000-8000-000000000000")
    refused = kent.page.request.get(f"{kent.site}{hidden[0]}")
    assert absent.status == refused.status == 404
    assert absent.body() == refused.body()

    def headers(response: Any) -> dict[str, str]:
        return {name: value for name, value in response.headers.items() if name != "date"}

    assert headers(absent) == headers(refused)
    assert centre.page.request.get(f"{centre.site}{hidden[0]}").status == 200


def test_whoever_signs_out_is_out(visit: Visit) -> None:
    watched = visit(CENTRE, anew=True)
    page = watched.page
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in to Crossline")
    watched.go("/lines")
    expect(page).to_have_url(re.compile(r"/sign-in\?next=/lines$"))


def test_an_analyst_rejects_a_change_of_number_by_keyboard_and_takes_that_back(visit: Visit) -> None:
    watched = visit(CENTRE)
    page = watched.go("/lines/changes")
    address = hrefs(page, r"^/lines/changes/[0-9a-f-]{36}$")[0]

    def decided(words: str, reason: str) -> None:
        watched.go(address)
        page.get_by_label(words).focus()
        page.keyboard.press("Space")
        page.get_by_label("Reason").fill(reason)
        page.get_by_role("button", name="Save the decision").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("cell", name=reason)).to_be_visible()

    decided("Reject: it did not", "The new number is a taxi firm’s.")
    assert address not in hrefs(watched.go("/lines/changes"), r"^/lines/changes/")
    assert address in hrefs(watched.go("/lines/changes?stands=rejected"), r"^/lines/changes/")
    decided("Take the decision back: put it forward again", "It was another number.")
    assert address in hrefs(watched.go("/lines/changes"), r"^/lines/changes/")
