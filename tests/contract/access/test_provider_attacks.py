"""Everything an identity provider, or somebody between it and us, can say that must let nobody in."""

from __future__ import annotations

import html
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client
from joserfc.jwk import RSAKey

from crossline.access import provider_sign_in
from crossline.access.audit import Process
from crossline.access.lock_out import BY_ADDRESS
from crossline.access.models import AuditEvent, SignInAttempt
from crossline.access.people_actions import end_access
from crossline.access.viewer import Viewer

from .conftest import Round

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]

NOT_PROVED = "Signing in with Kent Police did not work."
NOT_ENROLLED = "Kent Police has signed you in, but has no such person who may use Crossline."
Claims = dict[str, Any]


@pytest.fixture(autouse=True)
def kent(builders: Any) -> Viewer:
    return builders.enrolled("kent.analyst")


@pytest.fixture
def is_refused(ask: Any) -> Callable[..., str]:
    """`is_refused(answer)`: nobody is in, the sign-in page says so in one sentence; gives the reason on the audit."""

    def check(answer: Any, sentence: str = NOT_PROVED) -> str:
        assert (answer.status_code, answer.headers["Location"]) == (302, "/sign-in")
        assert sentence in html.unescape(ask("/sign-in").content.decode())
        assert ask("/lines").status_code == 302
        assert not AuditEvent.objects.filter(event="signed_in").exists()
        row = AuditEvent.objects.filter(event="sign_in_failed").latest("at")
        assert (row.actor, row.detail["step"], row.detail["provider"]) == ("process:site", "provider", "kent")
        return str(row.detail["reason"])

    return check


def counted(builders: Any) -> int:
    with builders.role("none"):
        return SignInAttempt.objects.filter(outcome="failed").count()


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"nonce": "another"}, "invalid_claim nonce"),
        ({"nonce": None}, "invalid_claim nonce"),
        ({"iss": "https://login.essex.example"}, "invalid_claim iss"),
        ({"aud": "another"}, "invalid_claim aud"),
        ({"aud": []}, "invalid_claim aud"),
        ({"aud": ["crossline-of-tests", "another"]}, "missing_claim azp"),
        ({"aud": ["crossline-of-tests", "another"], "azp": "another"}, "invalid_claim azp"),
        ({"azp": "another"}, "invalid_claim azp"),
        ({"exp": 1_000_000_000}, "expired_token exp"),
        ({"exp": timedelta(seconds=-90)}, "expired_token exp"),
        ({"exp": "tomorrow"}, "invalid_claim exp"),
        ({"exp": float("nan")}, "invalid_claim exp"),
        ({"iat": timedelta(hours=1)}, "invalid_claim iat"),
        ({"nbf": timedelta(hours=1)}, "invalid_claim nbf"),
        ({"at_hash": "of another token"}, "invalid_claim at_hash"),
        ({"amr": "mfa"}, "invalid_claim amr"),
    ],
    ids=str,
)
def test_a_claim_that_is_not_right_lets_nobody_in(
    said: Claims, reason: str, round_trip: Round, provider: Any, is_refused: Any, builders: Any
) -> None:
    now = time.time()
    provider.change = lambda claims: (
        claims
        | {
            name: int(now + value.total_seconds()) if isinstance(value, timedelta) else value
            for name, value in said.items()
        }
    )
    assert is_refused(round_trip.go()) == f"the token was refused: {reason}"
    assert counted(builders) == 0, "a provider that is set up wrongly would lock its people out of their passwords too"


@pytest.mark.parametrize("name", ["iss", "sub", "aud", "exp", "iat", "nonce"])
def test_a_claim_that_is_left_out_lets_nobody_in(name: str, round_trip: Round, provider: Any, is_refused: Any) -> None:
    provider.change = lambda claims: {key: value for key, value in claims.items() if key != name}
    assert is_refused(round_trip.go()) == f"the token was refused: missing_claim {name}"


@pytest.mark.parametrize("said", [{"aud": ["crossline-of-tests", "another"], "azp": "crossline-of-tests"}, {}])
def test_clocks_may_be_a_little_apart_and_others_may_be_addressed_too(
    said: Claims, round_trip: Round, provider: Any
) -> None:
    now = int(time.time())
    provider.change = lambda claims: claims | {"exp": now - 20, "iat": now + 20} | said
    assert round_trip.go().headers["Location"] == "/"


FORGED: dict[str, tuple[Callable[[Any, Claims], Any], str]] = {
    "none": (lambda made, claims: made.unsigned(claims), "unsupported_algorithm"),
    "the public key as a shared secret": (
        lambda made, claims: made.hashed(claims, made.rsa("usual").as_pem(private=False)),
        "unsupported_algorithm",
    ),
    "the client's secret": (lambda made, claims: made.hashed(claims, made.SECRET.encode()), "unsupported_algorithm"),
    "another algorithm": (lambda made, claims: made.signed(claims, algorithm="RS512"), "unsupported_algorithm"),
    "another's key of that name": (
        lambda made, claims: made.signed(claims, key=RSAKey.generate_key(2048, {"kid": "usual"})),
        "bad_signature",
    ),
    "a key nobody has": (lambda made, claims: made.signed(claims, kid="unheard of"), "invalid_key_id"),
    "a key of another kind": (lambda made, claims: made.signed(claims, kid="other"), "the token was refused"),
    "other claims": (
        lambda made, claims: made.edited(made.signed(claims | {"upn": "kent.colleague"}), claims),
        "bad_signature",
    ),
    "no signature": (lambda made, claims: f"{made.signed(claims).rpartition('.')[0]}.", "bad_signature"),
    "no token's shape": (lambda made, claims: "a.b.c", "the token was refused"),
    "an empty token": (lambda made, claims: "", "the token was refused"),
    "no text": (lambda made, claims: [made.signed(claims)], "there was no token"),
}


@pytest.mark.parametrize("name", FORGED)
def test_a_signature_that_is_not_the_providers_lets_nobody_in(
    name: str, round_trip: Round, provider: Any, identity_provider: Any, is_refused: Any
) -> None:
    forge, reason = FORGED[name]
    provider.sign = lambda claims: forge(identity_provider, claims)
    assert reason in is_refused(round_trip.go())
    assert len(provider.tokens_given) == 1


def test_a_shared_secret_among_the_keys_is_none_of_them(
    round_trip: Round, provider: Any, identity_provider: Any, is_refused: Any
) -> None:
    provider.metadata = {"jwks_uri": f"{provider.issuer}/weak-keys"}
    provider.pages["/weak-keys"] = {"keys": [{"kty": "oct", "kid": "usual", "k": identity_provider.packed(b"a" * 32)}]}
    provider.sign = lambda claims: identity_provider.hashed(claims, b"a" * 32)
    assert "the token was refused" in is_refused(round_trip.go())


def test_a_key_for_encrypting_signs_nothing(
    round_trip: Round, provider: Any, identity_provider: Any, is_refused: Any
) -> None:
    key = RSAKey.generate_key(2048, {"kid": "encrypting"})
    published = key.as_dict(private=False) | {"use": "enc"}
    provider.metadata = {"jwks_uri": f"{provider.issuer}/its-keys"}
    usual = identity_provider.rsa("usual").as_dict(private=False)
    provider.pages["/its-keys"] = {"keys": [published, {"kty": "of the future", "kid": "new"}, usual]}
    provider.sign = lambda claims: identity_provider.signed(claims, key=key)
    assert is_refused(round_trip.go()) == "the token was refused: invalid_key_id"
    provider.sign = identity_provider.signed
    assert round_trip.go().headers["Location"] == "/", "a key of a kind that nobody knows yet is nobody's fault"


@pytest.mark.parametrize("said", [{}, {"keys": []}, {"keys": 7}, {"keys": [{"kty": "RSA"}]}, {"keys": [None]}], ids=str)
def test_keys_that_are_none_let_nobody_in(said: Claims, round_trip: Round, provider: Any, is_refused: Any) -> None:
    provider.metadata = {"jwks_uri": f"{provider.issuer}/its-keys"}
    provider.pages["/its-keys"] = said
    assert "the token was refused" in is_refused(round_trip.go())


@pytest.mark.parametrize(
    "edit",
    [
        lambda back: back.replace("state=", "state=x"),
        lambda back: back.partition("&state=")[0],
        lambda back: back.replace("state=", "state=&other="),
    ],
    ids=["another", "none", "empty"],
)
def test_another_state_lets_nobody_in_and_ends_the_journey(
    edit: Callable[[str], str], round_trip: Round, ask: Any, provider: Any, is_refused: Any, builders: Any
) -> None:
    back = round_trip.agree(round_trip.set_out())
    assert is_refused(ask(edit(back))) == "no such journey"
    assert is_refused(ask(f"{back}&again=1")) == "no such journey"
    assert "/token" not in provider.asked, "nobody is asked about a code that is not for this browser"
    assert counted(builders) == 0, "a page elsewhere could lock an office out by sending its people here"


def test_an_answer_in_a_browser_that_did_not_set_out_lets_nobody_in(
    round_trip: Round, ask: Any, client: Client, is_refused: Any
) -> None:
    """Signing somebody in as somebody else: the answer of the attacker's journey, brought to another's browser."""
    back = round_trip.agree(round_trip.set_out())
    client.cookies.clear()
    assert is_refused(ask(round_trip.leads_to(ask(back)))) == "no such journey"
    client.cookies.clear()
    round_trip.set_out()
    assert is_refused(ask(back)) == "no such journey"


def test_an_answer_is_good_once(round_trip: Round, ask: Any, provider: Any) -> None:
    back = round_trip.agree(round_trip.set_out())
    assert ask(back).headers["Location"] == "/"
    assert provider.asked.count("/token") == 1
    for again in (f"{back}&again=1", round_trip.leads_to(ask(back))):
        assert ask(again).headers["Location"] == "/sign-in"
    assert provider.asked.count("/token") == 1
    ask("/sign-out", out="1")
    round_trip.set_out()
    assert ask(back).headers["Location"] == "/sign-in"
    assert ask("/lines").status_code == 302
    assert AuditEvent.objects.filter(event="signed_in").count() == 1


def test_a_journey_is_over_before_the_provider_is_asked(
    round_trip: Round, ask: Any, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same answer twice at one moment: whichever comes second finds nothing, although the first is not done."""
    kept, real = [], provider_sign_in.statement_for

    def asking(*arguments: Any, **named: Any) -> Any:
        kept.append(provider_sign_in.JOURNEY in SessionStore(client.cookies["crossline_session"].value))
        return real(*arguments, **named)

    monkeypatch.setattr(provider_sign_in, "statement_for", asking)
    assert ask(round_trip.agree(round_trip.set_out())).headers["Location"] == "/"
    assert kept == [False]


def test_a_code_that_was_guessed_or_belongs_to_another_journey_is_no_use(
    round_trip: Round, ask: Any, is_refused: Any, builders: Any
) -> None:
    """A code that somebody overheard, put into a journey of their own: it is bound to what the first one set out with."""
    overheard = round_trip.agree(round_trip.set_out())
    own = round_trip.agree(round_trip.set_out())
    code = parse_qs(urlsplit(overheard).query)["code"][0]
    state = parse_qs(urlsplit(own).query)["state"][0]
    mixed = f"/sign-in/with/kent/back?code={code}&state={state}"
    assert is_refused(ask(mixed)) == "the code was refused"
    guessed = round_trip.agree(round_trip.set_out()).replace("code=", "code=x")
    assert is_refused(ask(guessed)) == "the code was refused"
    assert counted(builders) == 2


def test_a_journey_takes_ten_minutes_at_most(
    round_trip: Round, ask: Any, is_refused: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    back = round_trip.agree(round_trip.set_out())
    later = time.time() + provider_sign_in.JOURNEY_SECONDS + 1
    monkeypatch.setattr(provider_sign_in.time, "time", lambda: later)
    assert is_refused(ask(back)) == "no such journey"


def test_an_unknown_an_inactive_and_another_agencys_person_are_refused_alike(
    round_trip: Round, ask: Any, provider: Any, is_refused: Any, builders: Any
) -> None:
    builders.enrolled("essex.analyst", agency="essex")
    builders.enrolled("kent.left")
    end_access(username="kent.left", reason="left the force", by=Process("tests"))
    pages = set()
    for username in ("kent.nobody", "kent.left", "essex.analyst"):
        provider.person["upn"] = username
        answer = round_trip.go()
        pages.add(html.unescape(ask("/sign-in").content.decode()).split("csrfmiddlewaretoken")[0])
        assert (answer.status_code, answer.headers["Location"]) == (302, "/sign-in")
        row = AuditEvent.objects.filter(event="sign_in_failed").latest("at")
        assert (row.subject, row.detail["reason"]) == (username, "not enrolled")
    assert len(pages) == 1
    assert NOT_ENROLLED in pages.pop()
    assert counted(builders) == 0, "an office whose people are not enrolled would lock out those who are"
    assert not AuditEvent.objects.filter(event__in=["signed_in", "code_asked"]).exists()


@pytest.mark.parametrize(
    "said", [None, 7, ["kent.analyst"], "Kent.Analyst", "kent.analyst\0", " kent.analyst", "x" * 81]
)
def test_a_username_counts_letter_for_letter(said: Any, round_trip: Round, provider: Any, is_refused: Any) -> None:
    provider.person["upn"] = said
    assert is_refused(round_trip.go()) == "no username was stated"


@pytest.mark.parametrize(("verified", "opens"), [(True, True), (False, False), ("true", False), (None, False)])
def test_an_address_that_is_not_verified_names_nobody(
    verified: Any, opens: bool, round_trip: Round, provider: Any, is_refused: Any, builders: Any
) -> None:
    builders.enrolled("ada@kent.example")
    provider.configure(username_claim="email")
    provider.person |= {"email": "ada@kent.example", "email_verified": verified}
    if opens:
        assert round_trip.go().headers["Location"] == "/"
    else:
        assert is_refused(round_trip.go()) == "the address is not verified"


def test_an_answer_at_another_providers_door_lets_nobody_in(
    round_trip: Round, second_provider: Any, ask: Any, builders: Any
) -> None:
    """Two providers mixed up: one of them lures a browser that set out to the other."""
    builders.enrolled("essex.analyst", agency="essex")
    for username in ("kent.analyst", "essex.analyst"):
        second_provider.person["upn"] = username
        back = round_trip.agree(round_trip.set_out())
        assert ask(back.replace("/kent/", "/essex/")).headers["Location"] == "/sign-in"
        assert "/token" not in second_provider.asked, "a code of one provider is never shown to another"
    assert not AuditEvent.objects.filter(event="signed_in").exists()


def test_a_token_of_another_configured_provider_lets_nobody_in(
    round_trip: Round, provider: Any, second_provider: Any, identity_provider: Any, is_refused: Any, ask: Any
) -> None:
    provider.change = lambda claims: claims | {"iss": second_provider.issuer}
    assert is_refused(round_trip.go()) == "the token was refused: invalid_claim iss"
    second_provider.person["upn"] = "kent.analyst"
    answer = Round(ask, "essex").go()
    assert answer.headers["Location"] == "/sign-in", "Essex speaks for nobody of Kent's"
    assert AuditEvent.objects.filter(event="sign_in_failed").latest("at").detail["reason"] == "not enrolled"


@pytest.mark.parametrize(
    ("stated", "always", "opens"),
    [
        ("own", True, True),
        ("own", False, True),
        ("", True, False),
        ("", False, True),
        ("other", False, False),
    ],
)
def test_an_answer_that_names_its_issuer_must_name_this_one(
    stated: str, always: bool, opens: bool, round_trip: Round, ask: Any, provider: Any, is_refused: Any
) -> None:
    provider.metadata = {"authorization_response_iss_parameter_supported": always}
    back = round_trip.agree(round_trip.set_out())
    named = {"own": provider.issuer, "other": "https://login.essex.example", "": ""}[stated]
    answer = ask(f"{back}&iss={named}" if named else back)
    if opens:
        assert answer.headers["Location"] == "/"
    else:
        assert is_refused(answer) == "another issuer answered"
        assert "/token" not in provider.asked


@pytest.mark.parametrize(
    "said",
    [
        {"issuer": "https://login.essex.example"},
        {"issuer": None},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": "http://elsewhere.example/authorize"},
        {"token_endpoint": "http://elsewhere.example/token"},
        {"jwks_uri": None},
    ],
    ids=str,
)
def test_a_description_that_is_not_this_providers_own_or_not_confidential_is_no_answer(
    said: Claims, ask: Any, provider: Any, is_refused: Any
) -> None:
    provider.metadata = said
    assert is_refused(ask("/sign-in/with/kent", out="1"), "Kent Police does not answer.").startswith(
        "setting out: it desc"
    )


@pytest.mark.parametrize(
    "said", [(500, {}), (302, {}), (200, "no JSON"), (200, ["a list"]), (401, {"error": "invalid_client"})], ids=str
)
def test_a_provider_that_breaks_down_on_the_way_back_is_no_answer_and_nobodys_fault(
    said: Any, round_trip: Round, provider: Any, is_refused: Any, builders: Any
) -> None:
    provider.token_answers = said
    assert is_refused(round_trip.go(), "Kent Police does not answer.").startswith("coming back: ")
    assert counted(builders) == 0
    assert provider.asked.count("/token") == 1, "no redirect is followed"


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        ("access_denied", "You did not finish signing in with Kent Police."),
        ("server_error", NOT_PROVED),
        ("%00", NOT_PROVED),
        ("", NOT_PROVED),
    ],
)
def test_what_a_provider_says_instead_of_a_code(
    error: str, sentence: str, round_trip: Round, ask: Any, is_refused: Any, builders: Any
) -> None:
    state = parse_qs(urlsplit(round_trip.set_out()).query)["state"][0]
    said = f"error={error}&error_description=Ring+this+number" if error else "nothing=1"
    is_refused(ask(f"/sign-in/with/kent/back?{said}&state={state}"), sentence)
    assert counted(builders) == 0


def test_twenty_guesses_at_a_code_from_an_address_lock_it_for_providers_and_passwords_alike(
    round_trip: Round, ask: Any, provider: Any, is_refused: Any, builders: Any
) -> None:
    for _ in range(BY_ADDRESS.failures):
        is_refused(ask(round_trip.agree(round_trip.set_out()).replace("code=", "code=x")))
    asked = provider.asked.count("/token")
    assert is_refused(round_trip.go()) == "locked"
    assert provider.asked.count("/token") == asked, "a locked address makes us ask nobody"
    assert ask("/sign-in", username="kent.analyst", password=builders.PASSWORD).status_code == 422
    assert [row.detail["locked"] for row in AuditEvent.objects.filter(event="sign_in_locked")] == [["address"]]


def test_guessing_at_a_password_does_not_shut_out_whoever_comes_by_a_provider(round_trip: Round, ask: Any) -> None:
    for _ in range(6):
        ask("/sign-in", username="kent.analyst", password="wrong")
    assert round_trip.go().headers["Location"] == "/"


def test_neither_codes_nor_tokens_nor_secrets_are_kept(
    round_trip: Round, ask: Any, provider: Any, builders: Any, identity_provider: Any
) -> None:
    back = round_trip.agree(round_trip.set_out())
    assert ask(back).headers["Location"] == "/"
    code = parse_qs(urlsplit(back).query)["code"][0]
    for each in (code, provider.tokens_given[0], identity_provider.SECRET):
        assert builders.tables_holding(each) == []
