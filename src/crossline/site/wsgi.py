"""The web application as the server loads it. Ends at once without its keys, or on a database that leaks or forgets.

Without the keys sessions would not outlive a worker. The database is asked again in each worker, because one that is replaced
after weeks meets a database that may no longer be as it was when the site was started.
"""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from crossline.access.boot_check import refuse_unsafe
from crossline.errors import InstallationError
from crossline.hosting.logins import Login, access_from_environment


def _require_what_serving_needs() -> None:
    for key in ("CROSSLINE_SECRET_KEY", "CROSSLINE_SECOND_FACTOR_KEY"):
        if not os.environ.get(key):
            raise InstallationError(f"{key} is not set: start the site with 'crossline serve', which keeps one.")
    access = access_from_environment()
    if access is None:
        raise InstallationError(
            "CROSSLINE_DATABASE_JSON is not set: start the site with 'crossline serve', which sets it."
        )
    refuse_unsafe(access, Login.WEB)


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crossline.settings")
try:
    _require_what_serving_needs()
except InstallationError as error:
    # A worker is a process of its own: whoever runs the site reads its last words, which are to be the sentence alone.
    raise SystemExit(f"crossline: {error}") from error

application = get_wsgi_application()
