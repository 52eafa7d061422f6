"""Behind a proxy that speaks HTTPS with people, forms work from the site's own address and from nowhere else."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from typing import Any

import pytest
from django.test import Client, override_settings

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]
SITE = "https://crossline.example"
NAMES = (
    "ALLOWED_HOSTS",
    "CSRF_TRUSTED_ORIGINS",
    "SECURE_PROXY_SSL_HEADER",
    "SECURE_HSTS_SECONDS",
    "SESSION_COOKIE_SECURE",
)
TELL = f"import json, crossline.settings as s; print(json.dumps({{n: getattr(s, n, None) for n in {NAMES!r}}}))"


def settings_with(**environment: str) -> dict[str, Any]:
    """What the settings say in a process that has these variables and no others of ours."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("CROSSLINE_")}
    said = subprocess.run(
        [sys.executable, "-c", TELL], env=own | environment, capture_output=True, text=True, check=True
    )
    found: dict[str, Any] = json.loads(said.stdout)
    return {
        name: tuple(value) if name.endswith("HEADER") else value for name, value in found.items() if value is not None
    }


def signing_in(origin: str, **header: str) -> Any:
    """The answer to the sign-in form, as sent by a page of an origin, and what its page was answered with."""
    client = Client(enforce_csrf_checks=True, headers={"host": "crossline.example", **header})
    form = client.get("/sign-in")
    token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', form.content)
    assert token is not None
    said = {"username": "nobody.at.all", "password": "a wrong password", "csrfmiddlewaretoken": token[1].decode()}
    return form, client.post("/sign-in", said, headers={"origin": origin, "referer": f"{origin}/sign-in"})


def test_a_form_is_taken_from_the_sites_own_address_alone(as_web: Any) -> None:
    proxied = {"x-forwarded-proto": "https"}
    with override_settings(**settings_with(CROSSLINE_SITE_ADDRESS=SITE)), as_web():
        form, answer = signing_in(SITE, **proxied)
        assert answer.status_code != 403
        assert form.cookies["crossline_session"]["secure"] and "Strict-Transport-Security" in form.headers
        for elsewhere in ("https://elsewhere.example", "http://crossline.example"):
            assert signing_in(elsewhere, **proxied)[1].status_code == 403, elsewhere


def test_without_that_address_the_same_form_is_refused(as_web: Any) -> None:
    """So that the test before can fail."""
    with override_settings(**settings_with(CROSSLINE_ALLOWED_HOSTS="crossline.example")), as_web():
        assert signing_in(SITE)[1].status_code == 403


@pytest.mark.parametrize("address", ["http://crossline.example", "crossline.example", "https://crossline.example/path"])
def test_an_address_that_is_none_is_refused_in_a_sentence(address: str) -> None:
    with pytest.raises(subprocess.CalledProcessError) as failed:
        settings_with(CROSSLINE_SITE_ADDRESS=address)
    assert "The setting CROSSLINE_SITE_ADDRESS cannot be read" in failed.value.stderr
