"""A number of which some digits could not be read is no key: once, two lines with `07700900???` were taken for one."""

from __future__ import annotations

import pytest

from crossline.vocabulary.selectors import normalise_phone


@pytest.mark.parametrize("written", ["07700900???#0000", "07700 900 ???", "+4477009001*3"])
def test_digits_nobody_could_read_are_no_evidence(written: str) -> None:
    assert normalise_phone(written) is None
