"""Settings before anything of Django is read."""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crossline.settings")
