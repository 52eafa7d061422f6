"""The texts by which something is looked up, each of the form `kind:value`; keyed before they are stored anywhere.

The one place to add another kind of check to: its texts here, its words in rules.CheckKind, its form on the page.
"""

from __future__ import annotations

from crossline.deconfliction.rules import SCHEMES
from crossline.errors import SelectorUnreadable
from crossline.vocabulary.codes import SelectorScheme
from crossline.vocabulary.selectors import normalise, require


def selector_texts(scheme: SelectorScheme | str, value: str) -> tuple[str, ...]:
    """("phone:+447700900123",) of a telephone number; none where the value is no evidence of anything."""
    known = SelectorScheme.read(scheme)
    if known not in SCHEMES:
        raise SelectorUnreadable(
            f"'{scheme}' is not a kind of value that can be checked: write one of {', '.join(SCHEMES)}."
        )
    found = normalise(known, value)
    if found is None or (known is SelectorScheme.ADDRESS and found.endswith("||")):
        return ()
    return (f"{known}:{found}",)


def texts_asked(scheme: str, value: str) -> tuple[str, ...]:
    """The texts of a value that somebody asks about; raises where it cannot be read, with what to write instead."""
    found = selector_texts(scheme, value)
    if not found:
        require(scheme, value)  # says what is wrong, where the value is no evidence at all
        raise SelectorUnreadable(
            f"'{value[:80]}' is too wide to be checked: give the house as well, as in Flat 2, 12 High Street, Hastings, TN34 1AA."
        )
    return found


def texts_of_mention(selector: str) -> tuple[str, ...]:
    """The texts of what a record mentions: a mention keeps its value normalised already."""
    scheme, _, value = selector.partition(":")
    if SelectorScheme.read(scheme) not in SCHEMES or value.endswith("||"):
        return ()
    return (selector,)
