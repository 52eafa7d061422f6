"""The documents an agency must have before real data: there, dated, marked as templates, and no older than the code."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

import pytest

from crossline.access.audit import VERBS, Event, Verb
from crossline.vocabulary.codes import RecordKind

FOLDER = "docs/templates/"
ASSESSMENT = f"{FOLDER}data-protection-impact-assessment.md"
DOCUMENTS = (
    ASSESSMENT,
    f"{FOLDER}equality-impact-assessment.md",
    f"{FOLDER}appropriate-policy-document.md",
)
STATUS = "template, not legal advice"
OF_LAW = re.compile(r"\bs\.\d+|\bAct 20\d\d")
LABEL = re.compile(r"\[(?:S2?|K|D)\]")


def front_matter(text: str) -> dict[str, str]:
    """The fields between the two lines of hyphens that a document begins with."""
    found = re.match(r"---\n(?P<fields>.*?)\n---\n", text, re.DOTALL)
    lines = found["fields"].splitlines() if found else []
    return {name: value.strip().strip('"') for name, _, value in (line.partition(":") for line in lines)}


def unnamed(text: str, words: type[RecordKind] | type[Verb] | type[Event]) -> list[str]:
    """The words of a closed list that a document does not name between code marks."""
    return [str(word) for word in words if f"`{word}`" not in text]


def unlabelled(text: str) -> list[str]:
    """Paragraphs and rows of tables that speak of law and say nowhere where that is from."""
    pieces = [piece for block in text.split("\n\n") for piece in (block.splitlines() if "|" in block else [block])]
    return [piece for piece in pieces if OF_LAW.search(piece) and not LABEL.search(piece)]


@pytest.mark.parametrize("path", DOCUMENTS)
def test_each_has_a_version_a_date_and_says_that_it_is_a_template(path: str, texts: Mapping[str, str]) -> None:
    said = front_matter(texts[path])
    assert re.fullmatch(r"\d+\.\d+", said["version"])
    assert date.fromisoformat(said["date"]) >= date(2026, 1, 1)
    assert said["status"] == STATUS
    assert "**FILL IN**" in texts[path]


@pytest.mark.parametrize("path", DOCUMENTS)
def test_each_names_every_kind_of_record_and_every_verb_of_the_audit(path: str, texts: Mapping[str, str]) -> None:
    assert unnamed(texts[path], RecordKind) == []
    assert unnamed(texts[path], Verb) == []


def test_the_assessment_gives_every_event_of_the_audit_its_verb(texts: Mapping[str, str]) -> None:
    section = texts[ASSESSMENT].partition("## 7. The audit\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (?P<events>`[^|]+`) \| (?P<verb>\w+) \|$", section, re.MULTILINE)
    written = {event: verb for events, verb in rows for event in re.findall(r"`(\w+)`", events)}
    assert written == {str(event): str(verb) for event, verb in VERBS.items()}


@pytest.mark.parametrize("path", DOCUMENTS)
def test_what_is_said_of_the_law_says_where_it_is_from(path: str, texts: Mapping[str, str]) -> None:
    assert unlabelled(texts[path].partition("\n---\n")[2]) == []


@pytest.mark.parametrize("page", ["README.md", "SECURITY.md", f"{FOLDER}README.md"])
def test_whoever_looks_for_them_finds_them(page: str, texts: Mapping[str, str]) -> None:
    wanted = DOCUMENTS if page.startswith(FOLDER) else [f"{FOLDER}README.md"]
    before = FOLDER if page.startswith(FOLDER) else ""
    assert [path for path in wanted if f"({path.removeprefix(before)})" not in texts[page]] == []


def test_the_checks_find_what_is_missing() -> None:
    assert front_matter("# No front matter") == {}
    assert unnamed("`collection` alone", Verb)[0] == "alteration"
    assert unlabelled("s.62 asks for logs.\n\n| s.39 | kept [K] |\n| s.40 | secure |") == [
        "s.62 asks for logs.",
        "| s.40 | secure |",
    ]
