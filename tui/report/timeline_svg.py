"""The timeline of a report as SVG: a bar for each VM, from its start to its end."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from xml.etree.ElementTree import Element, SubElement

from tui.presentation import times
from tui.presentation.text import clean, shorten_middle
from tui.report.model import Vm
from tui.report.sections import Timeline

_WIDTH, _LEFT, _RIGHT, _ROW, _TOP = 1000, 240, 40, 16, 40
_NAME_CELLS: Final = 32
_MOST_ROWS: Final = 200
"""Bars that a page can still be read with; the table above has every VM."""

_COLOURS: Final = {"failed": "#b3261e", "warning": "#8a5a00", "success": "#1b6e3c"}
_OTHER: Final = "#2f5f9e"
# Told apart without colour too: failures are full, warnings and successes open at the end.
_SIGNS: Final = {"failed": "✘", "warning": "⚠", "success": "✔"}
_STEPS: Final = tuple(
    timedelta(seconds=seconds)
    for seconds in (1, 5, 10, 30, 60, 300, 600, 1800, 3600, 7200, 21600, 43200, 86400)
)


def timeline_svg(timeline: Timeline) -> Element:
    """The picture, with a title and a description for those who cannot see it."""
    vms = sorted(timeline.vms, key=lambda vm: (vm.started is None, vm.started or timeline.end))
    shown = vms[:_MOST_ROWS]
    height = _TOP + _ROW * len(shown) + 12
    picture = Element(
        "svg",
        {
            "viewBox": f"0 0 {_WIDTH} {height}",
            "role": "img",
            "xmlns": "http://www.w3.org/2000/svg",
            "font-family": "system-ui, DejaVu Sans, Arial, sans-serif",
            "font-size": "11",
        },
    )
    SubElement(picture, "title").text = "When each VM was failed over"
    left_out = len(vms) - len(shown)
    more = f" The {left_out} that started last are left out." if left_out else ""
    SubElement(picture, "desc").text = f"A bar for each VM over time, in UTC.{more}"
    _axis(picture, timeline, height)
    for place, vm in enumerate(shown):
        _bar(picture, timeline, vm, _TOP + _ROW * place)
    return picture


def _x(timeline: Timeline, moment: datetime) -> float:
    share = (moment - timeline.begin) / (timeline.end - timeline.begin)
    return round(_LEFT + share * (_WIDTH - _LEFT - _RIGHT), 1)


def _axis(picture: Element, timeline: Timeline, height: int) -> None:
    length = timeline.end - timeline.begin
    step = next((each for each in _STEPS if length / each <= 10), length)
    seconds = step.total_seconds()
    first = timeline.begin.timestamp() // seconds * seconds
    moment = datetime.fromtimestamp(first, timeline.begin.tzinfo) + step
    while moment <= timeline.end:
        x = str(_x(timeline, moment))
        grid = {"x1": x, "x2": x, "y1": "22", "y2": str(height - 8), "stroke": "#d0d0d0"}
        SubElement(picture, "line", grid)
        label = SubElement(picture, "text", {"x": x, "y": "32", "text-anchor": "middle"})
        label.text = times.utc_time(moment)
        moment += step
    for word, at in timeline.marks:
        x = str(_x(timeline, at))
        mark = {"x1": x, "x2": x, "y1": "14", "y2": str(height - 8), "stroke": "#1a1a1a"}
        SubElement(picture, "line", {**mark, "stroke-dasharray": "4 3"})
        anchor = "end" if at - timeline.begin > length / 2 else "start"
        SubElement(picture, "text", {"x": x, "y": "11", "text-anchor": anchor}).text = word


def _bar(picture: Element, timeline: Timeline, vm: Vm, y: int) -> None:
    name = SubElement(picture, "text", {"x": "4", "y": str(y + 11)})
    sign = _SIGNS.get(vm.status, "·")
    name.text = f"{sign} {shorten_middle(clean(vm.name), _NAME_CELLS)}"
    if vm.started is None:
        return
    begin = _x(timeline, vm.started)
    end = _x(timeline, max(vm.started, vm.ended or timeline.end))
    place = {"x": str(begin), "y": str(y + 2), "height": "10"}
    bar = SubElement(picture, "rect", {**place, "width": str(max(1.5, round(end - begin, 1)))})
    bar.set("fill", _COLOURS.get(vm.status, _OTHER))
    SubElement(bar, "title").text = f"{clean(vm.name)}: {clean(vm.result)}"
