"""Names the room to Django."""

from django.apps import AppConfig


class LinesConfig(AppConfig):
    name = "crossline.lines"
    label = "lines"
