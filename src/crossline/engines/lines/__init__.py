"""Which mentions of lines speak of the same line, from keys they share. Pure: rows in, groups out."""

from crossline.engines.lines.grouping import group_lines, hub_numbers
from crossline.engines.lines.model import (
    GroupingRules,
    HubNumber,
    Join,
    JoinBasis,
    LineGroup,
    LineMention,
    LineVerdict,
    NumberBasis,
    NumberUse,
    SuccessionLink,
)

__all__ = [
    "GroupingRules",
    "HubNumber",
    "Join",
    "JoinBasis",
    "LineGroup",
    "LineMention",
    "LineVerdict",
    "NumberBasis",
    "NumberUse",
    "SuccessionLink",
    "group_lines",
    "hub_numbers",
]
