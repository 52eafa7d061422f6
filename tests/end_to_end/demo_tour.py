"""Walks the demonstration as a newcomer would: `./crossline demo`, every page in a real browser as two people, then stops it.

    .venv/bin/python tests/end_to_end/demo_tour.py

Leaves a picture of every page in ./screenshots and ends with 0; says what went wrong, with all that the demonstration
said, and ends with 1 otherwise. The data go to a folder of their own unless CROSSLINE_HOME names one.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

import browsing  # noqa: E402  # tests are not a package; the folder was put on the path just above

SCREENSHOTS: Final = ROOT / "screenshots"
SCALE: Final = "region"
LOADING_SECONDS: Final = 900.0
PEOPLE: Final = ("centre.analyst", "kent.analyst")
TALLEST: Final = 12_000  # pixels of a picture; no longer page is worth looking at whole
CONCERN: Final = r"^/concerns/[0-9a-f-]{36}$"
RECORD: Final = r"^/records/[0-9a-f-]{36}$"
STOPS: Final[tuple[tuple[str, ...], ...]] = (
    ("national-picture", "/"),
    ("national-picture-new-lines", "/?series=lines_new"),
    ("figure", "/", r"^/figures/"),
    ("definitions", "/definitions"),
    ("lines", "/lines"),
    ("lines-open-run-from-london", "/lines?status=open&exporting=metropolitan"),
    ("line", "/lines?known=returns&status=open", r"^/lines/[0-9a-f-]{36}$"),
    ("line-named-in-reports", "/lines?known=reports", r"^/lines/[0-9a-f-]{36}$"),
    ("concerns", "/concerns"),
    ("concern", "/concerns", CONCERN),
    ("person", "/concerns", CONCERN, r"^/people/"),
    ("overlaps", "/overlaps"),
    ("campaigns", "/campaigns"),
    ("campaign", "/campaigns", r"^/campaigns/\d"),
    ("records", "/records"),
    ("record-report", "/records?kind=intelligence", RECORD),
    ("record-missing", "/records?kind=missing", RECORD),
    ("record-line-return", "/records?kind=line_return", RECORD),
    ("record-investigation", "/records?kind=investigation", RECORD),
    ("record-communications", "/records?kind=communications", RECORD),
    ("search", "/search"),
    ("search-found", "/search?q=Leo"),
    ("search-nothing", "/search?q=nobody+bears+this+name"),
)
"""Name of the picture, the page to open, and what the first link to follow looks like, from it and from each page after."""
MAY_BE_MISSING: Final = frozenset({"record-investigation", "record-communications"})
"""An agency's analyst may see none of these."""


def say(words: str) -> None:
    """A line on the tour's progress."""
    sys.stdout.write(f"  {words}\n")
    sys.stdout.flush()


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def home() -> Iterator[Path]:
    """The folder named by CROSSLINE_HOME, or one that goes when the tour is over."""
    given = os.environ.get("CROSSLINE_HOME")
    if given:
        yield Path(given)
        return
    folder = Path(tempfile.mkdtemp(prefix="crossline-tour-", dir="/tmp"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def hrefs(watched: browsing.Watched, pattern: str) -> list[str]:
    """Addresses in the main part of the page that look so."""
    found = watched.page.locator("main a[href]").evaluate_all("all => all.map(link => link.getAttribute('href'))")
    return [href for href in found if re.match(pattern, href)]


def look(watched: browsing.Watched, name: str, *, tall: bool = True) -> None:
    """What must hold on every page, and a picture of it."""
    page = watched.page
    assert page.get_by_text(browsing.SYNTHETIC).is_visible(), f"{page.url} does not say that its data are synthetic"
    assert page.locator("h1").count() == 1, f"{page.url} has no heading of its own, or several"
    page.wait_for_function("document.body.classList.contains('js-enabled')")
    height = page.evaluate("document.documentElement.scrollHeight") if tall else 0
    clip = {"x": 0, "y": 0, "width": page.viewport_size["width"], "height": min(height, TALLEST)} if tall else None
    page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=tall, clip=clip)


def walk(watched: browsing.Watched, username: str) -> None:
    """Every stop as one person."""
    browsing.sign_in(watched, username)
    assert watched.page.get_by_role("heading", level=1).inner_text() == "National picture", f"{username} was not let in"
    for name, path, *follow in STOPS:
        watched.go(path)
        if all(followed(watched, each, username, name) for each in follow):
            look(watched, f"{username}-{name}")
    things(watched, username)
    watched.page.set_viewport_size(dict(browsing.NARROW))
    watched.go("/")
    look(watched, f"{username}-national-picture-narrow")
    watched.page.set_viewport_size(dict(browsing.WIDE))


def followed(watched: browsing.Watched, pattern: str, username: str, name: str) -> bool:
    """Open the first link that looks so; False where this person may well see none."""
    links = hrefs(watched, pattern)
    if not links and name in MAY_BE_MISSING:
        return False
    assert links, f"{watched.page.url} leads to nothing like {pattern} for {username}"
    watched.go(links[0])
    return True


def things(watched: browsing.Watched, username: str) -> None:
    """From a person to a thing that their records name, and from a week to one of its figures."""
    watched.go("/concerns")
    watched.go(hrefs(watched, CONCERN)[0])
    watched.go(f"{hrefs(watched, '^/people/')[0]}/reach")  # a victim's numbers are shown there
    watched.go(hrefs(watched, r"^/things/")[0])
    look(watched, f"{username}-thing")
    watched.go("/campaigns")
    watched.go(hrefs(watched, r"^/campaigns/\d")[0])
    watched.go(hrefs(watched, r"^/campaigns/.+/.+")[0])
    look(watched, f"{username}-campaign-figure")


def leave(watched: browsing.Watched) -> None:
    """Sign out, and find the door shut."""
    watched.page.get_by_role("button", name="Sign out").click()
    watched.go("/lines")
    assert "/sign-in" in watched.page.url, "whoever signed out could still read"
    look(watched, "sign-in", tall=False)


def tour(address: str, executable: str) -> None:
    """Both people's walks; nothing on the console, and no request to anywhere else."""
    with browsing.started_browser(executable) as browser:
        for username in PEOPLE:
            with browsing.watched_page(browser, address) as watched:
                walk(watched, username)
                leave(watched)
                watched.assert_quiet()
                say(f"{username}: every page answered, with nothing on the console and no request elsewhere")


def run(timed: Callable[[], float]) -> None:
    """Start, walk, stop."""
    executable = browsing.find_chromium()
    assert executable is not None, browsing.NO_BROWSER
    SCREENSHOTS.mkdir(exist_ok=True)
    with home() as folder:
        environment = browsing.own_environment(folder)
        command = [str(ROOT / "crossline"), "demo", "--scale", SCALE, "--port", str(free_port())]
        say(f"starting {' '.join(command[1:])} in {folder}")
        served = browsing.Served(command, environment=environment, folder=ROOT, seconds=LOADING_SECONDS)
        try:
            say(f"loaded, analysed and serving at {served.address} after {timed():.0f} seconds")
            tour(served.address, executable)
        except BaseException:
            sys.stderr.write("\n".join(["What the demonstration said:", *served.said[-40:], ""]))
            served.stop()
            raise
        code = served.stop()
        assert code == 0, f"the demonstration ended with {code}:\n" + "\n".join(served.said[-40:])
    say(
        f"stopped in order; {len(list(SCREENSHOTS.glob('*.png')))} pictures in {SCREENSHOTS}, {timed():.0f} seconds in all"
    )


def main() -> int:
    """The tour's exit code."""
    begun = time.monotonic()
    try:
        run(lambda: time.monotonic() - begun)
    except Exception as error:
        sys.stderr.write(f"The tour failed: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
