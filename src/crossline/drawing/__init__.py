"""Drawings made on the server as SVG: they need no script, print, and obey the content security policy.

Each takes frozen rows that the viewer may see and gives Markup; each stands beside its table (components/drawing.html).
"""

from crossline.drawing.arrows import Flow
from crossline.drawing.flow_map import AreaValue, Extent, flow_map
from crossline.drawing.link_chart import ChartLink, ChartNode, link_chart
from crossline.drawing.monthly_series import MonthPoint, SeriesBreak, monthly_series
from crossline.drawing.numbers_over_time import NumberPeriod, Succession, numbers_over_time

__all__ = [
    "AreaValue",
    "ChartLink",
    "ChartNode",
    "Extent",
    "Flow",
    "MonthPoint",
    "NumberPeriod",
    "SeriesBreak",
    "Succession",
    "flow_map",
    "link_chart",
    "monthly_series",
    "numbers_over_time",
]
