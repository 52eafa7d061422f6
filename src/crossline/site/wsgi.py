"""The web application as the server loads it. Refuses to start without a signing key, or on a database that leaks or forgets.

Without the key sessions would not outlive a worker. The database is asked again in each worker, because one that is replaced
after weeks meets a database that may no longer be as it was when the site was started.
"""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from crossline.access.boot_check import refuse_unsafe
from crossline.errors import InstallationError
from crossline.hosting.logins import Login, access_from_environment

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crossline.settings")
if not os.environ.get("CROSSLINE_SECRET_KEY"):
    raise InstallationError("CROSSLINE_SECRET_KEY is not set; start the site with 'crossline serve', which keeps one.")
if (_access := access_from_environment()) is None:
    raise InstallationError("CROSSLINE_DATABASE_JSON is not set; start the site with 'crossline serve', which sets it.")
refuse_unsafe(_access, Login.WEB)

application = get_wsgi_application()
