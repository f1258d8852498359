"""What people write is printed whatever it is: a sign without a glyph is a box, never a failure."""

import sys
from io import BytesIO

import pikepdf
import pytest

from gateways.printer import UNPRINTABLE, print_pdf
from gateways.table_sheet import TableSheet, bound

TEMPLATE = "#let data = json(bytes(sys.inputs.data))\n#data.text"


def pages(content: bytes) -> int:
    with pikepdf.open(BytesIO(content)) as sheet:
        return len(sheet.pages)


def test_a23_every_sign_that_is_left_as_it_is_has_a_glyph() -> None:
    kept = "".join(sign for sign in map(chr, range(sys.maxunicode)) if not UNPRINTABLE.match(sign))
    assert len(kept) > 1_400
    assert pages(print_pdf(TEMPLATE, {"text": kept})) > 0


@pytest.mark.parametrize(
    "text", ["😀", "漢字", "\x01", "\ufffe", "a\r\tb", "https://a\n\nb", "https://", "http://😀", "#panic()"]
)
def test_a23_any_text_in_a_cell_is_printed(text: str) -> None:
    sheet = TableSheet("Название", [f"Поиск: {text}"], [("Столбец", 1)])
    assert pages(bound([sheet.printed([[text]], first=True)])) == 1
