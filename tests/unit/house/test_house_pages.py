"""Every address of the site: guarded by a policy, closed to whoever has not signed in, documented; and what views may touch."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from crossline.access.audit import Event
from crossline.access.middleware import OPEN_PATHS, is_open
from crossline.access.pages import OPEN, PagePolicy
from crossline.access.roles import Role

CONVERTER = re.compile(r"<(?:(?P<type>\w+):)?(?P<name>\w+)>")
SPECIMENS = {"uuid": "00000000-0000-4000-8000-000000000000", "str": "2025-06-23", "int": "1", "slug": "kent"}
OF_PROVIDERS = frozenset({"/sign-in/with/<slug:agency>", "/sign-in/with/<slug:agency>/back"})
OF_GUIDANCE = frozenset({"/guidance/<slug:pack>", "/guidance/<slug:pack>/card"})
NEVER_IN_A_VIEW = frozenset(
    {"raw", "cursor", "_default_manager", "_base_manager", "get_object_or_404", "get_list_or_404"}
)


def pages() -> Iterator[tuple[str, URLPattern]]:
    """(route as the address book writes it, pattern) of every page, those of included address books too."""

    def walk(entries: list[Any], before: str) -> Iterator[tuple[str, URLPattern]]:
        for entry in entries:
            if isinstance(entry, URLResolver):
                yield from walk(entry.url_patterns, before + str(entry.pattern))
            else:
                yield before + str(entry.pattern), entry

    yield from walk(get_resolver().url_patterns, "/")


def address_of(route: str) -> str:
    """An address that leads to a route."""
    return CONVERTER.sub(lambda found: SPECIMENS[found["type"] or "str"], route)


def policy_of(pattern: URLPattern) -> PagePolicy | None:
    """The policy of a function, or of the class that a view was made of."""
    view = pattern.callback
    found = getattr(view, "policy", None) or getattr(getattr(view, "view_class", None), "policy", None)
    return found if isinstance(found, PagePolicy) else None


def test_every_page_has_a_policy() -> None:
    bare = [route for route, pattern in pages() if policy_of(pattern) is None]
    assert bare == []
    assert len(list(pages())) > 10


def test_a_policy_says_for_what_purpose_for_whom_and_how_it_is_logged() -> None:
    for route, pattern in pages():
        policy = policy_of(pattern)
        assert policy is not None, route
        assert policy.purpose.strip(), route
        assert policy is OPEN or policy.roles, route
        assert policy.roles <= frozenset(Role), route
        assert policy.event in Event, route


def test_the_open_pages_are_the_few_that_are_known() -> None:
    """Signing out is open in that it needs no viewpoint; whoever has not signed in does not reach it."""
    open_routes = {route for route, pattern in pages() if policy_of(pattern) is OPEN}
    assert open_routes == {*OPEN_PATHS, *OF_PROVIDERS, *OF_GUIDANCE, "/sign-out"}


def test_what_is_open_is_what_says_so() -> None:
    """The middleware goes by addresses, before a page is looked up: the two must mean the same pages."""
    for route, pattern in pages():
        assert is_open(address_of(route)) is (policy_of(pattern) is OPEN and route != "/sign-out"), route
    for near in (
        "/sign-in/with/kent/back/on",
        "/sign-in/with/",
        "/sign-in/with/kent/",
        "/sign-in/with/kent/back\n",
        "/guidance/school/card/more",
        "/guidance/",
        "/guidance/school\n",
        "/lines",
    ):
        assert not is_open(near), near


@pytest.mark.parametrize("method", ["get", "post"])
def test_whoever_has_not_signed_in_reaches_no_page_and_reads_nothing(method: str) -> None:
    """No database is opened here: the test would fail if a page read so much as a row."""
    client = Client()
    for route, _ in pages():
        address = address_of(route)
        if is_open(address):
            continue
        response = getattr(client, method)(address)
        assert response.status_code == 302, address
        assert response.headers["Location"].startswith("/sign-in"), address


def test_every_page_is_documented(texts: Mapping[str, str]) -> None:
    guide = texts["docs/daily-use.md"]
    written = {route: CONVERTER.sub(r"<\g<name>>", route) for route, _ in pages()}
    assert [address for address in written.values() if f"`{address}`" not in guide] == []


def unfiltered(text: str) -> list[int]:
    """The lines on which a view module reaches rows other than through `viewpoint.visible(…)`."""
    found: list[int] = []

    def walk(node: ast.AST, guarded: bool) -> None:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "visible":
            walk(node.func, guarded)
            for argument in (*node.args, *node.keywords):
                walk(argument, True)
            return
        name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
        if name in NEVER_IN_A_VIEW or (name == "objects" and not guarded):
            found.append(node.lineno)  # type: ignore[attr-defined]  # names and attributes have lines
        for child in ast.iter_child_nodes(node):
            walk(child, guarded)

    walk(ast.parse(text), False)
    return found


def test_views_and_presenters_reach_rows_only_through_the_viewpoint(python_files: Mapping[str, str]) -> None:
    shown = ("/views.py", "/presenter.py", "_pages.py")
    drawn = {path: text for path, text in python_files.items() if path.startswith("src/") and path.endswith(shown)}
    assert len(drawn) > 6
    assert {path: lines for path, text in drawn.items() if (lines := unfiltered(text))} == {}


@pytest.mark.parametrize(
    "text",
    [
        "viewpoint.visible(Record.objects.filter(id=record)).first()",
        "self.viewpoint.visible(Match.objects.all(), 'left_audience', 'right_audience')",
        "register(viewpoint).find(line)",
    ],
)
def test_the_walk_lets_pass(text: str) -> None:
    assert unfiltered(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Record.objects.get(id=record)",
        "viewpoint.visible(Mention.objects.filter(id=1)) or Mention.objects.filter(id=1)",
        "get_object_or_404(Record, id=record)",
        "Record.objects.filter(id__in=viewpoint.visible(Mention.objects.all()))",
        "connection.cursor()",
        "Record._base_manager.all()",
    ],
)
def test_the_walk_finds(text: str) -> None:
    assert unfiltered(text) == [1]
