"""Names the sub-room to Django."""

from django.apps import AppConfig


class NrmConfig(AppConfig):
    name = "crossline.safeguarding.nrm"
    label = "nrm"
    verbose_name = "National Referral Mechanism"
