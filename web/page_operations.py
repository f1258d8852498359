"""The page's own operations, read from the built page: metrics name these and no others, and these are trusted."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

SCRIPT = re.compile(r'src="/(assets/[\w.-]+\.js)"')
PART = re.compile(r"""["'`](?:\./|/?assets/)([\w.-]+\.js)["'`]""")
OPERATION = re.compile(r"\b(?:query|mutation|subscription) (\w+)\s*[({]")


def page_operations(folder: Path) -> frozenset[str]:
    """Empty where the page is not built."""
    page = folder / "index.html"
    if not page.is_file():
        return frozenset()
    texts = _scripts(folder, SCRIPT.findall(page.read_text("utf-8")))
    return frozenset(name for text in texts for name in OPERATION.findall(text))


def page_documents(folder: Path) -> dict[str, str]:
    """Every operation by its sha256, as the build wrote it; empty where the page is not built."""
    file = folder / "documents.json"
    known: dict[str, str] = json.loads(file.read_text("utf-8")) if file.is_file() else {}
    return known


def _scripts(folder: Path, names: list[str]) -> Iterator[str]:
    """The texts of these scripts and of the parts they load when a screen is first shown."""
    seen: set[str] = set()
    while names:
        name = names.pop()
        script = folder / name
        if name not in seen and script.is_file():
            text = script.read_text("utf-8")
            names += [f"assets/{part}" for part in PART.findall(text)]
            yield text
        seen.add(name)
