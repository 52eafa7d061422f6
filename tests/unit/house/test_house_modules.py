"""How the code is laid out: each module says what it is for, is short enough to read, and leaves nothing for later."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Mapping
from pathlib import PurePosixPath

LONGEST = {"src": 400, "tests": 500, "bench": 400}  # lines; tests are lists of cases, read one at a time
LATER = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|HA" + r"CK|NotImpl" + r"emented)\b")
SHAPELESS = frozenset({"utils", "util", "helpers", "helper", "common", "misc", "stuff"})
LONGEST_FIRST_LINE = 140


def first_line(text: str) -> str:
    """The first line of a module's docstring, or nothing."""
    return (ast.get_docstring(ast.parse(text)) or "").partition("\n")[0].strip()


def test_every_module_says_in_its_first_line_what_it_is_for(python_files: Mapping[str, str]) -> None:
    silent = [
        path
        for path, text in python_files.items()
        if not first_line(text) and not (path.endswith("migrations/__init__.py") and not text.strip())
    ]
    assert silent == []


def test_that_line_stands_on_one_line_and_is_a_sentence(python_files: Mapping[str, str]) -> None:
    lines = {path: first_line(text) for path, text in python_files.items()}
    wordy = {path: line for path, line in lines.items() if len(line) > LONGEST_FIRST_LINE}
    assert wordy == {}
    assert [path for path, line in lines.items() if len(line.split()) == 1] == []


def test_no_module_is_longer_than_can_be_read(python_files: Mapping[str, str]) -> None:
    lengths = {path: len(text.splitlines()) for path, text in python_files.items()}
    assert {path: n for path, n in lengths.items() if n > LONGEST.get(path.partition("/")[0], 400)} == {}


def test_nothing_is_left_for_later(texts: Mapping[str, str]) -> None:
    found = [
        f"{path}, line {number}"
        for path, text in texts.items()
        if not path.endswith((".csv", ".json", ".topojson")) and "/static/vendor/" not in path
        for number, line in enumerate(text.splitlines(), start=1)
        if LATER.search(line)
    ]
    assert found == []


def test_a_module_is_named_for_what_it_does(python_files: Mapping[str, str]) -> None:
    assert [path for path in python_files if PurePosixPath(path).stem in SHAPELESS] == []


def test_test_files_have_names_of_their_own(python_files: Mapping[str, str]) -> None:
    names = Counter(PurePosixPath(path).name for path in python_files if PurePosixPath(path).name.startswith("test_"))
    assert [name for name, times in names.items() if times > 1] == []


def test_no_module_of_the_product_imports_splink(python_files: Mapping[str, str]) -> None:
    """docs/decisions/0041-executors-of-the-matching-model.md: Splink is the oracle of tests and a rival of the bench."""
    assert [path for path, text in python_files.items() if path.startswith("src/") and "splink" in imported(text)] == []


def imported(text: str) -> set[str]:
    """The top-level names a module imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names.add(node.module.partition(".")[0])
    return names


def test_no_module_defines_a_name_twice(python_files: Mapping[str, str]) -> None:
    """The second shadows the first without a word, as a merge once did to half of the world that is compared with others."""
    defined = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    twice = []
    for path, text in python_files.items():
        names = Counter(
            each.name for each in ast.parse(text).body if isinstance(each, defined) and not each.decorator_list
        )
        twice += [f"{path}: {name}" for name, number in names.items() if number > 1]
    assert twice == []
