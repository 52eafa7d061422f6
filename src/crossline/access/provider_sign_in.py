"""Signing in by an agency's identity provider: setting out to it, coming back, and whom its word lets in.

A provider speaks for its own agency alone: it lets in whoever is enrolled there and active, and enrols nobody. Whoever is
unknown, of another agency or no longer active is answered alike.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_GET, require_POST

from crossline.access.lock_out import door
from crossline.access.models import Person
from crossline.access.openid_connect import Statement, check_issuer, question_for, statement_for
from crossline.access.pages import OPEN
from crossline.access.second_factor import factor_of
from crossline.access.sessions import Provided, mark_second_factor
from crossline.access.sign_in import REFUSAL, ask_for_code, let_in, where_to
from crossline.access.viewer import reading, viewer_of
from crossline.errors import ProviderUnavailable, SignInRefused
from crossline.hosting.identity_providers import IdentityProvider

JOURNEY: Final = "provider_journey"
"""Where a session keeps what it set out with: the answer must come to the same browser, once, and in time."""
JOURNEY_SECONDS: Final = 600
"""[D] docs/decisions/0016-openid-connect.md: long enough for a provider's own second factor."""
LONGEST_WAY: Final = 1000
"""Characters of where somebody was going."""
AGAIN: Final = "again"
ANSWERS: Final = ("code", "state", "iss", "error")
"""What a provider may send a browser back with. Nothing else of the address is used."""


class Refusal(StrEnum):
    """What somebody is told who was not let in."""

    NO_ANSWER = "no answer"
    NOT_FINISHED = "not finished"
    NOT_PROVED = "not proved"
    NOT_ENROLLED = "not enrolled"

    def sentence(self, provider: IdentityProvider) -> str:
        name = provider.agency_name
        otherwise = ", or sign in with your username and password" if provider.passwords else ""
        return {
            Refusal.NO_ANSWER: f"The sign-in of {name} does not answer. Try again in a few minutes{otherwise}.",
            Refusal.NOT_FINISHED: f"You did not finish signing in with {name}. Try again when you are ready.",
            Refusal.NOT_PROVED: f"Signing in with {name} did not work. Try again; if it still does not, ask your "
            "agency’s Crossline administrator.",
            Refusal.NOT_ENROLLED: f"{name} has signed you in, but has no such person who may use Crossline. Ask your "
            "agency’s Crossline administrator.",
        }[self]


@require_POST
def set_out(request: HttpRequest, agency: str) -> HttpResponse:
    """Send a browser to the provider, with what it must come back with."""
    provider = _provider_of(agency)
    try:
        question = question_for(provider, back=_back(request, provider))
    except ProviderUnavailable as error:
        return _refuse(request, provider, Refusal.NO_ANSWER, reason=f"setting out: {error.reason}")
    request.session[JOURNEY] = {
        "agency": agency,
        "state": question.state,
        "nonce": question.nonce,
        "verifier": question.verifier,
        "until": time.time() + JOURNEY_SECONDS,
        "next": request.POST.get("next", "")[:LONGEST_WAY],
    }
    return _on_the_way(request, provider, question.address)


@require_GET
def come_back(request: HttpRequest, agency: str) -> HttpResponse:
    """What a provider sent a browser back with: taken once, and only in the browser that set out."""
    provider = _provider_of(agency)
    answer = {name: request.GET[name].replace("\0", "") for name in ANSWERS if name in request.GET}
    if JOURNEY not in request.session and AGAIN not in request.GET:
        # The session's cookie does not come along from another site. It does from a page of ours, so we ask once more.
        here = f"{reverse('provider-back', args=[agency])}?{urlencode({**answer, AGAIN: '1'})}"
        return _on_the_way(request, provider, here)
    journey = request.session.pop(JOURNEY, None) or {}
    request.session.save()  # before anything is asked: the same answer a second time finds no journey
    if not _belongs(journey, agency, answer):
        return _refuse(request, provider, Refusal.NOT_PROVED, reason="no such journey")
    if "code" not in answer:
        cancelled = answer.get("error") == "access_denied"
        refusal = Refusal.NOT_FINISHED if cancelled else Refusal.NOT_PROVED
        return _refuse(request, provider, refusal, reason=f"the provider said {answer.get('error', 'nothing')[:40]}")
    try:
        if door(request, "").locks():
            raise SignInRefused(reason="locked")
        check_issuer(provider, answer.get("iss"))
        back = _back(request, provider)
        statement = statement_for(
            provider, code=answer["code"], verifier=journey["verifier"], nonce=journey["nonce"], back=back
        )
    except ProviderUnavailable as error:
        return _refuse(request, provider, Refusal.NO_ANSWER, reason=f"coming back: {error.reason}")
    except SignInRefused as error:
        return _refuse(request, provider, Refusal.NOT_PROVED, reason=error.reason, counts=error.guessed)
    return _arrive(request, provider, statement, wanted=str(journey["next"]))


set_out.policy = OPEN  # type: ignore[attr-defined]  # read by the URL test
come_back.policy = OPEN  # type: ignore[attr-defined]  # read by the URL test


@transaction.atomic
def _arrive(request: HttpRequest, provider: IdentityProvider, statement: Statement, *, wanted: str) -> HttpResponse:
    """Let in whom the provider names, if they are of its own agency; ask for our code where it states no second factor."""
    person = Person.objects.filter(username=statement.username, agency_id=provider.agency, is_active=True).first()
    if person is None:
        return _refuse(request, provider, Refusal.NOT_ENROLLED, reason="not enrolled", named=statement.username)
    viewer, by = viewer_of(person), Provided(provider.agency, statement.sign_out)
    with reading(viewer):
        if statement.second_factor is None and factor_of(person.id) is not None:
            return ask_for_code(request, person, viewer, wanted=wanted, by=by)
        detail = {"with": "provider", "provider": provider.agency}
        if statement.second_factor is not None:
            detail |= {"second_factor": statement.second_factor, "authority": provider.authority}
        let_in(request, person, viewer, detail, by=by)
        mark_second_factor(request.session, held=statement.second_factor is not None)
    return redirect(where_to(request, wanted, viewer))


def _provider_of(agency: str) -> IdentityProvider:
    provider = settings.IDENTITY_PROVIDERS.get(agency)
    if provider is None:
        raise Http404
    return provider


def _belongs(journey: Mapping[str, Any], agency: str, answer: Mapping[str, str]) -> bool:
    """Whether this browser set out to this provider not long ago, and the answer is to what it set out with."""
    if not journey or journey["agency"] != agency or time.time() > journey["until"]:
        return False
    return constant_time_compare(journey["state"], answer.get("state", ""))


def _back(request: HttpRequest, provider: IdentityProvider) -> str:
    """Where the provider sends browsers back to: an address of each provider's own, so that no other can answer for it."""
    site = provider.site or f"{request.scheme}://{request.get_host()}"
    return f"{site.rstrip('/')}{reverse('provider-back', args=[provider.agency])}"


def _on_the_way(request: HttpRequest, provider: IdentityProvider, address: str) -> HttpResponse:
    """A page that leads on by itself. A redirect would not do: after a form the policy on forms forbids one to another site, and
    after another site it would go on without the session's cookie."""
    return render(request, "access/on_the_way.html", {"name": provider.agency_name, "address": address})


def _refuse(
    request: HttpRequest,
    provider: IdentityProvider,
    refusal: Refusal,
    *,
    reason: str,
    named: str = "",
    counts: bool = False,
) -> HttpResponse:
    """Back to the sign-in page with one sentence. On the audit; and counted for the address where something was guessed at."""
    knocked = door(request, "")
    more = {"provider": provider.agency, "reason": reason}
    with transaction.atomic():
        knocked.hold()
        knocked.failed(step="provider", named=named, more=more, counts=counts)
    request.session[REFUSAL] = refusal.sentence(provider)
    return redirect("sign-in")
