"""What is said between us and an agency's identity provider: OpenID Connect by authlib, signatures by joserfc, no page.

The authorisation code with PKCE, a state and a nonce. What a provider states is believed when its own keys signed it, for us,
just now, and in answer to this very question. Nothing is asked over the network before somebody signs in.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.common.security import generate_token
from authlib.common.urls import add_params_to_uri
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from crossline.access.people_actions import USERNAME
from crossline.errors import ProviderUnavailable, SignInRefused
from crossline.hosting.identity_providers import IdentityProvider, is_confidential

SIGNATURES: Final = ("RS256", "ES256")
"""Signatures that are believed, whatever the provider says it uses. No `none`, and no shared secret."""
SKEW_SECONDS: Final = 60
"""How far a provider's clock and ours may be apart. [D] docs/decisions/0016-openid-connect.md"""
PATIENCE: Final = (3.0, 5.0)
"""Seconds to be connected in, and to wait for the next part of an answer."""
KEPT_SECONDS: Final = 600
"""How long a provider's description of itself, and its keys, are used before it is asked again."""
SILENT_SECONDS: Final = 10
"""How long one that did not answer is not asked again, so that those who wait for it do not take every thread."""


@dataclass(frozen=True)
class Question:
    """What a browser is sent to a provider with. All but `address` stays with us until it comes back."""

    address: str
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class Statement:
    """Who the provider says it is. `second_factor`: the method or level that stands for one, if it states any."""

    username: str
    second_factor: str | None
    sign_out: str | None


@dataclass(frozen=True)
class _Known:
    """What a provider says of itself, and its keys where they were asked for."""

    until: float
    metadata: Mapping[str, Any]
    keys: KeySet | None = None


_known: Final[dict[IdentityProvider, _Known]] = {}
_silent_until: Final[dict[IdentityProvider, float]] = {}


class _TrustedHere(requests.adapters.HTTPAdapter):
    """Trusts what the machine trusts too, not requests' own list alone: an agency's authority is put there by the operator."""

    def init_poolmanager(self, *arguments: Any, **named: Any) -> None:
        super().init_poolmanager(*arguments, ssl_context=ssl.create_default_context(), **named)


def question_for(provider: IdentityProvider, *, back: str) -> Question:
    """What to send a browser to the provider with; `back` is where it is to come back to."""
    with _session(provider, back) as session:
        verifier, nonce = generate_token(64), generate_token(32)
        levels = {"acr_values": " ".join(provider.second_factor_levels)} if provider.second_factor_levels else {}
        address, state = session.create_authorization_url(
            _metadata(provider)["authorization_endpoint"],
            state=generate_token(32),
            code_verifier=verifier,
            nonce=nonce,
            **levels,
        )
    return Question(address, state, nonce, verifier)


def check_issuer(provider: IdentityProvider, said: str | None) -> None:
    """The issuer that an answer names (RFC 9207) is this provider: no other one can pass its codes on to us."""
    named = _metadata(provider).get("authorization_response_iss_parameter_supported") is True
    if said != provider.issuer and (named or said is not None):
        raise SignInRefused(reason="another issuer answered")


def statement_for(provider: IdentityProvider, *, code: str, verifier: str, nonce: str, back: str) -> Statement:
    """Give the code for a token, check the token, and read from it who it is."""
    metadata = _metadata(provider)
    try:
        with _session(provider, back) as session:
            token = session.fetch_token(
                metadata["token_endpoint"], grant_type="authorization_code", code=code, code_verifier=verifier
            )
    except (requests.RequestException, ValueError) as error:
        raise _unavailable(provider, type(error).__name__) from error
    except AuthlibBaseError as error:
        if error.error == "invalid_grant":
            raise SignInRefused(reason="the code was refused", guessed=True) from error
        # Not for anything that whoever signs in did: our secret has run out there, say.
        raise _unavailable(provider, str(error.error).replace("\0", "")[:40]) from error
    claims = _claims(provider, token, nonce)
    end = metadata.get("end_session_endpoint")
    leaves = add_params_to_uri(end, {"client_id": provider.client}) if is_confidential(str(end)) else None
    return Statement(_username(provider, claims), _second_factor(provider, claims), leaves)


def _claims(provider: IdentityProvider, token: Mapping[str, Any], nonce: str) -> CodeIDToken:
    said = token.get("id_token")
    if not isinstance(said, str):
        raise SignInRefused(reason="there was no token")
    wanted = {
        "iss": {"essential": True, "value": provider.issuer},
        "aud": {"essential": True, "value": provider.client},
    }
    known = {"nonce": nonce, "client_id": provider.client, "access_token": token.get("access_token")}
    try:
        try:
            read = _decoded(said, _keys(provider))
        except InvalidKeyIdError:  # signed with a key that is newer than what we know
            read = _decoded(said, _keys(provider, anew=True))
        claims = CodeIDToken(read.claims, read.header, wanted, known)
        claims.validate(leeway=SKEW_SECONDS)
    except JoseError as error:
        which = f"{error.error} {getattr(error, 'claim', '')}".strip()
        raise SignInRefused(reason=f"the token was refused: {which}") from error
    except (ValueError, TypeError, KeyError) as error:
        raise SignInRefused(reason="the token was refused: it cannot be read") from error
    return claims


def _decoded(token: str, keys: KeySet) -> jwt.Token:
    return jwt.decode(token, keys, registry=JWSRegistry(algorithms=list(SIGNATURES), strict_check_header=False))


def _username(provider: IdentityProvider, claims: Mapping[str, Any]) -> str:
    name = claims.get(provider.username_claim)
    if provider.username_claim == "email" and claims.get("email_verified") is not True:
        raise SignInRefused(reason="the address is not verified")
    # Letter for letter: two people of one provider may differ in a capital.
    if not isinstance(name, str) or not USERNAME.fullmatch(name):
        raise SignInRefused(reason="no username was stated")
    return name


def _second_factor(provider: IdentityProvider, claims: Mapping[str, Any]) -> str | None:
    methods = [each for each in claims.get("amr") or [] if each in provider.second_factor_methods]
    level = claims.get("acr")
    return str(methods[0]) if methods else level if level in provider.second_factor_levels else None


def _metadata(provider: IdentityProvider) -> Mapping[str, Any]:
    """What the provider says of itself, asked at most once in a while."""
    kept = _known.get(provider)
    if kept is not None and time.monotonic() < kept.until:
        return kept.metadata
    said = _asked(provider, f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration")
    endpoints = [said.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
    if said.get("issuer") != provider.issuer or not all(is_confidential(str(each)) for each in endpoints):
        raise _unavailable(provider, "it describes itself as another, or not confidentially")
    _known[provider] = _Known(time.monotonic() + KEPT_SECONDS, said)
    return said


def _keys(provider: IdentityProvider, *, anew: bool = False) -> KeySet:
    metadata = _metadata(provider)
    kept = _known[provider]
    if kept.keys is not None and not anew:
        return kept.keys
    said = _asked(provider, metadata["jwks_uri"])
    keys = KeySet.import_key_set(said)  # type: ignore[arg-type]  # whatever it is not, joserfc says so
    _known[provider] = _Known(kept.until, metadata, keys)
    return keys


def _asked(provider: IdentityProvider, address: str) -> Mapping[str, Any]:
    """A JSON object from one of the provider's own addresses."""
    if time.monotonic() < _silent_until.get(provider, 0.0):
        raise _unavailable(provider, "it fell silent just now")
    try:
        with _session(provider) as session:
            answer = session.request("GET", address, withhold_token=True)
            answer.raise_for_status()
            said = answer.json()
        if isinstance(said, dict):
            return said
        raise ValueError("an object was expected")
    except (requests.RequestException, ValueError) as error:
        _silent_until[provider] = time.monotonic() + SILENT_SECONDS
        raise _unavailable(provider, type(error).__name__) from error


def _session(provider: IdentityProvider, back: str | None = None) -> OAuth2Session:
    """One conversation: no redirect is followed, and nothing is read from the environment (a proxy, a netrc file)."""
    kept = _known.get(provider)
    ways = kept.metadata.get("token_endpoint_auth_methods_supported") if kept else None
    by_post = isinstance(ways, list) and "client_secret_basic" not in ways and "client_secret_post" in ways
    session = OAuth2Session(
        provider.client,
        provider.secret.get_secret_value(),
        token_endpoint_auth_method="client_secret_post" if by_post else "client_secret_basic",
        scope=provider.scope,
        redirect_uri=back,
        code_challenge_method="S256",
        default_timeout=PATIENCE,
        trust_env=False,
        max_redirects=0,
    )
    session.mount("https://", _TrustedHere())
    return session


def _unavailable(provider: IdentityProvider, reason: str) -> ProviderUnavailable:
    return ProviderUnavailable(
        f"The identity provider of {provider.agency_name} does not answer; try again later.", reason=reason
    )
