"""Where a person can be reached: what a page shows of a victim only when asked, and an export does not name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from crossline.vocabulary.codes import AssertionType, MentionKind

REACHED_BY: Final = frozenset({AssertionType.USES, AssertionType.OWNS, AssertionType.LIVES_AT})
"""What makes a number or an address somebody's own. Where they were found or travelled to is not where they live."""

NOT_SHOWN: Final[Mapping[MentionKind, str]] = MappingProxyType(
    {
        MentionKind.PHONE: "Telephone number",
        MentionKind.ADDRESS: "Address",
        MentionKind.HANDLE: "Online name",
        MentionKind.ACCOUNT: "Account",
    }
)
"""By what somebody can be reached, and what is said in its place. A town alone finds nobody; of vehicles see decision 0017."""


def tells_where(*, type: str, kind: str) -> bool:  # noqa: A002  # the contract's word
    """Whether what is said of a person, and of what kind of thing, tells where they can be reached."""
    return type in REACHED_BY and kind in NOT_SHOWN
