"""CSV as Russian spreadsheets open it: UTF-8 with a mark, semicolons, CRLF; no cell is taken for a formula (A23)."""

import csv
import re
from collections.abc import Iterable, Sequence
from io import StringIO

MARK = b"\xef\xbb\xbf"
FORMULA = tuple("=+-@\t\r\n＝＋－＠")
PLAIN_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?")


def csv_lines(lines: Iterable[Sequence[str]]) -> bytes:
    """Lines of the file; the mark goes before the first of them."""
    text = StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerows([guarded(cell) for cell in line] for line in lines)
    return text.getvalue().encode()


def guarded(cell: str) -> str:
    """An apostrophe before what a spreadsheet would run; a negative number stays a number."""
    return f"'{cell}" if cell.startswith(FORMULA) and not PLAIN_NUMBER.fullmatch(cell) else cell
