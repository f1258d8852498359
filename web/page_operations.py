"""The page's own operations, read from the built page: metrics name these and no others, and these are trusted."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

from storage.folders import StartError, reason
from web.documents import fingerprint
from web.json_shapes import is_object

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


def read_manifest(path: Path | None) -> dict[str, str]:
    """Documents that an operator makes known; a sum that is not of its text would let another document in."""
    try:
        known: object = {} if path is None else json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise StartError(f"NMO_TRUSTED_DOCUMENTS: файл {path} не читается ({reason(error)}).") from error
    except (ValueError, RecursionError):
        known = None
    texts = known.values() if is_object(known) else ()
    manifest = {fingerprint(text): text for text in texts if isinstance(text, str)}
    if manifest != known:
        raise StartError(
            f"NMO_TRUSTED_DOCUMENTS: в файле {path} нужен JSON: {{«sha256 документа»: «документ»}}."
        )
    return manifest


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
