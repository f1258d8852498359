"""PDF through typst: text goes in as data, so no sign of it is taken for markup; the font has Cyrillic inside."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import cast

import typst

# What the fonts inside typst can show of Latin, Greek, Cyrillic and the signs of printed text; PDF/A allows nothing else.
UNPRINTABLE = re.compile(
    "[^\n\r -~\u00a0-\u024f\u0300-\u036f\u0391-\u03a1\u03a3-\u03ff\u0400-\u04ff\u1e00-\u1eff"
    "\u2010-\u2027\u2030-\u2040\u20a0-\u20bf\u2100-\u211e\u2122\u2190-\u219f\u2200-\u2265]"
)
INSTEAD = "□"
AGES = 11  # typst forgets what it has not used for ten compilations


def print_pdf(template: str, data: Mapping[str, object]) -> bytes:
    """Compile a template that reads `sys.inputs.data` (JSON) into PDF/A-2b bytes; a sign without a glyph is a box."""
    text = json.dumps(_printable(data), ensure_ascii=False)
    return typst.compile(
        template.encode(),
        format="pdf",
        sys_inputs={"data": text},
        ignore_system_fonts=True,
        pdf_standards=["a-2b"],
        pdf_tags=False,
    )


def _printable(value: object) -> object:
    if isinstance(value, str):
        return UNPRINTABLE.sub(INSTEAD, value.expandtabs(1))
    if isinstance(value, Mapping):
        return {key: _printable(each) for key, each in cast(Mapping[str, object], value).items()}
    if isinstance(value, Sequence):
        return [_printable(each) for each in cast(Sequence[object], value)]
    return value


def forget_printed() -> None:
    """Let typst drop what it remembers of earlier pages: it would be half a gigabyte for a list of 3,000 lines."""
    fonts = typst.Fonts(include_system_fonts=False)
    for _ in range(AGES):
        typst.compile(b"x", format="svg", font_paths=fonts)
