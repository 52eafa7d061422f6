"""What is known of somebody who is asked after: each field as people write it, read the way deliveries are."""

from __future__ import annotations

import re
from typing import Any, Final

from django import forms

from crossline.entities.asking import Asked
from crossline.vocabulary.selectors import (
    fold_name,
    normalise_phone,
    normalise_postcode,
    normalise_vrm,
    parse_partial_date,
)

LONGEST: Final = 100
LONGEST_LIST: Final = 300
MOST_IN_A_LIST: Final = 10
_BETWEEN: Final = re.compile(r"[,;\n]")


class WhoForm(forms.Form):
    """Every field may be empty, but not all of them."""

    forename = forms.CharField(label="Forename", required=False, max_length=LONGEST)
    middle = forms.CharField(label="Middle name", required=False, max_length=LONGEST)
    surname = forms.CharField(label="Surname", required=False, max_length=LONGEST)
    born = forms.CharField(
        label="Date of birth",
        required=False,
        max_length=30,
        help_text="For example 11/4/2008; April 2008 or 2008 where no more is known.",
    )
    sex = forms.ChoiceField(label="Sex", required=False, choices=[("", "Not known"), ("F", "Female"), ("M", "Male")])
    aliases = forms.CharField(
        label="Other names",
        required=False,
        max_length=LONGEST_LIST,
        help_text="Street names and aliases, a comma between.",
    )
    phones = forms.CharField(
        label="Telephone numbers",
        required=False,
        max_length=LONGEST_LIST,
        help_text="For example 07700 900123, a comma between.",
    )
    pnc = forms.CharField(label="PNC id", required=False, max_length=40)
    nominal = forms.CharField(
        label="Nominal number",
        required=False,
        max_length=40,
        help_text="The number that your own agency gave the person.",
    )
    vehicle = forms.CharField(label="Registration mark", required=False, max_length=20)
    postcode = forms.CharField(label="Postcode", required=False, max_length=20)
    address = forms.CharField(
        label="House and street",
        required=False,
        max_length=LONGEST_LIST,
        help_text="Where the person lives, without the postcode.",
    )
    beside = forms.CharField(
        label="Who is with them",
        required=False,
        max_length=LONGEST_LIST,
        help_text="Forename and surname of others, a comma between.",
    )

    def clean_born(self) -> str:
        """A date as far as it is known."""
        return self._read(
            "born",
            lambda text: str(found) if (found := parse_partial_date(text)) else None,
            "cannot be read as a date of birth: write it as 11/4/2008, or the year alone",
        )

    def clean_phones(self) -> tuple[str, ...]:
        """Each number by itself."""
        written = self._list("phones")
        read = [normalise_phone(each) for each in written]
        for each, number in zip(written, read, strict=True):
            if number is None:
                raise forms.ValidationError(
                    f"Telephone number “{each}” cannot be read: write all its digits, such as 07700 900123."
                )
        return tuple(number for number in read if number)

    def clean_vehicle(self) -> str:
        """The mark as records have it."""
        return self._read(
            "vehicle", normalise_vrm, "is no registration mark: write it as on the plate, such as AB12 CDE"
        )

    def clean_postcode(self) -> str:
        """A whole postcode."""
        return self._read("postcode", normalise_postcode, "is no postcode: write the whole of it, such as ZZ12 1AA")

    def clean_aliases(self) -> tuple[str, ...]:
        """Each by itself."""
        return tuple(self._list("aliases"))

    def clean_beside(self) -> tuple[str, ...]:
        """Each by itself, with both names."""
        written = self._list("beside")
        for each in written:
            if len(fold_name(each).split()) < 2:
                raise forms.ValidationError(
                    f"“{each}” is one name: give the forename and surname of whoever is with them."
                )
        return tuple(written)

    def clean(self) -> dict[str, Any]:
        """Something has to be known."""
        said = super().clean() or {}
        if not self.errors and not any(said.values()):
            raise forms.ValidationError(
                "Nothing was given: enter what you know, such as forename, surname and date of birth."
            )
        return said

    @property
    def asked(self) -> Asked:
        """What was given, once it is valid."""
        return Asked(**self.cleaned_data)

    def _list(self, name: str) -> list[str]:
        found = [" ".join(each.split()) for each in _BETWEEN.split(self.cleaned_data[name])]
        held = [each for each in found if each]
        if len(held) > MOST_IN_A_LIST:
            raise forms.ValidationError(
                f"{self.fields[name].label}: {len(held)} are too many: give {MOST_IN_A_LIST} at most."
            )
        return held

    def _read(self, name: str, read: Any, wrong: str) -> str:
        written = " ".join(self.cleaned_data[name].split())
        if not written:
            return ""
        found = read(written)
        if found is None:
            raise forms.ValidationError(f"“{written}” {wrong}.")
        return str(found)
