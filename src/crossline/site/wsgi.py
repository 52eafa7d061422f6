"""The web application as the server loads it. Refuses to start without its keys: nothing signed would outlive a worker."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from crossline.errors import InstallationError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crossline.settings")
for key in ("CROSSLINE_SECRET_KEY", "CROSSLINE_SECOND_FACTOR_KEY"):
    if not os.environ.get(key):
        raise InstallationError(f"{key} is not set; start the site with 'crossline serve', which keeps one.")

application = get_wsgi_application()
