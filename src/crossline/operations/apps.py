"""Names the room to Django."""

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "crossline.operations"
    label = "operations"
