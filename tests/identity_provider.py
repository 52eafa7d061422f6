"""A little OpenID Connect provider on this machine, with real keys and signatures, which can be made to lie in every way.

It does what a provider does: describes itself, asks who is there, gives a code once, and a signed token for it to whoever shows
the secret and what the code was bound to.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import html
import json
import secrets
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

Claims = dict[str, Any]
CLIENT, SECRET = "crossline-of-tests", "a secret of tests only"


@cache
def rsa(name: str) -> RSAKey:
    """An RSA key of that name, made once for the run."""
    return RSAKey.generate_key(2048, {"kid": name, "use": "sig"})


@cache
def ec(name: str) -> ECKey:
    """An elliptic curve key of that name."""
    return ECKey.generate_key("P-256", {"kid": name, "use": "sig"})


def signed(claims: Claims, *, algorithm: str = "RS256", key: Any = None, kid: str | None = None) -> str:
    """A token, signed as said; by the provider's usual key unless told otherwise."""
    signer = key or rsa("usual")
    header = {"alg": algorithm, "kid": kid or signer.kid}
    return jwt.encode(header, claims, signer, algorithms=[algorithm])


def unsigned(claims: Claims) -> str:
    """A token of the algorithm `none`."""
    return f"{packed({'alg': 'none', 'typ': 'JWT'})}.{packed(claims)}."


def hashed(claims: Claims, secret: bytes) -> str:
    """A token of the algorithm HS256, under whatever the forger takes for a shared secret."""
    said = f"{packed({'alg': 'HS256', 'kid': 'usual'})}.{packed(claims)}"
    return f"{said}.{packed(hmac.new(secret, said.encode(), hashlib.sha256).digest())}"


def edited(token: str, claims: Claims) -> str:
    """The same signature over other claims."""
    head, _, signature = token.split(".")
    return f"{head}.{packed(claims)}.{signature}"


def packed(part: Claims | bytes) -> str:
    """A part of a token as it is written."""
    written = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(written).rstrip(b"=").decode()


class Provider:
    """What the provider knows, says and was asked. A test changes it as it likes."""

    def __init__(self, address: str) -> None:
        self.issuer = address
        self.person: Claims = {"sub": "0001", "upn": "kent.analyst"}
        self.keys: list[Any] = [rsa("usual"), ec("other")]
        self.metadata: Claims = {}  # what its description says besides, or instead
        self.change: Callable[[Claims], Claims] = lambda claims: claims
        self.sign: Callable[[Claims], str] = signed
        self.pages: dict[str, Claims] = {}
        self.token_answers: tuple[int, Any] | None = None
        self.asks = False  # whether a person has to press a button, as in a browser
        self.codes: dict[str, dict[str, str]] = {}
        self.asked: list[str] = []
        self.tokens_given: list[str] = []

    def description(self) -> Claims:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "end_session_endpoint": f"{self.issuer}/end?from=crossline",
            "id_token_signing_alg_values_supported": ["RS256", "ES256", "HS256", "none"],
        } | self.metadata

    def code_for(self, question: dict[str, str]) -> str:
        """Where the browser is sent back to, with a code that is bound to the question."""
        code = secrets.token_urlsafe(16)
        self.codes[code] = question
        return f"{question['redirect_uri']}?{urlencode({'code': code, 'state': question['state']})}"

    def token_for(self, form: dict[str, str], authorization: str) -> tuple[int, Claims]:
        """A token for a code, if everything about it is right."""
        given = base64.b64encode(f"{CLIENT}:{SECRET.replace(' ', '+')}".encode()).decode()
        plain = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        by_form = (form.get("client_id"), form.get("client_secret")) == (CLIENT, SECRET)
        if authorization not in (f"Basic {given}", f"Basic {plain}") and not by_form:
            return 401, {"error": "invalid_client"}
        question = self.codes.pop(form.get("code", ""), None)
        challenge = packed(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if (
            question is None
            or question["code_challenge_method"] != "S256"
            or question["code_challenge"] != challenge
            or question["redirect_uri"] != form.get("redirect_uri")
        ):
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": question["nonce"]}
        token = self.sign(self.change(claims | self.person))
        self.tokens_given.append(token)
        return 200, {"access_token": "nothing opens with it", "token_type": "Bearer", "id_token": token}


class _Handler(BaseHTTPRequestHandler):
    server: Any

    def do_GET(self) -> None:
        provider: Provider = self.server.provider
        parts = urlsplit(self.path)
        provider.asked.append(parts.path)
        question = dict(parse_qsl(parts.query))
        if parts.path == "/.well-known/openid-configuration":
            self._answer(200, json.dumps(provider.description()), "application/json")
        elif parts.path == "/keys":
            keys = [key.as_dict(private=False) for key in provider.keys]
            self._answer(200, json.dumps({"keys": keys}), "application/json")
        elif parts.path == "/authorize" and provider.asks:
            hidden = "".join(
                f'<input type="hidden" name="{name}" value="{html.escape(value)}">' for name, value in question.items()
            )
            form = f'<form method="post" action="/agreed">{hidden}<button>It is me</button></form>'
            self._answer(200, f'<!doctype html><html lang="en"><title>Provider</title>{form}')
        elif parts.path == "/authorize":
            self._send_on(provider.code_for(question))
        elif parts.path in provider.pages:
            self._answer(200, json.dumps(provider.pages[parts.path]), "application/json")
        elif parts.path == "/end":
            self._answer(200, '<!doctype html><html lang="en"><title>Provider</title><p>Signed out there')
        else:
            self._answer(404, "")

    def do_POST(self) -> None:
        provider: Provider = self.server.provider
        provider.asked.append(self.path)
        form = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        if self.path == "/agreed":
            self._send_on(provider.code_for(form))
        else:
            status, said = provider.token_answers or provider.token_for(form, self.headers.get("Authorization", ""))
            self._answer(status, said if isinstance(said, str) else json.dumps(said), "application/json")

    def _send_on(self, address: str) -> None:
        self.send_response(302)
        self.send_header("Location", address)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _answer(self, status: int, body: str, kind: str = "text/html") -> None:
        written = body.encode()
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/token")
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(written)))
        self.end_headers()
        self.wfile.write(written)

    def log_message(self, *arguments: Any) -> None:
        """Nothing is written to the screen."""


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for this machine that nobody else vouches for, and its key."""
    key = generate_private_key(SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "a provider of tests")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    written, secret = folder / "certificate.pem", folder / "key.pem"
    written.write_bytes(made.public_bytes(Encoding.PEM))
    secret.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return written, secret


@contextmanager
def serving(tls: tuple[Path, Path] | None = None) -> Iterator[Provider]:
    """A provider that answers, for the length of a `with` block; under a certificate if given one."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    if tls is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*tls)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    provider = Provider(f"{'http' if tls is None else 'https'}://127.0.0.1:{server.server_address[1]}")
    server.provider = provider  # type: ignore[attr-defined]  # its handlers ask for it
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
