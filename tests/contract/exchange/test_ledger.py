"""The disclosure ledger: every export stands in it with its recipients, is known again, and is read by its own agency alone."""

from __future__ import annotations

import hashlib
import re
from typing import Any

import pytest
from django.test import Client

from crossline.access.models import Person
from crossline.access.roles import Role
from crossline.access.viewer import Viewer
from crossline.exchange.exports import prepare

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]


@pytest.fixture
def people(builders: Any) -> dict[str, Any]:
    manager = {"roles": (Role.ANALYST, Role.INFORMATION_MANAGER)}
    return {
        "kent": builders.enrolled("kent.analyst"),
        "kent.records": builders.enrolled("kent.records", **manager),
        "essex.records": builders.enrolled("essex.records", agency="essex", **manager),
    }


@pytest.fixture
def get(as_web: Any) -> Any:
    """`get(viewer, address)` is what the site answers them."""

    def opened(viewer: Viewer, address: str) -> Any:
        client = Client(headers={"host": "localhost"})
        with as_web():
            client.force_login(Person.objects.get(username=viewer.username))
            return client.get(address)

    return opened


def downloaded(given: Any) -> tuple[bytes, str]:
    """(the file, its number)."""
    assert given.status_code == 200, given.content[:2000]
    return b"".join(given.streaming_content), re.search(r"X(?:-\w{4}){3}", given["Content-Disposition"])[0]


def test_what_left_is_in_the_ledger_for_whom_and_is_known_by_number_and_by_fingerprint(
    people: dict[str, Any], two_forces: None, get: Any
) -> None:
    asker, manager, elsewhere = people["kent"], people["kent.records"], people["essex.records"]
    stix, number = downloaded(get(asker, "/exports/lines/stix?for=Essex,  Operation+Yew"))
    table, other = downloaded(get(asker, "/exports/figures/csv"))
    assert f"for Essex, Operation Yew. Export {number}." in stix.decode()
    assert other.encode() not in table, "the contract's CSV has no room for it"
    assert get(asker, "/exports/ledger").status_code == 404
    refused = get(asker, f"/exports/lines/csv?for={'x' * 121}")
    assert refused.status_code == 422 and "Say in up to 120 characters" in refused.content.decode()

    ledger = get(manager, "/exports/ledger").content.decode()
    assert number in ledger and other in ledger and "Essex, Operation Yew" in ledger and "own use" in ledger
    fingerprint = hashlib.sha256(table).hexdigest()
    for asked, found, not_found in (
        (number.lower(), number, other),
        (fingerprint, other, number),
        (fingerprint[:12], other, number),
    ):
        page = get(manager, f"/exports/ledger?is={asked}").content.decode()
        assert f">{found}<" in page and f">{not_found}<" not in page
    nothing = "No export of your agency"
    assert nothing in get(manager, f"/exports/ledger?is={fingerprint[:11]}").content.decode()
    assert nothing in get(elsewhere, f"/exports/ledger?is={number}").content.decode()
    assert "Nothing has left" in get(elsewhere, "/exports/ledger").content.decode()


def test_the_list_of_lines_is_downloaded_as_it_is_selected(people: dict[str, Any], two_forces: None, get: Any) -> None:
    page = get(people["kent"], "/lines?status=closed_type1").content.decode()
    address = re.search(r'href="(/exports/lines/csv[^"]*)"', page)[1].replace("&amp;", "&")
    rows = downloaded(get(people["kent"], address))[0].decode().splitlines()
    assert len(rows) == 2 and ",Max,closed_type1," in rows[1]
    assert len(downloaded(get(people["kent"], "/exports/lines/csv"))[0].decode().splitlines()) == 3


def test_every_stamped_format_says_who_for_whom_and_when(
    builders: Any, two_forces: None, people: dict[str, Any]
) -> None:
    said = r"OFFICIAL-SENSITIVE\. lines, exported by kent\.analyst \(kent\) at [0-9: -]+ UTC for Essex\. Export X-"
    with builders.seen_by(people["kent"]) as viewpoint:
        for format_ in ("stix", "ftm", "graphml", "geojson"):
            with prepare("lines", format_, viewpoint, recipients="Essex").file as file:
                assert re.search(said, file.read().decode()), format_
