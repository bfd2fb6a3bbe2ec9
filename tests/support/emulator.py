"""A small, strict terminal emulator to hold the filter against.

Written apart from the product, from ECMA-48 and xterm's control sequences; it
shares nothing with it but Rich's widths. It raises on anything it does not
know. pyte would not do: it has no OSC 8, loses SGR 2, and puts combining
characters on blank cells. `width_of` gives the terminal an opinion of its own about widths.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from rich.cells import cell_len

Pen = tuple[frozenset[str], str, str, str]
Cell = tuple[str, Pen]

PLAIN: Pen = (frozenset(), "", "", "")
_SEQUENCE = re.compile(
    r"\x1b\[([\d;:<=>?]*)([ !$]?)([@-~])|\x1b\]([^\x07\x1b]*)(?:\x07|\x1b\\)|\x1b([78=>c])"
)
_ENDS = {"22": "12", "23": "3", "24": "4", "25": "56", "27": "7", "28": "8", "29": "9"}


def looks(cell: Cell) -> Cell:
    """What can be seen of a cell: a space has no foreground unless something crosses it."""
    text, (attributes, _, background, link) = cell
    if text == " " and not attributes - {"1", "2", "3"} and not link:
        return " ", (frozenset(), "", background, "")
    return cell


@dataclass
class Emulator:
    width: int
    height: int
    erases_with_background: bool = True
    wraps_at_once: bool = False
    width_of: Callable[[str], int] = cell_len
    x: int = 0
    y: int = 0
    pen: Pen = PLAIN
    wraps: bool = True
    passed: list[str] = field(default_factory=list)
    wrapped: int = 0
    scrolled: int = 0
    bytes_taken: int = 0
    rows: list[list[Cell]] = field(default_factory=list)
    _edge: bool = False
    _joined: bool = False
    _run: bool = False
    _rest: str = ""
    _saved: tuple[int, int, Pen] = (0, 0, PLAIN)

    def __post_init__(self) -> None:
        self.rows = [[(" ", PLAIN)] * self.width for _ in range(self.height)]

    def picture(self) -> list[list[Cell]]:
        return [[looks(cell) for cell in row] for row in self.rows]

    def lines(self) -> list[str]:
        return ["".join(text for text, _ in row) for row in self.rows]

    def scribble(self) -> None:
        """What a terminal may leave behind after a resize."""
        self.rows = [[("#", PLAIN)] * self.width for _ in range(self.height)]

    def resize(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.x, self.y = min(self.x, width - 1), min(self.y, height - 1)
        self.scribble()

    def feed(self, data: str) -> None:
        self.bytes_taken += len(data.encode())
        data, self._rest = self._rest + data, ""
        index = 0
        while index < len(data):
            character = data[index]
            if character == "\x1b":
                match = _SEQUENCE.match(data, index)
                if match is None:
                    self._rest = data[index:]
                    assert len(self._rest) < 64, f"not known: {self._rest!r}"
                    return
                index = match.end()
                self._run = False
                self._sequence(match)
                continue
            index += 1
            if character < " ":
                self._run = False
                self._control(character)
            else:
                self._character(character)

    def _control(self, character: str) -> None:
        if character == "\a":
            self.passed.append(character)
            return
        self._edge = False
        if character == "\n":
            self.x = 0
            self._line_feed()
        elif character == "\r":
            self.x = 0
        elif character == "\b":
            self.x = max(0, self.x - 1)
        elif character == "\t":
            self.x = min(self.x - self.x % 8 + 8, self.width - 1)
        else:
            raise AssertionError(f"not known: {character!r}")

    def _line_feed(self) -> None:
        if self.y == self.height - 1:
            self.scrolled += 1
            self.rows = [*self.rows[1:], [self._blank()] * self.width]
        else:
            self.y += 1

    def _blank(self) -> Cell:
        background = self.pen[2] if self.erases_with_background else ""
        return " ", (frozenset(), "", background, "")

    def _character(self, character: str) -> None:
        width = self.width_of(character)
        if self._run and self._joined:
            width = 0
        joined = character == "\u200d" and not (self._run and self._joined)
        if width == 0:
            self._attach(character)
        else:
            self._place(character, width)
        self._joined, self._run = joined, True

    def _attach(self, character: str) -> None:
        x = self.x if self._edge else self.x - 1
        if x >= 0 and self.rows[self.y][x][0] == "":
            x -= 1
        if x < 0:
            return
        text, pen = self.rows[self.y][x]
        self.rows[self.y][x] = (text + character, pen)
        grows = self.width_of(text + character) == 2 and self.width_of(text) == 1
        if self._run and grows and x + 1 < self.width:
            self._put(x + 1, ("", pen))
            self._step(1)

    def _place(self, character: str, width: int) -> None:
        if self.wraps and (self._edge or self.x + width > self.width > 1):
            self._wrap()
        if self.x + width > self.width:
            character, width = " ", 1
        self._put(self.x, (character, self.pen))
        for x in range(self.x + 1, self.x + width):
            self._put(x, ("", self.pen))
        self._step(width)

    def _wrap(self) -> None:
        self.wrapped += 1
        self._edge = False
        self.x = 0
        self._line_feed()

    def _step(self, width: int) -> None:
        self.x += width
        if self.x >= self.width:
            self.x = self.width - 1
            self._edge = True
            if self.wraps and self.wraps_at_once:
                self._wrap()

    def _put(self, x: int, cell: Cell) -> None:
        row = self.rows[self.y]
        old = row[x][0]
        if old == "" and cell[0] != "" and x:
            lead = x - 1
            while lead and row[lead][0] == "":
                lead -= 1
            for half in range(lead, x):
                row[half] = (" ", row[half][1])
        tail = x + 1
        while tail < self.width and row[tail][0] == "":
            row[tail] = (" ", row[tail][1])
            tail += 1
        row[x] = cell

    def _sequence(self, match: re.Match[str]) -> None:
        body, middle, final, command, escape = match.groups()
        if command is not None:
            self._command(command, match[0])
        elif escape is not None:
            self._escape(escape)
        elif final == "m" and not body.startswith((">", "?")):
            self._sgr(body)
        elif final in "hl" and body.startswith("?"):
            self._mode(body[1:], final == "h", match[0])
        elif middle or body.startswith(("?", ">", "<")) or final in "ntc":
            self.passed.append(match[0])
        else:
            self._edge = False
            self._csi(body, final)

    def _command(self, command: str, whole: str) -> None:
        if command.startswith("8;"):
            self.pen = (*self.pen[:3], command.split(";", 2)[2])
        else:
            self.passed.append(whole)

    def _escape(self, escape: str) -> None:
        if escape == "7":
            self._saved = (self.x, self.y, self.pen)
        elif escape == "8":
            self.x, self.y, self.pen = self._saved
        elif escape == "c":
            self.__post_init__()
            self.x = self.y = 0
            self.pen, self.wraps = PLAIN, True
        else:
            self.passed.append(escape)

    def _mode(self, modes: str, on: bool, whole: str) -> None:
        if modes == "2026":
            return
        if modes == "7":
            self.wraps = on
            self._edge = False
            return
        self.passed.append(whole)
        if modes == "1049":
            self.__post_init__()
            self.x = self.y = 0

    def _csi(self, body: str, final: str) -> None:
        numbers = [int(n or 0) for n in body.split(";")] if body else [0]
        count = max(1, numbers[0])
        if final in "Hf":
            column = numbers[1] if len(numbers) > 1 else 1
            self._go(max(1, column) - 1, count - 1)
        elif final in "ABCD":
            dx, dy = {"A": (0, -1), "B": (0, 1), "C": (1, 0), "D": (-1, 0)}[final]
            self._go(self.x + dx * count, self.y + dy * count)
        elif final == "K":
            self._erase(self.y, *self._extent(numbers[0]))
        elif final == "X":
            self._erase(self.y, self.x, min(self.x + count, self.width))
        elif final == "J":
            self._erase_display(numbers[0])
        elif final == "P":
            row = self.rows[self.y]
            row[self.x :] = [*row[self.x + count :], *[self._blank()] * count][: len(row) - self.x]
        elif final == "S":
            for _ in range(count):
                self.rows = [*self.rows[1:], [self._blank()] * self.width]
        else:
            raise AssertionError(f"not known: CSI {body!r} {final!r}")

    def _go(self, x: int, y: int) -> None:
        self.x = max(0, min(x, self.width - 1))
        self.y = max(0, min(y, self.height - 1))

    def _extent(self, mode: int) -> tuple[int, int]:
        return ((self.x, self.width), (0, self.x + 1), (0, self.width))[mode]

    def _erase(self, y: int, start: int, end: int) -> None:
        here, self.y = self.y, y
        for x in range(start, end):
            self._put(x, self._blank())
        self.y = here

    def _erase_display(self, mode: int) -> None:
        if mode < 2:
            self._erase(self.y, *self._extent(mode))
        whole = {0: range(self.y + 1, self.height), 1: range(self.y), 2: range(self.height)}
        for y in whole[mode]:
            self._erase(y, 0, self.width)

    def _sgr(self, body: str) -> None:
        codes = body.split(";")
        while codes:
            code = codes.pop(0) or "0"
            attributes, foreground, background, link = self.pen
            if code in ("38", "48"):
                taken = {"5": 2, "2": 4}[codes[0]]
                colour = ";".join([code, *codes[:taken]])
                del codes[:taken]
                self.pen = (
                    (attributes, colour, background, link)
                    if code == "38"
                    else (attributes, foreground, colour, link)
                )
                continue
            self.pen = self._simple_sgr(code)

    def _simple_sgr(self, code: str) -> Pen:
        attributes, foreground, background, link = self.pen
        number = int(code)
        if number == 0:
            return (frozenset(), "", "", link)
        if code in _ENDS:
            ended = {*_ENDS[code], *(["21"] if code == "24" else [])}
            return (attributes - ended, foreground, background, link)
        if number in (54, 55):
            return (attributes - {"51", "52", "53"}, foreground, background, link)
        if number in (39, *range(30, 38), *range(90, 98)):
            return (attributes, "" if number == 39 else code, background, link)
        if number in (49, *range(40, 48), *range(100, 108)):
            return (attributes, foreground, "" if number == 49 else code, link)
        assert number < 10 or number in (21, 51, 52, 53), f"not known: SGR {code}"
        return (attributes | {code}, foreground, background, link)
