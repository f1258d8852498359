"""PDF through typst: text goes in as data, so no sign of it is taken for markup; the font has Cyrillic inside."""

import json
from collections.abc import Mapping

import typst

AGES = 11  # typst forgets what it has not used for ten compilations


def print_pdf(template: str, data: Mapping[str, object]) -> bytes:
    """Compile a template that reads `sys.inputs.data` (JSON) into PDF/A-2b bytes."""
    text = json.dumps(data, ensure_ascii=False)
    return typst.compile(
        template.encode(),
        format="pdf",
        sys_inputs={"data": text},
        ignore_system_fonts=True,
        pdf_standards=["a-2b"],
        pdf_tags=False,
    )


def forget_printed() -> None:
    """Let typst drop what it remembers of earlier pages: it would be half a gigabyte for a list of 3,000 lines."""
    fonts = typst.Fonts(include_system_fonts=False)
    for _ in range(AGES):
        typst.compile(b"x", format="svg", font_paths=fonts)
