"""The documents say what is so: commands, settings, words of the closed lists, paths, links, decisions."""

from __future__ import annotations

import argparse
import re
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

import pytest

from crossline.cli import EXPORTS, parser
from crossline.exchange.catalogue import COLUMNS, Format
from crossline.hosting.configuration import Configuration
from crossline.vocabulary import codes
from crossline.vocabulary.codes import Code
from crossline.vocabulary.metrics import METRICS

LINK = re.compile(r"\]\((?P<target>[^)\s]+)\)")
PATH = re.compile(r"`(?P<path>(?:[\w.-]+/)+[\w.-]+\.(?:py|md|html|txt|toml))`")
CITED = re.compile(r"\bdomain(?:\.md| notes)?,? (?:§ ?)?(?P<section>\d+\.\d+)|\b(?P<rule>[RG]-\d+)\b")
COMMUNICATIONS_CITED = re.compile(r"\bcomms(?:\.md| notes)?,? §? ?(?P<section>\d+(?:\.\d+)?)")
GUIDES = ("docs/formats.md", "docs/daily-use.md")


@pytest.fixture(scope="session")
def documents(texts: Mapping[str, str]) -> Mapping[str, str]:
    """Every page of documentation."""
    return {path: text for path, text in texts.items() if path.endswith(".md") and "/data/" not in path}


def command_lines(text: str) -> Iterator[str]:
    """The lines of a document's shell blocks that run crossline, without their remarks."""
    block: str | None = None
    for line in text.splitlines():
        if line.startswith("```"):
            block = line.removeprefix("```") if block is None else None
        elif block == "sh":
            plain = line.removeprefix("./").partition("  #")[0].strip()
            if plain.startswith("crossline ") and not plain.startswith("crossline test"):
                yield plain


def commands(under: argparse.ArgumentParser, before: str = "") -> Iterator[str]:
    """Every command of a parser, those below another included."""
    for action in under._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, below in action.choices.items():
                deeper = list(commands(below, f"{before}{name} "))
                yield from deeper or [f"{before}{name}"]


def test_every_command_has_an_example(documents: Mapping[str, str]) -> None:
    lines = [line for guide in GUIDES for line in command_lines(documents[guide])]
    known = list(commands(parser()))
    assert len(known) > 8
    assert [name for name in known if not any(f"{line} ".startswith(f"crossline {name} ") for line in lines)] == []


def test_every_example_is_a_command_that_would_run(documents: Mapping[str, str]) -> None:
    whole = parser()
    lines = [(path, line) for path, text in documents.items() for line in command_lines(text)]
    assert len(lines) > 12
    wrong = []
    for path, line in lines:
        try:
            whole.parse_args(shlex.split(line)[1:])
        except SystemExit as end:
            if end.code != 0:  # --help ends with 0
                wrong.append(f"{path}: {line}")
    assert wrong == []


def test_every_export_has_the_columns_that_the_contract_gives(documents: Mapping[str, str]) -> None:
    written: dict[str, str] = {}
    for names, columns in re.findall(r"^\| (`[^|]+`) \| ([a-z_, ]+) \|$", documents["docs/formats.md"], re.MULTILINE):
        written |= dict.fromkeys(re.findall(r"`([\w-]+)`", names), columns)
    assert set(EXPORTS) <= {str(what) for what in COLUMNS}
    assert {what: ", ".join(columns) for what, columns in COLUMNS.items()} == written


def test_every_export_format_is_explained(documents: Mapping[str, str]) -> None:
    section = documents["docs/formats.md"].partition("What each can be written as")[2].partition("\n## ")[0]
    named = {
        name for cell in re.findall(r"^\| (`[^|]+`) \|", section, re.MULTILINE) for name in re.findall(r"\w+", cell)
    }
    assert named == {str(each) for each in Format}


def test_every_metric_of_a_campaign_has_its_code(documents: Mapping[str, str]) -> None:
    """Intake sends people whose code is not known to this page."""
    guide = documents["docs/formats.md"]
    wanted = [f"| `{each.code}` | {each.label} | {each.unit} | {each.basis} |" for each in METRICS.values()]
    assert [row for row in wanted if row not in guide] == []


def test_every_setting_is_documented_and_nothing_else_is(documents: Mapping[str, str]) -> None:
    guide = documents["docs/settings.md"]
    names = {str(field.validation_alias) for field in Configuration.model_fields.values()}
    assert [name for name in sorted(names) if f"`{name}`" not in guide] == []
    others = {name for name in re.findall(r"`(CROSSLINE_\w+)`", guide) if name not in names}
    launcher_reads = {"CROSSLINE_ENV", "CROSSLINE_PYTHON"}
    assert others <= launcher_reads


def test_every_word_of_a_closed_list_is_in_the_glossary_with_its_meaning(documents: Mapping[str, str]) -> None:
    glossary = documents["docs/glossary.md"]
    lists = [
        each for each in vars(codes).values() if isinstance(each, type) and issubclass(each, Code) and each is not Code
    ]
    assert len(lists) > 15
    missing = [
        f"{each.__name__}: `{word.value}` {word.meaning}"
        for each in lists
        for word in each
        if f"`{word.value}` {word.meaning}" not in glossary
    ]
    assert missing == []


def test_every_rule_that_code_cites_can_be_looked_up(texts: Mapping[str, str]) -> None:
    notes = texts["docs/domain.md"]
    missing = set()
    for path, text in texts.items():
        if path.startswith(("src/", "tests/", "bench/")) and path.endswith((".py", ".json", "NOTICE.md")):
            for cited in CITED.finditer(text):
                if cited["section"] and not re.search(rf"^#+ {re.escape(cited['section'])}\b", notes, re.MULTILINE):
                    missing.add(f"{path}: §{cited['section']}")
                if cited["rule"] and not re.search(rf"^[|*-] \**{cited['rule']}\b", notes, re.MULTILINE):
                    missing.add(f"{path}: {cited['rule']}")
            for cited in COMMUNICATIONS_CITED.finditer(text):
                if f"Communications notes §{cited['section']}" not in notes:
                    missing.add(f"{path}: comms §{cited['section']}")
    assert missing == set()


def test_code_cites_no_document_that_is_not_here(texts: Mapping[str, str]) -> None:
    here = {PurePosixPath(path).name for path in texts}
    named = {
        (path, name)
        for path, text in texts.items()
        if path.startswith(("src/", "tests/", "bench/")) and path.endswith(".py")
        for name in re.findall(r"(?<![\w/*.{}-])([\w-]+\.md)\b", text)
    }
    assert {(path, name) for path, name in named if name not in here} == set()


def test_links_lead_somewhere(documents: Mapping[str, str], repository: Path) -> None:
    broken = [
        f"{path}: {target}"
        for path, text in documents.items()
        for target in LINK.findall(text)
        if not target.startswith(("http:", "https:", "mailto:", "#"))
        and not (repository / PurePosixPath(path).parent / target.partition("#")[0]).exists()
    ]
    assert broken == []


def test_paths_in_documents_exist(documents: Mapping[str, str], repository: Path) -> None:
    """A path may be written from the repository's folder, from src/crossline, from the shell's templates or from beside it."""
    rooms = repository / "src/crossline"
    gone = []
    for path, text in documents.items():
        bases = (repository, rooms, rooms / "site/jinja2", repository / PurePosixPath(path).parent)
        for named in PATH.findall(text):
            if not any((base / named).exists() for base in bases):
                gone.append(f"{path}: {named}")
    assert gone == []


def test_decisions_are_numbered_once_stand_in_the_index_and_have_a_status(documents: Mapping[str, str]) -> None:
    decisions = {path: text for path, text in documents.items() if re.match(r"docs/decisions/\d{4}-", path)}
    numbers = [PurePosixPath(path).name[:4] for path in decisions]
    index = documents["docs/decisions/README.md"]
    assert len(numbers) == len(set(numbers))
    assert [path for path in decisions if f"({PurePosixPath(path).name})" not in index] == []
    for path, text in decisions.items():
        assert text.startswith(f"# {PurePosixPath(path).name[:4]} "), path
        assert re.search(r"^Status: (?:accepted|proposed|superseded by \d{4})\b", text, re.MULTILINE), path


def test_the_first_page_names_the_two_commands_and_the_limits(documents: Mapping[str, str]) -> None:
    readme = documents["README.md"]
    for words in (
        "./crossline demo",
        "./crossline test",
        "DATABASE_URL",
        "CROSSLINE_HOME",
        "OFFICIAL-SENSITIVE",
        "MoRiLE",
    ):
        assert words in readme
    assert "docs/images/national-picture.png" in readme


def test_the_licence_is_the_one_declared(texts: Mapping[str, str]) -> None:
    assert texts["LICENSE"].startswith("MIT License")
    assert 'license = "MIT"' in texts["pyproject.toml"]
