"""Pages of a PDF that are one scanned picture and nothing else: only these are measured as pictures (A14)."""

from collections.abc import Callable, Iterator
from importlib import import_module
from time import process_time
from typing import Protocol

from PIL import Image

from gateways.inspector_facts import Picture
from gateways.inspector_quality import READ_SIDE, quality
from models.documents_rules import MAX_PIXELS

PICTURE = 3  # how PDFium numbers kinds of objects
COVERED = 0.8  # of the page
SPENT_SECONDS = 1.0  # pages after that are taken as they are: a long document is not refused for being long


class _Bitmap(Protocol):
    def to_pil(self) -> Image.Image: ...


class _Object(Protocol):
    type: int

    def get_bounds(self) -> tuple[float, float, float, float]: ...
    def get_px_size(self) -> tuple[int, int]: ...


class _Page(Protocol):
    def get_size(self) -> tuple[float, float]: ...
    def get_objects(self) -> Iterator[_Object]: ...
    def render(self, *, scale: float, grayscale: bool) -> _Bitmap: ...


# The library carries no types.
_pages_of: Callable[[bytes], Iterator[_Page]] = import_module("pypdfium2").PdfDocument


def scans(content: bytes) -> tuple[int, list[Picture]]:
    """How many pages the second reader sees, and the measures of those that are pictures."""
    count, pictures = 0, list[Picture]()
    for page in _pages_of(content):
        count += 1
        pixels = _picture_side(page) if process_time() < SPENT_SECONDS else 0
        if pixels:
            scale = min(pixels, READ_SIDE) / max(page.get_size())
            pictures.append(quality(page.render(scale=scale, grayscale=True).to_pil(), count))
    return count, pictures


def _picture_side(page: _Page) -> int:
    """The longer side of the only picture, in its own pixels; 0 for any other page."""
    objects = page.get_objects()
    only = next(objects, None)
    if only is None or only.type != PICTURE or next(objects, None) is not None:
        return 0
    width, height = page.get_size()
    left, bottom, right, top = only.get_bounds()
    across, down = only.get_px_size()
    is_scan = (right - left) * (top - bottom) >= COVERED * width * height and across * down <= MAX_PIXELS
    return max(across, down) if is_scan else 0
