"""Signing in by an agency's identity provider, as the web role, against a real provider on this machine."""

from __future__ import annotations

import html
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from crossline.access import one_time_codes as codes
from crossline.access import openid_connect, second_factor, sessions
from crossline.access.audit import Process
from crossline.access.models import AuditEvent, SignInAttempt
from crossline.access.people_actions import end_access, reset_password_for
from crossline.access.roles import Role
from crossline.access.second_factor import add_second_factor
from crossline.access.viewer import Viewer, reading

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]
TEST = Process("tests")


@pytest.fixture
def kent(builders: Any) -> Viewer:
    return builders.enrolled("kent.analyst")


@pytest.fixture
def device(kent: Viewer, builders: Any) -> Any:
    """What the device of Kent's analyst shows, who has a second factor of ours."""
    secret = codes.new_secret()
    now = second_factor.time.time()
    with builders.role("crossline_web"), reading(kent):
        add_second_factor(viewer=kent, secret=secret, code=codes.code_of(secret, codes.step_at(now - 30)))
    return lambda: codes.code_of(secret, codes.step_at(second_factor.time.time()))


def events(name: str) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(event=name).order_by("at"))


def said_on(page: Any) -> str:
    return html.unescape(page.content.decode())


def test_somebody_is_let_in_and_it_is_on_the_record_how(kent: Viewer, ask: Any, round_trip: Any, provider: Any) -> None:
    assert ask("/lines").status_code == 302
    arrived = round_trip.go(next="/records")
    assert (arrived.status_code, arrived.headers["Location"]) == (302, "/records")
    assert ask("/lines").status_code == 200
    (row,) = events("signed_in")
    assert (row.actor, row.subject) == ("kent.analyst", "kent.analyst")
    assert {key: row.detail[key] for key in ("with", "provider")} == {"with": "provider", "provider": "kent"}
    assert "second_factor" not in row.detail
    assert provider.asked == ["/.well-known/openid-configuration", "/authorize", "/token", "/keys"]


def test_what_a_browser_is_sent_with(kent: Viewer, round_trip: Any, provider: Any) -> None:
    address = round_trip.set_out()
    asked = {name: value[0] for name, value in parse_qs(urlsplit(address).query).items()}
    assert address.startswith(f"{provider.issuer}/authorize?")
    assert asked["redirect_uri"] == "http://localhost/sign-in/with/kent/back"
    assert (asked["response_type"], asked["code_challenge_method"], asked["scope"]) == (
        "code",
        "S256",
        "openid profile",
    )
    assert len({asked[name] for name in ("state", "nonce", "code_challenge")}) == 3
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 32
    again = parse_qs(urlsplit(round_trip.set_out()).query)
    assert not {again[name][0] for name in ("state", "nonce", "code_challenge")} & set(asked.values())


def test_tokens_signed_with_an_elliptic_curve_are_believed(
    kent: Viewer, round_trip: Any, provider: Any, identity_provider: Any
) -> None:
    provider.sign = lambda claims: identity_provider.signed(
        claims, algorithm="ES256", key=identity_provider.ec("other")
    )
    assert round_trip.go().headers["Location"] == "/"


def test_a_provider_that_changes_its_keys_is_asked_again(
    kent: Viewer, ask: Any, round_trip: Any, provider: Any, identity_provider: Any
) -> None:
    assert round_trip.go().headers["Location"] == "/"
    ask("/sign-out", out="1")
    newer = identity_provider.rsa("newer")
    provider.keys, provider.sign = [newer], lambda claims: identity_provider.signed(claims, key=newer)
    assert round_trip.go().headers["Location"] == "/"
    assert provider.asked.count("/keys") == 2
    assert provider.asked.count("/.well-known/openid-configuration") == 1


def test_a_provider_that_takes_the_secret_in_the_form_is_given_it_there(
    kent: Viewer, round_trip: Any, provider: Any
) -> None:
    provider.metadata = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    assert round_trip.go().headers["Location"] == "/"


def test_the_button_stands_only_where_there_is_a_provider(ask: Any, settings: Any, provider: Any) -> None:
    page = said_on(ask("/sign-in?next=/records"))
    assert "Sign in with Kent Police" in page
    assert 'action="/sign-in/with/kent"' in page
    assert page.count('name="next" value="/records"') == 2
    settings.IDENTITY_PROVIDERS = {}
    assert "Sign in with" not in said_on(ask("/sign-in"))
    assert ask("/sign-in/with/kent", out="1").status_code == 404
    assert ask("/sign-in/with/kent/back").status_code == 404
    assert provider.asked == [], "nobody is asked before somebody signs in"


def test_setting_out_needs_the_form_of_the_page(provider: Any, builders: Any) -> None:
    with builders.role("crossline_web"):
        browser = Client(headers={"host": "localhost"}, enforce_csrf_checks=True)
        assert browser.post("/sign-in/with/kent").status_code == 403
        assert browser.get("/sign-in/with/kent").status_code == 405
        assert browser.post("/sign-in/with/kent/back").status_code == 403
    assert provider.asked == []


def test_the_first_answer_from_another_site_comes_without_the_session_and_is_asked_for_again(
    kent: Viewer, client: Client, ask: Any, round_trip: Any
) -> None:
    back = round_trip.agree(round_trip.set_out())
    cookie = client.cookies.pop("crossline_session")
    page = ask(f"{back}&more=1&state=%22%3E%3Cscript%3E")
    assert page.status_code == 200
    assert "crossline_session" not in page.cookies, "it would take the place of the session that set out"
    assert "<script>" not in page.content.decode().split("<body")[1].split("</script>", 1)[1]
    page = ask(back)
    client.cookies["crossline_session"] = cookie.value
    again = round_trip.leads_to(page)
    assert again.startswith("/sign-in/with/kent/back?code=")
    assert ask(again).headers["Location"] == "/"
    assert ask("/lines").status_code == 200


@pytest.mark.parametrize("wanted", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", ""])
def test_a_provider_leads_nobody_off_the_site(wanted: str, kent: Viewer, round_trip: Any) -> None:
    assert round_trip.go(next=wanted).headers["Location"] == "/"


def test_the_session_gets_a_new_key_and_ends_when_access_does(
    kent: Viewer, client: Client, ask: Any, round_trip: Any
) -> None:
    back = round_trip.agree(round_trip.set_out())
    before = client.cookies["crossline_session"].value
    ask(back)
    assert client.cookies["crossline_session"].value != before
    assert ask("/lines").status_code == 200
    end_access(username="kent.analyst", reason="left the force", by=TEST)
    assert ask("/lines").headers["Location"] == "/sign-in?next=/lines"


def test_a_session_of_a_providers_is_as_long_as_any(
    kent: Viewer, ask: Any, round_trip: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [sessions.time.time()]
    round_trip.go()
    monkeypatch.setattr(sessions.time, "time", lambda: now[0])
    for _ in range(23):
        now[0] += 20 * 60
        assert ask("/lines").status_code == 200
    now[0] += 21 * 60
    assert ask("/lines").status_code == 302


@pytest.mark.parametrize(
    ("said", "stands_for"),
    [
        ({"amr": ["pwd", "mfa"]}, "mfa"),
        ({"amr": ["pwd", "otp"]}, "otp"),
        ({"amr": ["pwd"]}, None),
        ({}, None),
        ({"acr": "mfa"}, None),
        ({"acr": "urn:two"}, "urn:two"),
        ({"acr": ["urn:two"]}, None),
    ],
)
def test_a_stated_second_factor_stands_for_ours_and_otherwise_ours_is_asked_for(
    said: dict[str, Any], stands_for: str | None, ask: Any, round_trip: Any, provider: Any, device: Any
) -> None:
    provider.configure(second_factor_levels=["urn:two"])
    provider.person |= said
    arrived = round_trip.go(next="/records")
    if stands_for is None:
        assert arrived.headers["Location"] == "/sign-in/code"
        assert ask("/lines").status_code == 302
        assert ask("/sign-in/code", code="000000").status_code == 422
        assert ask("/sign-in/code", code=device()).headers["Location"] == "/records"
        assert ask("/lines").status_code == 200
        (row,) = events("signed_in")
        assert {key: row.detail[key] for key in ("with", "after")} == {"with": "code", "after": "provider of kent"}
        assert [row.actor for row in events("code_asked")] == ["kent.analyst"]
    else:
        assert arrived.headers["Location"] == "/records"
        (row,) = events("signed_in")
        assert (row.detail["second_factor"], row.detail["authority"]) == (stands_for, "a letter of tests")


def test_levels_are_asked_for_and_methods_can_be_left_out(
    kent: Viewer, round_trip: Any, provider: Any, device: Any
) -> None:
    provider.configure(second_factor_levels=["urn:two", "urn:three"], second_factor_methods=[])
    provider.person["amr"] = ["mfa"]
    address = round_trip.set_out()
    assert parse_qs(urlsplit(address).query)["acr_values"] == ["urn:two urn:three"]
    assert round_trip.go().headers["Location"] == "/sign-in/code"


def test_where_a_second_factor_is_required_a_stated_one_is_enough(
    kent: Viewer, ask: Any, round_trip: Any, provider: Any, settings: Any
) -> None:
    settings.SECOND_FACTOR = "required"
    round_trip.go()
    assert ask("/lines").headers["Location"] == "/second-factor"
    ask("/sign-out", out="1")
    provider.person["amr"] = ["mfa"]
    round_trip.go()
    assert ask("/lines").status_code == 200


def test_whoever_has_a_temporary_password_need_not_change_it_to_come_by_a_provider(
    kent: Viewer, ask: Any, round_trip: Any
) -> None:
    given = reset_password_for(username="kent.analyst", lost_device=False, by=TEST)
    round_trip.go()
    assert ask("/lines").status_code == 200
    ask("/sign-out", out="1")
    ask("/sign-in", username="kent.analyst", password=given)
    assert ask("/lines").headers["Location"] == "/password"


def test_signing_out_ends_our_session_and_offers_to_end_theirs(
    kent: Viewer, ask: Any, round_trip: Any, provider: Any, builders: Any
) -> None:
    round_trip.go()
    gone = said_on(ask("/sign-out", out="1"))
    assert f'href="{provider.issuer}/end?from=crossline&client_id=crossline-of-tests"' in gone
    assert "Sign out of Kent Police too" in gone
    assert ask("/lines").status_code == 302
    ask("/sign-in", username="kent.analyst", password=builders.PASSWORD)
    assert ask("/sign-out", out="1").headers["Location"] == "/sign-in", "nothing is offered after a password"


@pytest.mark.parametrize("end", [None, "javascript:alert(1)", "http://elsewhere.example/end", 7])
def test_nothing_is_offered_where_a_provider_names_no_safe_address(
    end: Any, kent: Viewer, ask: Any, round_trip: Any, provider: Any
) -> None:
    provider.metadata = {"end_session_endpoint": end}
    assert round_trip.go().headers["Location"] == "/"
    assert ask("/sign-out", out="1").headers["Location"] == "/sign-in"


@pytest.mark.parametrize("passwords", [True, False])
def test_a_provider_that_does_not_answer_gives_one_sentence_and_the_password_stays_open(
    passwords: bool, kent: Viewer, ask: Any, provider: Any, builders: Any
) -> None:
    provider.configure(issuer="http://127.0.0.1:9", passwords=passwords)
    assert ask("/sign-in/with/kent", out="1").headers["Location"] == "/sign-in"
    page = said_on(ask("/sign-in"))
    otherwise = ", or sign in with your username and password" if passwords else ""
    assert f"The sign-in of Kent Police does not answer. Try again in a few minutes{otherwise}." in page
    assert "does not answer" not in said_on(ask("/sign-in")), "said once"
    assert [row.detail["reason"] for row in events("sign_in_failed")] == ["setting out: ConnectionError"]
    with builders.role("none"):
        assert not SignInAttempt.objects.exists(), "nobody guessed at anything"
    answer = ask("/sign-in", username="kent.analyst", password=builders.PASSWORD)
    assert answer.status_code == (302 if passwords else 422)


def test_where_passwords_are_closed_a_right_one_is_answered_like_a_wrong_one(
    kent: Viewer, ask: Any, round_trip: Any, provider: Any, builders: Any
) -> None:
    provider.configure(passwords=False)
    builders.enrolled("essex.analyst", agency="essex")
    right, wrong = (
        said_on(ask("/sign-in", username="kent.analyst", password=given)).split("csrfmiddlewaretoken")[0]
        for given in (builders.PASSWORD, "a wrong one")
    )
    assert right == wrong
    assert ask("/sign-in", username="essex.analyst", password=builders.PASSWORD).status_code == 302
    ask("/sign-out", out="1")
    assert round_trip.go().headers["Location"] == "/"


def test_a_provider_that_fell_silent_is_not_asked_again_at_once(
    ask: Any, provider: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1_000.0]
    monkeypatch.setattr(openid_connect.time, "monotonic", lambda: now[0])
    provider.metadata = {"issuer": "http://127.0.0.1:9"}
    asked = []
    for seconds in (0, 1, 8):
        now[0] += seconds
        assert ask("/sign-in/with/kent", out="1").status_code == 302
        asked.append(len(provider.asked))
    assert asked == [1, 2, 3], "it answered, although not as a provider does"
    provider.configure(issuer=f"{provider.issuer}/none")
    asked = []
    for seconds in (0, 1, 8, 2):
        now[0] += seconds
        ask("/sign-in/with/kent", out="1")
        asked.append(len(provider.asked))
    assert asked == [4, 4, 4, 5]


def test_the_address_that_the_operator_gave_is_the_one_a_provider_knows(
    kent: Viewer, round_trip: Any, provider: Any
) -> None:
    provider.configure(site="https://crossline.example/")
    asked = parse_qs(urlsplit(round_trip.set_out()).query)
    assert asked["redirect_uri"] == ["https://crossline.example/sign-in/with/kent/back"]


@pytest.mark.parametrize("trusted", [True, False])
def test_a_provider_is_believed_under_a_certificate_that_this_machine_trusts(
    trusted: bool,
    ask: Any,
    provider: Any,
    identity_provider: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    written, secret = identity_provider.certificate(tmp_path)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(written))
    with identity_provider.serving((written, secret)) as behind_tls:
        provider.configure(issuer=behind_tls.issuer)
        assert ask("/sign-in/with/kent", out="1").status_code == (200 if trusted else 302)
    assert behind_tls.asked == (["/.well-known/openid-configuration"] if trusted else [])


def test_everybody_begins_where_their_roles_lead_by_a_provider_too(builders: Any, round_trip: Any) -> None:
    builders.enrolled("kent.analyst", roles=[Role.AUDITOR])
    assert round_trip.go().headers["Location"] == "/audit/desk"
