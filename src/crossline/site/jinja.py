"""The Jinja environment every page is drawn with: strict about our own templates, lenient about the design system's.

A missing name in our templates is an error, never a blank. The GOV.UK macros, however, are written to read options that
were not given, so templates under `govuk_frontend_jinja/` are compiled by a second environment that lets them.
"""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from functools import partial
from typing import Any, Final

import jinja2
from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse

from crossline import wording
from crossline.records.explaining import task_in_words
from crossline.site import forms, labels, navigation
from crossline.site.vendored import vendored_path

DESIGN_SYSTEM: Final = "govuk_frontend_jinja/"

FILTERS: Final[dict[str, Callable[..., Any]]] = {
    "date": wording.format_date,
    "short_date": wording.format_short_date,
    "partial_date": wording.format_partial_date,
    "month": wording.format_month,
    "time": wording.format_time,
    "datetime": wording.format_datetime,
    "number": wording.format_number,
    "percent": wording.format_percent,
    "money": wording.format_money,
    "kilometres": wording.format_kilometres,
    "phone": wording.format_phone,
    "plural": wording.plural,
    "sort_value": wording.sort_value,
    "agency": labels.agency_name,
    "agency_short": labels.agency_short_name,
}


def url(page: str, *arguments: Any, **named: Any) -> str:
    """The address of a page by its name in the address book."""
    return reverse(page, args=arguments or None, kwargs=named or None)


def vendored(file: str) -> str:
    """The address of a vendored file by its bare name; the version comes from the manifest."""
    return static(vendored_path(file))


GLOBALS: Final[dict[str, Any]] = {
    "static": static,
    "vendored": vendored,
    "url": url,
    "page_address": navigation.page_address,
    "navigation_items": navigation.navigation_items,
    "opens": navigation.opens,
    "identity_of": labels.identity_of,
    "task_words": task_in_words,
    "grade": wording.format_grade,
    "grade_meaning": labels.grade_meaning,
    "grade_parts": labels.grade_parts,
    "category_label": labels.category_label,
    "address_with": navigation.address_with,
    "field_errors": forms.field_errors,
    "field_items": forms.field_items,
    "form_errors": forms.form_errors,
    "span": wording.format_span,
    "status_label": labels.status_label,
}


class CrosslineEnvironment(jinja2.Environment):
    """Strict for our templates; hands the design system's own templates to a lenient companion."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        as_published = {"undefined": jinja2.ChainableUndefined, "trim_blocks": False, "lstrip_blocks": False}
        self.lenient = jinja2.Environment(**(options | as_published))  # noqa: S701 (`environment` turns autoescape on)

    def get_template(
        self,
        name: str | jinja2.Template,
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002 (Jinja's name)
    ) -> jinja2.Template:
        """The template; which environment compiles it depends on whose it is."""
        if isinstance(name, str) and name.startswith(DESIGN_SYSTEM):
            return self.lenient.get_template(name, parent, globals)
        return super().get_template(name, parent, globals)


def environment(**options: Any) -> jinja2.Environment:
    """The factory named in the settings; `options` are what Django's backend gives (loader, autoescape…)."""
    given = options.pop("loader")
    loader = jinja2.ChoiceLoader(
        [given, jinja2.PrefixLoader({DESIGN_SYSTEM.rstrip("/"): jinja2.PackageLoader("govuk_frontend_jinja")})]
    )
    strict: dict[str, Any] = {
        **options,
        "loader": loader,
        "autoescape": True,
        "undefined": jinja2.StrictUndefined,
        "trim_blocks": True,
        "lstrip_blocks": True,
    }
    made = CrosslineEnvironment(**strict)
    for each in (made, made.lenient):
        each.filters.update(FILTERS)
        each.globals.update(GLOBALS)
        each.globals["synthetic_data"] = partial(getattr, settings, "SYNTHETIC_DATA", True)
    return made
