"""Which agencies have an identity provider of their own: one file of the operator's, and a secret for each in the keys folder.

    [kent]
    issuer = "https://login.kent.example"
    client = "crossline"
    username_claim = "upn"
    authority = "Kent Police, head of identity, letter of 3 November 2026"

Read when the site starts, and handed down to the web process. Nobody is asked over the network before somebody signs in.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, StringConstraints, ValidationError

from crossline.errors import InstallationError
from crossline.hosting.configuration import Configuration
from crossline.hosting.home import Home
from crossline.hosting.keys import provider_secret
from crossline.vocabulary.agencies import agencies

ENVIRONMENT_NAME: Final = "CROSSLINE_IDENTITY_PROVIDERS_JSON"
LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
_OURS: Final = frozenset({"agency", "secret"})
"""What an entry is given by us: its own name, and what lies in the keys folder."""


def is_confidential(address: str) -> bool:
    """Whether what is said to this address is read by nobody on the way: HTTPS, or another process of this machine."""
    try:
        parts = urlsplit(address)
        safe = {"https": bool(parts.hostname), "http": parts.hostname in LOOPBACK}
        return safe.get(parts.scheme, False)
    except ValueError:
        return False


def _confidential(address: str) -> str:
    if not is_confidential(address) or urlsplit(address).query or urlsplit(address).fragment:
        raise ValueError("it must be an https address without a query")
    return address


Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Address = Annotated[str, AfterValidator(_confidential)]


class IdentityProvider(BaseModel):
    """An agency's identity provider, as its entry says. docs/settings.md says the same; a test compares them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    agency: str
    secret: SecretStr
    issuer: Address = Field(
        description="The issuer, exactly as its tokens name it. Its configuration is read from under that address."
    )
    client: Words = Field(description="The client id under which the provider knows Crossline.")
    username_claim: Words = Field(
        description="The claim that carries the username somebody is enrolled under, letter for letter. It must be one that "
        "people cannot change themselves. `email` counts only where the provider says that it is verified."
    )
    authority: Words = Field(
        description="Who says that this is the agency’s provider, and that its methods below are second factors. It goes on the "
        "audit wherever a statement of the provider’s stands for a second factor."
    )
    second_factor_methods: tuple[Words, ...] = Field(
        default=("mfa", "otp", "hwk"),
        description="Methods (`amr`, RFC 8176) of which each stands for a second factor. Default: mfa, otp and hwk. With "
        "none, and no levels, our own code is asked for.",
    )
    second_factor_levels: tuple[Words, ...] = Field(
        default=(),
        description="Levels (`acr`) of which each stands for a second factor; they are also asked for. Default: none.",
    )
    scope: Words = Field(
        default="openid profile", description="What is asked for. Default: openid profile. It must hold openid."
    )
    passwords: bool = Field(
        default=True,
        description="Whether the agency’s people may also sign in with a password, as when the provider does not answer. "
        "Default: true.",
    )
    site: Address | None = Field(
        default=None,
        description="The address under which the provider knows this site, such as https://crossline.example, where a proxy "
        "stands before it. Default: as it was asked for.",
    )

    @property
    def agency_name(self) -> str:
        return agencies()[self.agency].name


def read_identity_providers(home: Home, configuration: Configuration) -> tuple[IdentityProvider, ...]:
    """Every agency's provider, or one sentence on the first entry that cannot be used. No file: none."""
    named = configuration.identity_providers
    path = named or home.identity_providers
    if named is None and not path.exists():
        return ()
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InstallationError(f"{path} cannot be read: {error} (see docs/settings.md).") from error
    found = tuple(_provider(home, path, agency, entry) for agency, entry in entries.items())
    issuers = [provider.issuer for provider in found]
    for provider in found:
        if issuers.count(provider.issuer) > 1:
            raise InstallationError(
                f"{path} names the issuer {provider.issuer} for more than one agency: an issuer speaks for one agency alone."
            )
    return found


def hand_down_providers(providers: tuple[IdentityProvider, ...], environment: dict[str, str]) -> None:
    """Let a child process ask these providers."""
    if providers:
        environment[ENVIRONMENT_NAME] = json.dumps(
            [{**each.model_dump(mode="json"), "secret": each.secret.get_secret_value()} for each in providers]
        )


def handed_down_providers(configuration: Configuration) -> Mapping[str, IdentityProvider]:
    """The providers that a parent process handed down, by agency."""
    handed = configuration.identity_providers_json
    entries = json.loads(handed.get_secret_value()) if handed else []
    return {entry["agency"]: IdentityProvider.model_validate(entry) for entry in entries}


def _provider(home: Home, path: Path, agency: str, entry: Any) -> IdentityProvider:
    if agency not in agencies() or not isinstance(entry, dict):
        raise InstallationError(
            f"{path} has an entry {agency!r}, which is no agency: use an id from the agency list, such as 'kent'."
        )
    if given := sorted(_OURS & entry.keys()):
        raise InstallationError(
            f"{path} gives {given[0]!r} for {agency}, which does not belong there: the secret is a file in {home.keys}."
        )
    try:
        provider = IdentityProvider.model_validate({**entry, "agency": agency, "secret": provider_secret(home, agency)})
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        key = ".".join(str(part) for part in first["loc"])
        raise InstallationError(f"{path}, {agency}, {key}: {first['msg']} (see docs/settings.md).") from error
    if "openid" not in provider.scope.split():
        raise InstallationError(f"{path}, {agency}, scope: it must hold openid.")
    return provider
