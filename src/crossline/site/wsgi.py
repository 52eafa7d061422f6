"""The web application as the server loads it. Refuses to start without a signing key: sessions would not outlive a worker."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from crossline.errors import InstallationError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crossline.settings")
if not os.environ.get("CROSSLINE_SECRET_KEY"):
    raise InstallationError("CROSSLINE_SECRET_KEY is not set; start the site with 'crossline serve', which keeps one.")

application = get_wsgi_application()
