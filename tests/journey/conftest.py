"""A real site for the journeys: a tiny synthetic nation, loaded and served by the product's own commands, and a Chromium."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src"
SEED = "5"
START_SECONDS = 120.0


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests are shuffled; what holds all that was judged against the address book comes after everything."""
    items.sort(key=lambda item: item.path.name == "test_journey_whole.py")


def _load_browsing() -> ModuleType:
    """tests/browsing.py by its path: tests are not a package."""
    name = "crossline_test_browsing"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, Path(__file__).parents[1] / "browsing.py")
        assert spec is not None and spec.loader is not None
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


@pytest.fixture(scope="session")
def browsing() -> ModuleType:
    """What drives the browser; see tests/browsing.py."""
    if os.environ.get("CROSSLINE_NO_BROWSER") == "1":
        pytest.skip("CROSSLINE_NO_BROWSER is 1: journeys need a browser")
    return _load_browsing()


@pytest.fixture(scope="session")
def chromium(browsing: ModuleType) -> str:
    """The browser's path. Without one the journeys fail: a machine that cannot run them must say so on purpose."""
    found = browsing.find_chromium()
    if found is None:
        pytest.fail(browsing.NO_BROWSER, pytrace=False)
    return str(found)


@pytest.fixture(scope="session")
def kents_provider(identity_provider: ModuleType) -> Iterator[Any]:
    """Kent's identity provider, on a page of which somebody presses a button."""
    with identity_provider.serving() as serving:
        serving.asks = True
        yield serving


def name_provider(home: Path, provider: Any, identity_provider: ModuleType) -> None:
    """What an operator does before the site is started."""
    (home / "identity-providers.toml").write_text(
        f'[kent]\nissuer = "{provider.issuer}"\nclient = "{identity_provider.CLIENT}"\n'
        'username_claim = "upn"\nauthority = "a letter of tests"\n'
    )
    keys = home / "keys"
    keys.mkdir(mode=0o700)
    secret = keys / "identity_provider_kent"
    secret.touch(mode=0o600)
    secret.write_text(identity_provider.SECRET)


@pytest.fixture(scope="session")
def site(browsing: ModuleType, chromium: str, kents_provider: Any, identity_provider: ModuleType) -> Iterator[str]:
    """The address of a site over a tiny nation, in a folder of its own; it must end in order when asked to."""
    home = Path(tempfile.mkdtemp(prefix="xl-journey-", dir="/tmp"))
    home.chmod(0o711)
    name_provider(home, kents_provider, identity_provider)
    environment = browsing.own_environment(home) | {"PYTHONPATH": str(SOURCE)}
    command = [sys.executable, "-m", "crossline", "demo", "--scale", "tiny", "--seed", SEED, "--port", "0"]
    try:
        served = browsing.Served(command, environment=environment, folder=home, seconds=START_SECONDS)
        yield served.address
        assert served.stop() == 0, "\n".join(served.said[-30:])
    finally:
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="module")
def browser(browsing: ModuleType, chromium: str) -> Iterator[Any]:
    """One browser for the tests of a module."""
    with browsing.started_browser(chromium) as started:
        yield started


@pytest.fixture(scope="module")
def sessions() -> dict[str, Any]:
    """Who is signed in already: passwords are slow to check on purpose, so a module signs each person in once."""
    return {}


@pytest.fixture
def visit(browsing: ModuleType, browser: Any, site: str, sessions: dict[str, Any]) -> Iterator[Callable[..., Any]]:
    """`visit("kent.analyst")` gives a signed-in person's watched page; `visit(None)` a stranger's.

    `anew=True` signs in for this page alone. When the test ends, every console was silent and no request left the site.
    """
    with ExitStack() as open_pages:
        opened = []

        def open_page(username: str | None, *, anew: bool = False, **context: Any) -> Any:
            if username in sessions and not anew:
                context["storage_state"] = sessions[username]
            watched = open_pages.enter_context(browsing.watched_page(browser, site, **context))
            opened.append(watched)
            if username is not None and "storage_state" not in context:
                browsing.sign_in(watched, username)
                if not anew:
                    sessions[username] = watched.page.context.storage_state()
            return watched

        yield open_page
        for watched in opened:
            watched.assert_quiet()
