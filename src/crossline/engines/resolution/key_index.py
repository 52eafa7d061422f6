"""Which known mentions share a key: sorted arrays for what was known at first, a dictionary for what came since."""

from __future__ import annotations

from array import array
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from crossline.engines.resolution.blocking import KEY_LIMIT


class KeyIndex:
    """Twelve bytes a key of what was known at first; what came since is found beside it."""

    def __init__(self) -> None:
        self._keys: npt.NDArray[np.int64] = np.zeros(0, dtype=np.int64)
        self._numbers: npt.NDArray[np.int32] = np.zeros(0, dtype=np.int32)
        self._since: dict[int, list[int]] = {}

    def begin(self, keys_of: Iterable[tuple[int, Iterable[int]]]) -> None:
        """Mentions by number, each once, and the keys of each."""
        keys, numbers = array("q"), array("i")
        for number, each in keys_of:
            for key in each:
                keys.append(key)
                numbers.append(number)
        unsorted = np.frombuffer(keys, dtype=np.int64)
        order = np.argsort(unsorted, kind="stable")
        self._keys, self._numbers = unsorted[order], np.frombuffer(numbers, dtype=np.int32)[order]

    def add(self, number: int, keys: Iterable[int]) -> None:
        """One more mention, of the next number."""
        for key in keys:
            self._since.setdefault(key, []).append(number)

    def sharing(self, keys: set[int]) -> list[int]:
        """The mentions that share one of these keys, in order; not by keys that too many share to tell anything."""
        asked = np.fromiter(keys, dtype=np.int64, count=len(keys))
        first = np.searchsorted(self._keys, asked, "left").tolist()
        last = np.searchsorted(self._keys, asked, "right").tolist()
        found: set[int] = set()
        for key, start, end in zip(asked.tolist(), first, last, strict=True):
            since = self._since.get(key, ())
            if end - start + len(since) < KEY_LIMIT:
                found.update(self._numbers[start:end].tolist(), since)
        return sorted(found)
