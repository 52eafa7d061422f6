"""Keys are made once, kept privately, and never replaced behind anybody's back."""

import stat
from pathlib import Path

import pytest

from crossline.errors import InstallationError
from crossline.hosting.home import Home
from crossline.hosting.keys import database_keys, deconfliction_key, provider_secret, secret_key


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").make()


def test_passwords_are_made_once_and_differ(home: Home) -> None:
    first = database_keys(home, ("web", "owner"))
    assert database_keys(home, ("web", "owner")) == first
    assert first.passwords["web"] != first.passwords["owner"]
    assert len(first.passwords["web"]) >= 40
    assert int(first.installation, 16) >= 0
    assert len(first.installation) == 8


def test_a_new_kind_gets_a_password_and_the_others_keep_theirs(home: Home) -> None:
    before = database_keys(home, ("web",))
    after = database_keys(home, ("web", "engine"))
    assert after.installation == before.installation
    assert after.passwords["web"] == before.passwords["web"]
    assert set(after.passwords) == {"web", "engine"}


def test_two_homes_share_no_secret(home: Home, tmp_path: Path) -> None:
    other = Home(tmp_path / "other").make()
    assert secret_key(home) != secret_key(other)
    assert database_keys(home, ("web",)).passwords["web"] != database_keys(other, ("web",)).passwords["web"]


def test_the_files_are_readable_by_their_owner_alone(home: Home) -> None:
    database_keys(home, ("web",))
    key = secret_key(home)
    assert secret_key(home) == key
    assert {stat.S_IMODE(path.stat().st_mode) for path in home.keys.iterdir()} == {0o600}


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"installation": "ab", "passwords": []}', '{"passwords": {}}'])
def test_a_damaged_file_is_refused_and_not_overwritten(home: Home, text: str) -> None:
    (home.keys / "database.json").write_text(text)
    with pytest.raises(InstallationError, match=r"database\.json is damaged: put it back from a backup"):
        database_keys(home, ("web",))
    assert (home.keys / "database.json").read_text() == text


def test_passwords_are_not_printed(home: Home) -> None:
    keys = database_keys(home, ("web",))
    assert keys.passwords["web"] not in repr(keys)


def test_a_providers_secret_is_read_where_nobody_else_can(home: Home) -> None:
    path = home.keys / "identity_provider_kent"
    with pytest.raises(
        InstallationError, match=r"identity_provider_kent cannot be read: write the client secret into it"
    ):
        provider_secret(home, "kent")
    path.write_text(" \n")
    path.chmod(0o600)
    with pytest.raises(InstallationError, match="identity_provider_kent is empty"):
        provider_secret(home, "kent")
    path.write_text("hush\n")
    assert provider_secret(home, "kent") == "hush"
    for mode in (0o640, 0o604, 0o620):
        path.chmod(mode)
        with pytest.raises(InstallationError, match=r"can be read by other accounts: .*chmod 600"):
            provider_secret(home, "kent")


def test_the_key_of_checks_is_made_once_for_a_home_and_a_damaged_one_is_not_replaced(home: Home) -> None:
    key = deconfliction_key(home)
    assert deconfliction_key(home) == key and len(bytes.fromhex(key)) == 32
    path = home.keys / "deconfliction"
    assert path.stat().st_mode & 0o777 == 0o600
    path.write_text("short")
    with pytest.raises(InstallationError):
        deconfliction_key(home)
    assert path.read_text() == "short"
