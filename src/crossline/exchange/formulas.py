"""Text that a spreadsheet would run as a formula, made inert (OWASP ASVS 1.2.10).

In CSV such text gets an apostrophe before it, the spreadsheet's own mark of text. Telephone numbers keep their plus sign
and plain numbers their sign, because neither can do anything. JSON and the network formats are never altered: whoever
needs a value to the letter reads those.
"""

from __future__ import annotations

import re
from typing import Final

_STARTS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_NUMBER: Final = r"\+?[0-9]+(?:;ext=[0-9]+)?(?:#[0-9]+)?"
_HARMLESS: Final = re.compile(rf"{_NUMBER}(?:;{_NUMBER})*|[+-]?[0-9]+(?:\.[0-9]+)?")


def is_formula(text: str) -> bool:
    """Whether a spreadsheet might run this text."""
    return text.startswith(_STARTS_A_FORMULA) and _HARMLESS.fullmatch(text) is None


def guarded(text: str) -> str:
    """The text as it may stand in a CSV cell."""
    return f"'{text}" if is_formula(text) else text
