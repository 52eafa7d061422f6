"""Names the room to Django."""

from django.apps import AppConfig


class MissingConfig(AppConfig):
    name = "crossline.safeguarding.missing"
    label = "missing"
