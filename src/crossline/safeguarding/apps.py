"""Names the room to Django."""

from django.apps import AppConfig


class SafeguardingConfig(AppConfig):
    name = "crossline.safeguarding"
    label = "safeguarding"
