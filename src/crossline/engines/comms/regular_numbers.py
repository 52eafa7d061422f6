"""Many numbers at a time: the regular forms of a British number by pattern, whatever else through `number_of`, one by one.

A file of a million rows names hundreds of thousands of numbers, nearly all written one of five ways. The patterns give for those
what `number_of` gives, and leave alone what it would look at twice (fillers, such as one digit all along).
"""

from __future__ import annotations

from hashlib import blake2b
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from crossline.engines.comms.numbers import number_of

_SUFFIX: Final = "(?:#[0-9]+)?"
# 07700900123 and 00447700900123, 447700900123, 7700900123: each with its national part, and a synthetic suffix.
_WRITTEN: Final = f"^(?:(?:0|0044)([1-9][0-9]{{8,9}})|44([12378][0-9]{{9}})|(7[0-9]{{9}}))({_SUFFIX})$"
_ONE_FORM: Final = f"^[+]44[1-9][0-9]{{8,9}}{_SUFFIX}$"
_COUNTED: Final = "|".join(("0123456789" * 2)[start : start + length] for length in (8, 9) for start in range(10))
_REPEATED: Final = "|".join(f"{digit}+" for digit in range(10))
_FILLER: Final = f"^[+]44[1-9](?:{_REPEATED}|{_COUNTED})(?:#|$)"


def numbers_of(texts: pa.StringArray) -> pa.StringArray:
    """`number_of` each text, null where it names nobody."""
    written, one_form = texts, pc.match_substring_regex(texts, _ONE_FORM)
    if one_form.true_count < len(texts):
        written = pc.replace_substring_regex(texts, _WRITTEN, r"+44\1\2\3\4")
        one_form = pc.match_substring_regex(written, _ONE_FORM)
    regular = pc.fill_null(pc.and_not(one_form, pc.match_substring_regex(written, _FILLER)), False)
    if regular.true_count == len(texts):
        return written
    odd = texts.filter(pc.invert(regular))
    by_itself = pa.array([None if text is None else number_of(text) for text in odd.to_pylist()], pa.string())
    return pc.replace_with_mask(written, pc.invert(regular), by_itself)


def ids_of(numbers: pa.StringArray) -> pa.Int64Array:
    """`id_of` each number, null where there is none."""
    given = numbers.drop_null().cast(pa.binary()).to_pylist()
    digests = b"".join([blake2b(number, digest_size=8).digest() for number in given])
    ids = pa.array((np.frombuffer(digests, ">u8") >> np.uint64(1)).astype(np.int64))
    if not numbers.null_count:
        return ids
    return pc.replace_with_mask(pa.nulls(len(numbers), pa.int64()), numbers.is_valid(), ids)


def whole_numbers_of(texts: pa.StringArray, most: int) -> pa.Int64Array | None:
    """The first `most` digits of each text behind a 1, null where there is no text; None where one of them is not digits alone.

    The 1 keeps noughts in front. `most` is 17 at most, so that the number fits a signed column.
    """
    _, offsets_held, bytes_held = texts.buffers()
    offsets = np.frombuffer(offsets_held, np.int32)[texts.offset : texts.offset + len(texts) + 1]
    data = np.frombuffer(bytes_held or b"", np.uint8)
    digits = data - np.uint8(ord("0"))
    if (digits[offsets[0] : offsets[-1]] > 9).any():
        return None
    lengths = np.minimum(np.diff(offsets), most)
    numbers = np.ones(len(texts), np.int64)
    for length in np.unique(lengths):
        which = np.flatnonzero(lengths == length)
        starts, number = offsets[which].astype(np.int64), np.ones(len(which), np.int64)
        for place in range(length):
            number = number * 10 + digits[starts + place]
        numbers[which] = number
    return pa.array(numbers, mask=lengths == 0)
