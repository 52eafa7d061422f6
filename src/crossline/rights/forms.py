"""The form on which an information manager decides about each record before a pack is made."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms

from crossline.rights.answer import SubjectRequest
from crossline.rights.holding import Holding
from crossline.rights.treatment import Treatment, proposed


class PackForm(forms.Form):
    """What was asked, and one decision for each record. Fields of records are named `record-<id>`."""

    ref = forms.CharField(label="Reference of the request", max_length=100, help_text="As your agency keeps it.")
    received = forms.DateField(
        label="Day on which it was received", help_text="For example, 2026-03-27.", input_formats=["%Y-%m-%d"]
    )
    identity_checked = forms.BooleanField(label="It is known who asks, and that they may ask for this person")

    def __init__(self, holding: Holding, agency: str, data: Any = None) -> None:
        super().__init__(data)
        self._records = [held.record.id for held in holding.records]
        for held in holding.records:
            self.fields[_name(held.record.id)] = forms.ChoiceField(
                label=f"Decision on {held.record.ref}",
                choices=Treatment.choices(),
                initial=str(proposed(held.record, agency=agency).treatment),
            )

    def of_record(self, record: UUID) -> forms.BoundField:
        """The field of one record."""
        return self[_name(record)]

    @property
    def asked(self) -> SubjectRequest:
        """What was asked, of a form that is valid."""
        said = self.cleaned_data
        return SubjectRequest(said["ref"], said["received"], said["identity_checked"])

    @property
    def decisions(self) -> dict[UUID, Treatment]:
        """What was decided of each record, of a form that is valid."""
        return {record: Treatment(self.cleaned_data[_name(record)]) for record in self._records}


def _name(record: UUID) -> str:
    return f"record-{record}"
