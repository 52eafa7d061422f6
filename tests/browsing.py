"""A real Chromium for the journey tests and the tour of the demonstration: found on the machine, watched at every step."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

NAMES: Final = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
NO_BROWSER: Final = (
    "no Chromium was found: install one (Debian: apt install chromium), or name it in CROSSLINE_CHROMIUM."
)
WIDE: Final = MappingProxyType({"width": 1280, "height": 900})
NARROW: Final = MappingProxyType({"width": 360, "height": 740})
AXE: Final = MappingProxyType({"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}})
"""What axe is run with. The one rule that WCAG 2.2 adds at AA is off in axe until it is asked for."""
JUDGED: Final[set[tuple[str, int]]] = set()
"""Every path that was judged in this run, with the width of the screen: that none was left out is a test of its own."""
SYNTHETIC: Final = "Every person, number and address here is invented."
PASSWORD: Final = "synthetic-demo-only"  # printed by the demonstration; every fact it opens is invented
MOST_TABS: Final = 150
LAUNCHERS: Final = frozenset({"CROSSLINE_ENV", "CROSSLINE_PYTHON"})
"""What tells ./crossline which Python to use."""
_UNFOLD: Final = """document.querySelectorAll('details:not([open])').forEach(
    each => { each.open = true; each.dataset.folded = '' })"""
_FOLD: Final = """document.querySelectorAll('details[data-folded]').forEach(
    each => { each.open = false; delete each.dataset.folded })"""
_FAULTS: Final = """async options => (await axe.run(document, options)).violations.map(
    each => [each.id, each.nodes.map(node => node.html)])"""
_ADDRESS: Final = re.compile(r"Crossline is at (http://\S+?)/? ")


def find_chromium() -> str | None:
    """The browser to drive: CROSSLINE_CHROMIUM, else the first usual name on the PATH."""
    named = os.environ.get("CROSSLINE_CHROMIUM")
    return named or next((path for name in NAMES if (path := shutil.which(name))), None)


@contextmanager
def started_browser(executable: str) -> Iterator[Browser]:
    """A headless browser for the length of a `with` block."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Watched:
    """A page, with whatever its console complained of and every address it asked for."""

    page: Page
    site: str
    complaints: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    def heard(self, message: ConsoleMessage) -> None:
        """Keep warnings and errors. A status other than 200 of the page itself is for the test to look at."""
        if message.type in ("error", "warning") and "the server responded with a status of 4" not in message.text:
            self.complaints.append(f"{self.page.url}: {message.text}")

    def asked(self, request: Request) -> None:
        """Keep requests that leave the site."""
        if urlsplit(request.url).scheme not in ("data", "blob") and not request.url.startswith(self.site):
            self.elsewhere.append(request.url)

    def assert_quiet(self) -> None:
        """Nothing went to the console, and nothing was fetched from anywhere else."""
        assert not self.complaints, self.complaints
        assert not self.elsewhere, self.elsewhere

    def assert_sound(self, name: str) -> None:
        """Nothing is at fault at either width, and the page is quiet."""
        faults = self.faults(name)
        assert not faults, "\n".join(faults)
        self.assert_quiet()

    def faults(self, name: str) -> list[str]:
        """What axe faults and what is wider than the screen, on a wide screen and on a telephone, with everything unfolded.

        The page is left as it was. A picture of each is kept where CROSSLINE_TEST_PICTURES names a folder.
        """
        page, before, found = self.page, self.page.viewport_size, []
        page.evaluate(Axe().axe_script)
        page.evaluate(_UNFOLD)
        for size in (WIDE, NARROW):
            page.set_viewport_size(dict(size))
            found += [f"{name} at {size['width']}: {each}" for each in self._faults_here()]
            if page.url.startswith(self.site):
                JUDGED.add((urlsplit(page.url).path, size["width"]))
            if folder := os.environ.get("CROSSLINE_TEST_PICTURES"):
                kept = re.sub(r"[^\w.]+", "-", name).strip("-") or "front"
                page.screenshot(path=Path(folder) / f"{kept}-{size['width']}.png", full_page=True)
        page.evaluate(_FOLD)
        page.set_viewport_size(before)
        return found

    def _faults_here(self) -> list[str]:
        violations = self.page.evaluate(_FAULTS, dict(AXE))
        found = [f"{rule} {[html[:200] for html in where[:3]]}" for rule, where in violations]
        wider = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        return [*found, f"{wider} pixels wider than the screen"] if wider > 0 else found

    def go(self, path: str) -> Page:
        """Open a page of the site, which must answer with 200."""
        response = self.page.goto(f"{self.site}{path}")
        assert response is not None and response.status == 200, f"{path} answered {response and response.status}"
        return self.page


@contextmanager
def watched_page(browser: Browser, site: str, **context: Any) -> Iterator[Watched]:
    """A page in a context of its own."""
    options: dict[str, Any] = {"viewport": dict(WIDE), "locale": "en-GB"} | context
    opened = browser.new_context(**options)
    opened.set_default_timeout(15_000)
    watched = Watched(opened.new_page(), site)
    watched.page.on("console", watched.heard)
    watched.page.on("pageerror", lambda error: watched.complaints.append(f"{watched.page.url}: {error}"))
    watched.page.on("request", watched.asked)
    try:
        yield watched
    finally:
        opened.close()


def sign_in(watched: Watched, username: str, password: str = PASSWORD) -> None:
    """Fill in the sign-in page as a person does."""
    page = watched.go("/sign-in")
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_load_state()


def tab_to(page: Page, name: str, role: str = "") -> None:
    """Press Tab until what has the keyboard is called so: its own words, its label, its name or its value."""
    told = """() => { const e = document.activeElement; const label = e.labels && e.labels.length ? e.labels[0].innerText : '';
        return [e.tagName.toLowerCase(), (e.innerText || label || '').trim(), e.getAttribute('value') || '']; }"""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        tag, words, value = page.evaluate(told)
        if (name in words or name == value) and role in ("", tag):
            return
    raise AssertionError(f"no Tab reaches {name!r} on {page.url}")


def press(page: Page, name: str, role: str = "") -> None:
    """Tab to a link or a button, and follow it with Enter."""
    tab_to(page, name, role)
    with page.expect_navigation():
        page.keyboard.press("Enter")


class Served:
    """A Crossline that serves: its address, what it said, and how it ends."""

    def __init__(self, command: Sequence[str], *, environment: Mapping[str, str], folder: Path, seconds: float) -> None:
        self.said: list[str] = []
        self._process = subprocess.Popen(
            list(command),
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        try:
            self.address = self._wait_for_address(seconds)
        except BaseException:
            self.stop()
            raise

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.said.append(line.rstrip("\n"))

    def _wait_for_address(self, seconds: float) -> str:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            found = next((match[1] for line in list(self.said) if (match := _ADDRESS.search(line))), None)
            if found:
                return found
            if self._process.poll() is not None:
                self._reader.join(5)
                raise AssertionError("it ended before it served:\n" + "\n".join(self.said[-30:]))
            time.sleep(0.1)
        raise AssertionError(f"it did not serve within {seconds:.0f} seconds:\n" + "\n".join(self.said[-30:]))

    def stop(self, seconds: float = 60.0) -> int:
        """Ask it to end, as an operator does, and give its exit code. What does not end in time is killed, and told of."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(seconds)
            except subprocess.TimeoutExpired:
                os.killpg(self._process.pid, signal.SIGKILL)
                self._process.wait()
                raise AssertionError(f"it did not end within {seconds:.0f} seconds of being asked to") from None
        return int(self._process.returncode)


def own_environment(home: Path) -> dict[str, str]:
    """This process's environment without anything that belongs to another installation."""
    foreign = ("CROSSLINE_", "DJANGO_", "DATABASE_")
    kept = {name: value for name, value in os.environ.items() if name in LAUNCHERS or not name.startswith(foreign)}
    return kept | {"CROSSLINE_HOME": str(home), "PYTHONUNBUFFERED": "1"}
