"""Names the room to Django."""

from django.apps import AppConfig


class OutreachConfig(AppConfig):
    name = "crossline.safeguarding.outreach"
    label = "outreach"
