"""What tests of signing in share: a browser of the site, which reads and sends as the web role does; and an agency's provider."""

from __future__ import annotations

import html
import http.client
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from crossline.access import openid_connect
from crossline.access.models import Person
from crossline.access.viewer import Viewer
from crossline.hosting.identity_providers import IdentityProvider


@pytest.fixture
def client() -> Client:
    """A browser that nobody has signed in with."""
    return Client(headers={"host": "localhost"})


@pytest.fixture
def ask(builders: Any, client: Client) -> Any:
    """`ask("/lines")` reads a page as the web role, `ask("/sign-in", username=…)` sends a form."""

    def asked(address: str, **sent: str) -> Any:
        with builders.role("crossline_web"):
            return client.post(address, sent) if sent else client.get(address)

    return asked


@pytest.fixture
def ask_as(builders: Any) -> Any:
    """`ask_as(viewer, address, **sent)`: a request of somebody signed in already, as the web role."""

    def asked(viewer: Viewer, address: str, **sent: Any) -> Any:
        with builders.role("crossline_web"):
            browser = Client(headers={"host": "localhost"})
            browser.force_login(Person.objects.get(pk=viewer.person_id))
            return browser.post(address, sent) if sent else browser.get(address)

    return asked


@pytest.fixture
def provider(identity_provider: Any, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Kent's identity provider, which answers and is configured; `provider.configure(…)` changes its entry."""
    # What is remembered goes by the issuer, and the machine may give this one the port of an earlier test's.
    monkeypatch.setattr(openid_connect, "_known", {})
    monkeypatch.setattr(openid_connect, "_silent_until", {})
    with identity_provider.serving() as serving:
        configured(serving, settings, identity_provider)
        yield serving


def configured(serving: Any, settings: Any, identity_provider: Any, agency: str = "kent") -> None:
    """Let the site know a provider, as its agency's."""

    def configure(**said: Any) -> None:
        entry = {
            "agency": agency,
            "issuer": serving.issuer,
            "client": identity_provider.CLIENT,
            "secret": identity_provider.SECRET,
            "username_claim": "upn",
            "authority": "a letter of tests",
        }
        found = IdentityProvider.model_validate(entry | said)
        settings.IDENTITY_PROVIDERS = {**settings.IDENTITY_PROVIDERS, agency: found}

    serving.configure = configure
    configure()


@pytest.fixture
def second_provider(identity_provider: Any, settings: Any, provider: Any) -> Iterator[Any]:
    """Another agency's, beside Kent's."""
    with identity_provider.serving() as serving:
        configured(serving, settings, identity_provider, "essex")
        yield serving


@dataclass
class Round:
    """A browser's way to a provider and back, step by step."""

    ask: Callable[..., Any]
    agency: str = "kent"

    def set_out(self, **said: str) -> str:
        """Press the button; gives the address that the page leads on to."""
        page = self.ask(f"/sign-in/with/{self.agency}", **({"out": "1"} | said))
        assert page.status_code == 200, page.headers
        return self.leads_to(page)

    @staticmethod
    def leads_to(page: Any) -> str:
        """Where a page leads on to by itself."""
        found = re.search(r'<meta http-equiv="refresh" content="0;url=([^"]+)">', page.content.decode())
        assert found is not None
        return html.unescape(found[1])

    @staticmethod
    def agree(address: str) -> str:
        """What the provider sends the browser back to, as an address of the site."""
        parts = urlsplit(address)
        connection = http.client.HTTPConnection(parts.netloc, timeout=10)
        connection.request("GET", f"{parts.path}?{parts.query}")
        answer = connection.getresponse()
        connection.close()
        back = urlsplit(answer.headers["Location"])
        assert (answer.status, back.netloc) == (302, "localhost")
        return f"{back.path}?{back.query}"

    def go(self, **said: str) -> Any:
        """All of it; gives the site's answer."""
        return self.ask(self.agree(self.set_out(**said)))


@pytest.fixture
def round_trip(ask: Any, provider: Any) -> Round:
    """To Kent's provider and back."""
    return Round(ask)
