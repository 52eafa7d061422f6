"""Names the room to Django."""

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "crossline.safeguarding.reporting"
    label = "reporting"
