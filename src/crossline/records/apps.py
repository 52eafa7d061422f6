"""Names the room to Django."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "crossline.records"
    label = "records"
