"""Where on the picture of a document something is written, and how bright the paper under it is.

Writing is what a closing fills: strokes thinner than the brush go, and paper, tables and photographs stay.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from PIL import Image, ImageChops, ImageOps

LOOK_SIDE = 800
BRUSH = 15  # pixels at LOOK_SIDE: 5 mm of a page
CONTRAST = 0.12  # of the brightest paper; fainter than that are veins of a dark table
MARGIN = 0.18  # what lies outside of it may be a table


class _Resizable(Protocol):
    """A picture by the methods that are called here, which Pillow types too widely."""

    def resize(
        self,
        size: tuple[int, int],
        resample: int | None = None,
        box: tuple[float, float, float, float] | None = None,
        reducing_gap: float | None = None,
    ) -> Image.Image: ...


class _Mappable(Protocol):
    def point(self, lut: Sequence[float], mode: str | None = None) -> Image.Image: ...


@dataclass(frozen=True, slots=True)
class Look:
    """A small gray picture and the same without writing."""

    shown: Image.Image
    paper: Image.Image
    brightest: int

    def middle(self) -> "Look":
        return Look(middle(self.shown), middle(self.paper), self.brightest)

    def ink(self, share: float) -> Image.Image:
        """A mask, 255 where it is darker than that share of the paper around."""
        contrast = self.brightest * CONTRAST
        limits = [max(min(int(level * share), int(level - contrast)), 0) for level in range(256)]
        return mapped(ImageChops.subtract(mapped(self.paper, limits), self.shown), [0, *(255,) * 255])


def look(gray: Image.Image) -> Look:
    shown = reduced(gray, LOOK_SIDE)
    paper = _closing(shown)
    return Look(shown, paper, quantile(paper.histogram(), 0.9))


def middle(image: Image.Image) -> Image.Image:
    """What is the document for sure."""
    x, y = int(image.width * MARGIN), int(image.height * MARGIN)
    return image.crop((x, y, image.width - x, image.height - y))


def reduced(image: Image.Image, side: int) -> Image.Image:
    """The picture with its longer side no longer than that."""
    scale = side / max(image.size)
    if scale >= 1:
        return image
    size = (max(round(image.width * scale), 1), max(round(image.height * scale), 1))
    return resized(image, size)


def resized(image: _Resizable, size: tuple[int, int], how: int = Image.Resampling.BOX) -> Image.Image:
    """Each pixel is the mean of those it stands for."""
    return image.resize(size, how, reducing_gap=2)


def mapped(image: _Mappable, levels: Sequence[float]) -> Image.Image:
    """Each of the 256 levels becomes another."""
    return image.point(levels)


def quantile(histogram: list[int], part: float) -> int:
    """The level below which lies that part of what was counted."""
    wanted, seen = sum(histogram) * part, 0
    for level, count in enumerate(histogram):
        seen += count
        if seen >= wanted and count:
            return level
    return 0


def _closing(image: Image.Image) -> Image.Image:
    """The brightest within the brush, then the darkest of those; beyond the edge there is nothing."""
    wider = ImageOps.expand(image, BRUSH, 0)
    closed = _brushed(_brushed(wider, ImageChops.lighter), ImageChops.darker)
    return ImageOps.crop(closed, BRUSH)


def _brushed(image: Image.Image, choose: Callable[[Image.Image, Image.Image], Image.Image]) -> Image.Image:
    for across, down in ((1, 0), (0, 1)):
        for step in _doublings(BRUSH):
            image = choose(image, ImageChops.offset(image, -step * across, -step * down))
        image = ImageChops.offset(image, BRUSH // 2 * across, BRUSH // 2 * down)
    return image


def _doublings(size: int) -> Iterator[int]:
    """Steps by which a window of one pixel grows to that size."""
    done = 1
    while done < size:
        step = min(done, size - done)
        yield step
        done += step
