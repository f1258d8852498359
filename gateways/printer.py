"""PDF through typst: text goes in as data, so no sign of it is taken for markup; the font has Cyrillic inside."""

import json
from collections.abc import Mapping

import typst


def print_pdf(template: str, data: Mapping[str, object]) -> bytes:
    """Compile a template that reads `sys.inputs.data` (JSON) into PDF/A-2b bytes."""
    text = json.dumps(data, ensure_ascii=False)
    return typst.compile(template.encode(), format="pdf", sys_inputs={"data": text}, ignore_system_fonts=True)
