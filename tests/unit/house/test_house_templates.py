"""Every template compiles, and each that it extends, includes or imports from is there with the macros it asks for."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jinja2
import pytest
from django.conf import settings
from django.template import engines
from jinja2 import meta, nodes


@pytest.fixture(scope="module")
def environment() -> jinja2.Environment:
    """The environment that pages are drawn with."""
    made = engines["jinja2"].env  # type: ignore[attr-defined]  # Django's name for the backend's own environment
    assert isinstance(made, jinja2.Environment)
    return made


@pytest.fixture(scope="module")
def templates(texts: Mapping[str, str], repository: Path) -> Mapping[str, str]:
    """Name as code asks for it -> source, of each of our templates."""
    folders: Any = settings.TEMPLATES[0]["DIRS"]
    found = {}
    for path, text in texts.items():
        for folder in folders:
            whole = repository / path
            if whole.is_relative_to(folder):
                found[whole.relative_to(folder).as_posix()] = text
    return found


def test_every_template_is_in_a_folder_that_pages_are_drawn_from(
    texts: Mapping[str, str], templates: Mapping[str, str]
) -> None:
    assert len([path for path in texts if "/jinja2/" in path]) == len(templates)
    assert len(templates) > 20


def test_every_template_compiles(environment: jinja2.Environment, templates: Mapping[str, str]) -> None:
    for name in templates:
        assert environment.get_template(name).name == name


def test_what_a_template_refers_to_is_there(environment: jinja2.Environment, templates: Mapping[str, str]) -> None:
    missing = []
    for name, source in templates.items():
        for referred in meta.find_referenced_templates(environment.parse(source)):
            assert referred is not None, f"{name} refers to a template by a value"
            try:
                environment.get_template(referred)
            except jinja2.TemplateNotFound:
                missing.append(f"{name}: {referred}")
    assert missing == []


def test_a_macro_that_is_imported_exists(environment: jinja2.Environment, templates: Mapping[str, str]) -> None:
    missing = []
    for name, source in templates.items():
        for node in environment.parse(source).find_all(nodes.FromImport):
            assert isinstance(node.template, nodes.Const), name
            macros = environment.get_template(node.template.value).module
            wanted = [each if isinstance(each, str) else each[0] for each in node.names]
            missing += [
                f"{name}: {node.template.value} has no {macro}" for macro in wanted if not hasattr(macros, macro)
            ]
    assert missing == []


def test_pages_that_code_asks_for_exist(python_files: Mapping[str, str], templates: Mapping[str, str]) -> None:
    """`show(request, viewpoint, "lines/lines.html", …)` with a name that is misspelt fails only when somebody opens it."""
    asked = {
        piece
        for path, text in python_files.items()
        if path.startswith("src/")
        for piece in text.split('"')
        if piece.endswith(".html") and "govuk_frontend_jinja" not in piece and "\n" not in piece and " " not in piece
    }
    assert asked - set(templates) == set()
    assert len(asked) > 10
