"""Names the sub-room to Django, and has its victim tenants count as victims everywhere."""

from django.apps import AppConfig


class PremisesConfig(AppConfig):
    name = "crossline.safeguarding.premises"
    label = "premises"

    def ready(self) -> None:
        from crossline.entities.victims import count_as_victims  # noqa: PLC0415  # models are there by now
        from crossline.safeguarding.premises.tenants import victim_tenants  # noqa: PLC0415  # likewise

        count_as_victims(victim_tenants)
