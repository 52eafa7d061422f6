"""What the form macros need to know of Django's fields."""

from __future__ import annotations

from typing import Any

from django.forms import BaseForm, BoundField, Field


def field_items(field: BoundField) -> list[dict[str, Any]]:
    """The choices of a field as the design system's macros take them, with what was chosen marked."""
    value = field.value()
    chosen = {str(each) for each in value} if isinstance(value, list | tuple | set) else {str(value or "")}
    choices: Any = getattr(field.field, "choices", ())
    return [
        {"value": str(key), "text": str(text), "selected": str(key) in chosen, "checked": str(key) in chosen}
        for key, text in choices
    ]


def field_errors(field: BoundField) -> list[str]:
    """What is wrong with a field, each a sentence that says what to do; Django's own words for an empty one do not."""
    unhelpful = str(Field.default_error_messages["required"])
    return [_what_to_do(field) if str(message) == unhelpful else str(message) for message in field.errors]


def form_errors(form: BaseForm) -> list[dict[str, str]]:
    """Every error of a form for the summary at the top of the page, each leading to its field."""
    found = [{"text": str(message)} for message in form.non_field_errors()]
    for field in form:
        target = field.id_for_label or str(field.auto_id)  # a group of radios or checkboxes has no label of its own
        found += [{"text": message, "href": f"#{target}"} for message in field_errors(field)]
    return found


def _what_to_do(field: BoundField) -> str:
    label = str(field.label)
    words = label if label[:2].isupper() else label[:1].lower() + label[1:]
    kind = getattr(field.field.widget, "input_type", "textarea")
    if kind == "checkbox" and not hasattr(field.field, "choices"):
        return f"Confirm: {words}"
    return f"{'Select' if kind in ('select', 'radio', 'checkbox') else 'Enter'} {words}"
