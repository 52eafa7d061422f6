"""Names the room to Django."""

from django.apps import AppConfig


class ScreeningConfig(AppConfig):
    name = "crossline.safeguarding.screening"
    label = "screening"
