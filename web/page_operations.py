"""The names of the page's own operations, read from the built page: metrics name these and no others."""

import re
from pathlib import Path

SCRIPT = re.compile(r'src="/(assets/[\w.-]+\.js)"')
OPERATION = re.compile(r"\b(?:query|mutation|subscription) (\w+)\s*[({]")


def page_operations(folder: Path) -> frozenset[str]:
    """Empty where the page is not built."""
    page = folder / "index.html"
    if not page.is_file():
        return frozenset()
    scripts = (folder / name for name in SCRIPT.findall(page.read_text("utf-8")))
    texts = (script.read_text("utf-8") for script in scripts if script.is_file())
    return frozenset(name for text in texts for name in OPERATION.findall(text))
