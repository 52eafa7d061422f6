"""A line of the register as a check names it: its brand, where it sells, and as many of its numbers as one check may look up."""

from __future__ import annotations

from crossline.deconfliction.checking import LONGEST_VALUE
from crossline.lines.register import RegisterLine


def as_asked(line: RegisterLine) -> str:
    """Brand, towns and numbers with "|" between them; the newest numbers first, where not all have room."""
    begins = f"{line.name}|{';'.join(line.towns)}"[:LONGEST_VALUE]
    numbers: list[str] = []
    for use in reversed(line.group.numbers):
        if len(f"{begins}|{';'.join([*numbers, use.number])}") > LONGEST_VALUE:
            break
        numbers.append(use.number)
    return f"{begins}|{';'.join(numbers)}" if numbers else begins
