"""docs/settings.md and the code name the same settings and say the same of them."""

import re
from pathlib import Path

import pytest

from crossline.errors import InstallationError
from crossline.hosting.configuration import Configuration, read_configuration
from crossline.hosting.logins import Login

REPOSITORY = Path(__file__).parents[3]
PAGE = (REPOSITORY / "docs" / "settings.md").read_text(encoding="utf-8")
ROWS = dict(re.findall(r"^\| `([A-Z_]+)` \| (.+) \|$", PAGE, flags=re.MULTILINE))
FIELDS = {str(field.validation_alias): field.description for field in Configuration.model_fields.values()}


def test_each_setting_stands_on_the_page_with_its_description() -> None:
    assert {name: ROWS.get(name) for name in FIELDS} == FIELDS


def test_the_page_names_no_setting_that_nothing_reads() -> None:
    launcher = (REPOSITORY / "crossline").read_text(encoding="utf-8")
    assert [name for name in ROWS if name not in FIELDS and f"${{{name}:" not in launcher] == []


def test_no_code_reads_a_setting_that_is_not_on_the_page() -> None:
    named = {
        name
        for path in (REPOSITORY / "src").rglob("*.py")
        for name in re.findall(r"[\"'](CROSSLINE_[A-Z_]+)[\"']", path.read_text(encoding="utf-8"))
    }
    assert sorted(named - set(ROWS)) == []


def test_an_empty_setting_is_an_unset_one(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in FIELDS:
        monkeypatch.setenv(name, "")
    configuration = read_configuration()
    assert configuration.database_url is None
    assert configuration.synthetic is True
    assert configuration.database_role is Login.WEB


def test_a_setting_that_cannot_be_read_is_named_without_its_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CROSSLINE_WEB_THREADS", "many-and-secret")
    with pytest.raises(
        InstallationError, match=r"The setting CROSSLINE_WEB_THREADS cannot be read: .* docs/settings\.md"
    ) as refused:
        read_configuration()
    assert "secret" not in str(refused.value)
    assert "\n" not in str(refused.value)


def test_secrets_are_not_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://operator:hush@db/crossline")
    monkeypatch.setenv("CROSSLINE_SECRET_KEY", "hush")
    assert "hush" not in repr(read_configuration())
