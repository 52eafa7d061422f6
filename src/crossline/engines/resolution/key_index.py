"""Which known mentions share a key: sorted arrays for what was known at first, a dictionary for what came since."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import numpy.typing as npt

from crossline.engines.resolution.blocking import KEY_LIMIT


class KeyIndex:
    """Sixteen bytes a key of what was known at first, and less where many share it; what came since is found beside it."""

    def __init__(self) -> None:
        self._keys: npt.NDArray[np.int64] = np.zeros(0, dtype=np.int64)
        self._numbers: npt.NDArray[np.int32] = np.zeros(0, dtype=np.int32)
        self._from: npt.NDArray[np.int32] = np.zeros(1, dtype=np.int32)
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
        self._numbers = np.frombuffer(numbers, dtype=np.int32)[order]
        self._keys, first = np.unique(unsorted[order], return_index=True)
        self._from = np.append(first, len(order)).astype(np.int32)

    def add(self, number: int, keys: Iterable[int]) -> None:
        """One more mention, of the next number."""
        for key in keys:
            self._since.setdefault(key, []).append(number)

    def sharing(self, keys: Iterable[int]) -> list[int]:
        """The mentions that share one of these keys, in order; not by keys that too many share to tell anything."""
        found: set[int] = set()
        for start, end, since in self._ranges(sorted(keys)):
            if end - start + len(since) < KEY_LIMIT:
                found.update(self._numbers[start:end].tolist(), since)
        return sorted(found)

    def _ranges(self, keys: list[int]) -> Iterator[tuple[int, int, Sequence[int]]]:
        """Of each key that somebody has: from where to where those known at first stand, and those that came since."""
        places = np.searchsorted(self._keys, keys)
        known = self._keys.take(places, mode="clip") == keys if len(self._keys) else np.zeros(len(keys), dtype=np.bool_)
        starts, ends = self._from.take(places, mode="clip").tolist(), self._from.take(places + 1, mode="clip").tolist()
        for key, here, start, end in zip(keys, known.tolist(), starts, ends, strict=True):
            since = self._since.get(key, ())
            if here:
                yield start, end, since
            elif since:
                yield 0, 0, since
