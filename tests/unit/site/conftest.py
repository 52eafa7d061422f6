"""Pages drawn through the real environment and settings, for a signed-in analyst, without a database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import RequestFactory, override_settings
from django.urls import path


def _page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.path)


class AddressBook:
    """The addresses the shell leads to, standing in for the rooms' pages."""

    urlpatterns = [
        path("", _page, name="national-picture"),
        path("lines", _page, name="lines"),
        path("lines/<int:number>", _page, name="line"),
        path("people", _page, name="people"),
        path("concerns", _page, name="concerns"),
        path("search", _page, name="search"),
        path("sign-in", _page, name="sign-in"),
        path("sign-out", _page, name="sign-out"),
    ]


@pytest.fixture(autouse=True)
def address_book() -> Iterator[None]:
    with override_settings(ROOT_URLCONF=AddressBook):
        yield


@pytest.fixture
def analyst() -> SimpleNamespace:
    return SimpleNamespace(
        is_authenticated=True, name="Amina Shah <analyst>", agency_id="kent", roles=["analyst", "safeguarding"]
    )


@pytest.fixture
def get(analyst: SimpleNamespace) -> Callable[[str], HttpRequest]:
    """A request by the analyst."""

    def make(address: str = "/") -> HttpRequest:
        request = RequestFactory().get(address)
        request.user = analyst  # type: ignore[assignment]
        return request

    return make


@pytest.fixture
def draw(get: Callable[[str], HttpRequest]) -> Callable[..., str]:
    """Draws a template given as text, with a request, through the environment that pages use."""

    def make(template: str, address: str = "/", **context: Any) -> str:
        return str(engines.all()[0].from_string(template).render(context, get(address)))

    return make


@pytest.fixture
def draw_page(draw: Callable[..., str]) -> Callable[..., str]:
    """Draws the body of a page inside the layout."""

    def make(body: str, *, imports: str = "", address: str = "/", **context: Any) -> str:
        page = '{% extends "layout.html" %}' + imports + "{% block title %}Sample{% endblock %}"
        return draw(f"{page}{{% block content %}}<h1>Sample</h1>{body}{{% endblock %}}", address, **context)

    return make
