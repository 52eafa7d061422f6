"""Every setting that Crossline reads from the environment. docs/settings.md says the same; a test compares them."""

from enum import StrEnum
from pathlib import Path

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from crossline.errors import InstallationError
from crossline.hosting.logins import Login


class SecondFactorRule(StrEnum):
    """Whether people need a second factor to sign in."""

    OPTIONAL = "optional"
    REQUIRED = "required"


class Configuration(BaseSettings):
    """The environment as typed values. Construct it where it is needed; nothing reads the environment at import."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True, populate_by_name=True)

    home: Path | None = Field(
        default=None,
        validation_alias="CROSSLINE_HOME",
        description="The data folder: embedded database, communications data, keys. "
        "Default: crossline in $XDG_DATA_HOME, else in ~/.local/share.",
    )
    database_url: SecretStr | None = Field(
        default=None,
        validation_alias="DATABASE_URL",
        description="A PostgreSQL 15 or later to use instead of the embedded one. "
        "Its user needs CREATEROLE and owns the database.",
    )
    secret_key: SecretStr | None = Field(
        default=None,
        validation_alias="CROSSLINE_SECRET_KEY",
        description="The key that signs sessions. Default: made once, in the data folder's keys.",
    )
    debug: bool = Field(
        default=False,
        validation_alias="CROSSLINE_DEBUG",
        description="Show the workings of an error on its page. Never with real data.",
    )
    allowed_hosts: str = Field(
        default="localhost,127.0.0.1,[::1]",
        validation_alias="CROSSLINE_ALLOWED_HOSTS",
        description="The names under which the site may be asked for, with commas between them.",
    )
    site_address: str | None = Field(
        default=None,
        pattern=r"^https://[a-z0-9.-]+(:[0-9]+)?$",
        validation_alias="CROSSLINE_SITE_ADDRESS",
        description="The address that people open, such as https://crossline.example, where a proxy before the site speaks "
        "HTTPS with them and says so in X-Forwarded-Proto. Forms are then taken from there alone, and cookies go over HTTPS "
        "alone.",
    )
    checkpoints: Path | None = Field(
        default=None,
        validation_alias="CROSSLINE_CHECKPOINTS",
        description="A second file that gets each signed checkpoint of the audit, on a disk that somebody else holds.",
    )
    second_factor: SecondFactorRule = Field(
        default=SecondFactorRule.OPTIONAL,
        validation_alias="CROSSLINE_SECOND_FACTOR",
        description="Whether everybody needs a second factor to sign in: optional or required. "
        "Where required, whoever has none sets it up before any other page.",
    )
    idle_minutes: int = Field(
        default=30,
        ge=1,
        le=480,
        validation_alias="CROSSLINE_IDLE_MINUTES",
        description="After how many minutes without a request a session ends.",
    )
    identity_providers: Path | None = Field(
        default=None,
        validation_alias="CROSSLINE_IDENTITY_PROVIDERS",
        description="The file that names agencies' identity providers. Default: identity-providers.toml in the data folder; "
        "without one everybody signs in with a password.",
    )
    proxy: str | None = Field(
        default=None,
        validation_alias="CROSSLINE_PROXY",
        description="The address of the proxy before the site, if there is one: from it alone X-Forwarded-For is believed, "
        "so that lock-out counts whoever asked.",
    )
    disposals: Path | None = Field(
        default=None,
        validation_alias="CROSSLINE_DISPOSALS",
        description="A second file that gets a line for each disposal, kept apart from the backups, so that a restored one "
        "disposes again.",
    )
    synthetic: bool = Field(
        default=True,
        validation_alias="CROSSLINE_SYNTHETIC",
        description="Whether the data is made up; pages then say so. Set no for real data.",
    )
    server_account: str | None = Field(
        default=None,
        validation_alias="CROSSLINE_SERVER_ACCOUNT",
        description="When root starts Crossline, the account that the embedded server runs under. "
        "Default: crossline if there is one, else nobody.",
    )
    web_threads: int = Field(
        default=4,
        ge=1,
        le=32,
        validation_alias="CROSSLINE_WEB_THREADS",
        description="How many requests the web server answers at once.",
    )
    second_factor_key: SecretStr | None = Field(
        default=None,
        validation_alias="CROSSLINE_SECOND_FACTOR_KEY",
        description="The key under which second factors are stored. "
        "Crossline sets it for its own processes, from the data folder's keys.",
    )
    deconfliction_key: SecretStr | None = Field(
        default=None,
        validation_alias="CROSSLINE_DECONFLICTION_KEY",
        description="The key of the tokens by which checks and pointers are looked up. "
        "Crossline sets it for its own processes, from the data folder's keys.",
    )
    identity_providers_json: SecretStr | None = Field(
        default=None,
        validation_alias="CROSSLINE_IDENTITY_PROVIDERS_JSON",
        description="Agencies' identity providers with their secrets. Crossline sets it for its own processes, from that file "
        "and the data folder's keys.",
    )
    database_role: Login = Field(
        default=Login.WEB,
        validation_alias="CROSSLINE_DATABASE_ROLE",
        description="Which login a process uses: web, engine, sealer or owner. Crossline sets it for its own processes.",
    )
    database_json: SecretStr | None = Field(
        default=None,
        validation_alias="CROSSLINE_DATABASE_JSON",
        description="How a process reaches the database. Crossline sets it for its own processes; leave it unset.",
    )


def read_configuration() -> Configuration:
    """The settings, or one sentence on the first that cannot be read."""
    try:
        return Configuration()
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise InstallationError(
            f"The setting {first['loc'][0]} cannot be read: {first['msg']} (see docs/settings.md)."
        ) from error
