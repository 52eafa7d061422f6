"""The operator's file of identity providers: what it may say, in which sentence it is refused, and what is handed down."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from crossline.errors import InstallationError
from crossline.hosting.configuration import Configuration
from crossline.hosting.home import Home
from crossline.hosting.identity_providers import (
    ENVIRONMENT_NAME,
    IdentityProvider,
    hand_down_providers,
    handed_down_providers,
    is_confidential,
    read_identity_providers,
)
from crossline.hosting.web import PASSED_ON

PAGE = (Path(__file__).parents[3] / "docs" / "settings.md").read_text(encoding="utf-8")
ENTRY: Mapping[str, str] = {
    "issuer": '"https://login.kent.example"',
    "client": '"crossline"',
    "username_claim": '"upn"',
    "authority": '"Kent Police, letter of 3 November 2026"',
}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").make()


def write(home: Home, of: str = "kent", **said: str) -> None:
    """One more entry of the file, and its secret."""
    lines = [f"{key} = {value}" for key, value in {**ENTRY, **said}.items() if value]
    with home.identity_providers.open("a") as file:
        file.write("\n".join([f"[{of}]", *lines, ""]))
    key = home.keys / f"identity_provider_{of}"
    key.write_text("hush")
    key.chmod(0o600)


def read(home: Home) -> tuple[IdentityProvider, ...]:
    return read_identity_providers(home, Configuration())


def test_without_a_file_there_are_none_and_a_named_one_must_be_there(home: Home, tmp_path: Path) -> None:
    assert read(home) == ()
    named = Configuration(identity_providers=tmp_path / "elsewhere.toml")
    with pytest.raises(InstallationError, match=r"elsewhere\.toml cannot be read"):
        read_identity_providers(home, named)
    write(home)
    home.identity_providers.rename(tmp_path / "elsewhere.toml")
    assert [each.agency for each in read_identity_providers(home, named)] == ["kent"]


def test_an_entry_is_read_with_its_secret_which_is_not_printed(home: Home) -> None:
    write(home)
    (provider,) = read(home)
    assert (provider.agency, provider.agency_name, provider.issuer) == (
        "kent",
        "Kent Police",
        "https://login.kent.example",
    )
    assert (provider.passwords, provider.second_factor_methods, provider.second_factor_levels) == (
        True,
        ("mfa", "otp", "hwk"),
        (),
    )
    assert provider.secret.get_secret_value() == "hush"
    assert "hush" not in repr(provider)


def test_what_is_handed_down_arrives_and_does_not_come_from_the_operators_environment(home: Home) -> None:
    write(home, second_factor_levels='["urn:two"]', passwords="false", site='"https://crossline.example"')
    environment: dict[str, str] = {}
    hand_down_providers((), environment)
    assert environment == {}
    hand_down_providers(read(home), environment)
    handed = Configuration(identity_providers_json=environment[ENVIRONMENT_NAME])  # type: ignore[arg-type]  # read as text
    assert tuple(handed_down_providers(handed).values()) == read(home)
    assert handed_down_providers(Configuration()) == {}
    assert ENVIRONMENT_NAME not in PASSED_ON
    assert "hush" not in repr(handed)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"issuer": '"http://login.kent.example"'}, r"kent, issuer: .*https"),
        ({"issuer": '"https://login.kent.example?tenant=1"'}, r"kent, issuer: .*without a query"),
        ({"issuer": '"javascript:alert(1)"'}, r"kent, issuer: "),
        ({"issuer": ""}, r"kent, issuer: Field required"),
        ({"client": '" "'}, r"kent, client: "),
        ({"authority": ""}, r"kent, authority: Field required"),
        ({"username_claim": ""}, r"kent, username_claim: Field required"),
        ({"scope": '"profile"'}, r"kent, scope: it must hold openid"),
        ({"password": "false"}, r"kent, password: Extra inputs"),
        ({"secret": '"hush hush"'}, r"gives 'secret' for kent, which does not belong there"),
        ({"agency": '"essex"'}, r"gives 'agency' for kent"),
        ({"site": '"http://crossline.example"'}, r"kent, site: .*https"),
    ],
    ids=str,
)
def test_an_entry_that_cannot_be_used_is_refused_in_a_sentence(home: Home, said: dict[str, str], sentence: str) -> None:
    write(home, **said)
    with pytest.raises(InstallationError, match=sentence) as refused:
        read(home)
    assert "\n" not in str(refused.value)
    assert "hush" not in str(refused.value)


def test_an_agency_that_is_none_and_a_file_that_is_no_toml_are_refused(home: Home) -> None:
    write(home, of="atlantis")
    with pytest.raises(InstallationError, match="an entry 'atlantis', which is no agency"):
        read(home)
    home.identity_providers.write_text("kent = 1")
    with pytest.raises(InstallationError, match="an entry 'kent'"):
        read(home)
    home.identity_providers.write_text("[kent")
    with pytest.raises(InstallationError, match=r"identity-providers\.toml cannot be read"):
        read(home)


def test_an_issuer_speaks_for_one_agency_alone(home: Home) -> None:
    write(home)
    write(home, of="essex")
    with pytest.raises(InstallationError, match=r"https://login\.kent\.example for more than one agency"):
        read(home)


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        ("https://login.kent.example/oidc", True),
        ("http://127.0.0.1:8080", True),
        ("http://[::1]/", True),
        ("http://localhost.kent.example", False),
        ("http://login.kent.example", False),
        ("https://", False),
        ("//login.kent.example", False),
        ("https://[", False),
        ("None", False),
        ("", False),
    ],
)
def test_only_what_nobody_reads_on_the_way_is_confidential(address: str, safe: bool) -> None:
    assert is_confidential(address) is safe


def test_the_page_says_of_each_key_what_the_code_says() -> None:
    rows = dict(re.findall(r"^\| `([a-z_]+)` \| (.+) \|$", PAGE, flags=re.MULTILINE))
    said = {name: field.description for name, field in IdentityProvider.model_fields.items() if field.description}
    assert rows == said
