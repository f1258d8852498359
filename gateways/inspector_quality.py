"""How well a picture of a document can be read: sharpness, evenness of light, what is cut off (3.3-15 .. 3.3-17, A14).

The measures are shares, so that neither the size of the picture nor the colour of the paper matters.
"""

from array import array
from collections.abc import Iterator
from itertools import groupby
from statistics import mean, median
from typing import NamedTuple

from PIL import Image, ImageMath, ImageOps

from gateways.inspector_facts import Picture
from gateways.inspector_look import Look, look, middle, quantile, reduced, resized
from models.documents_rules import MIN_WRITING

READ_SIDE, TILE, COARSE = 1_000, 20, 4
FAINT_INK, STRONG_INK, EDGE_INK = 0.85, 0.6, 0.75  # of the paper around
PAPER, EDGE_PAPER = 0.6, 0.85  # of the brightest paper
DARK_PAPER = 90  # of 255
WRITTEN_TILE, EMPTY_TILE, FEWEST_TILES, FEWEST_EMPTY = 0.03 * 255, 0.002 * 255, 5, 20
WORSE_DIRECTION = 0.5
DARK_PART, BRIGHT_PART, FEWEST_PIXELS = 0.08, 0.9, 50
EDGE, LONGEST_RUN, FEWEST_RUNS = 3, 0.1, 3


class Strokes(NamedTuple):
    """How much brightness bends, in one direction: between neighbours, and between those four times as far."""

    fine: float
    coarse: float


def quality(image: Image.Image, page: int | None = None) -> Picture:
    gray = _dark_on_light(image.convert("L"))
    seen = look(gray)
    return Picture(
        page=page,
        writing=_writing(gray, seen),
        sharpness=_sharpness(middle(reduced(gray, READ_SIDE)), seen.middle()),
        evenness=_evenness(seen.middle()),
        cut=[side for side, kinds in _edges(seen) if _runs(kinds) >= FEWEST_RUNS],
    )


def _dark_on_light(gray: Image.Image) -> Image.Image:
    """A negative and a dark cover are read the other way round: without light strokes nothing light is left of them."""
    if quantile(middle(gray).histogram(), 0.5) > DARK_PAPER:
        return gray
    other = ImageOps.invert(gray)
    darkest = quantile(look(other).middle().paper.histogram(), 0.1)
    return other if 255 - darkest <= DARK_PAPER else gray


def _writing(gray: Image.Image, seen: Look) -> float:
    """The share of the picture that is written, light on dark where nothing is dark on light."""
    dark = _covered(seen)
    return dark if dark * 100 >= MIN_WRITING else max(dark, _covered(look(ImageOps.invert(gray))))


def _covered(seen: Look) -> float:
    counts = seen.ink(FAINT_INK).histogram()
    return counts[255] / sum(counts)


def _sharpness(gray: Image.Image, seen: Look) -> float | None:
    """What is left of the finest strokes beside coarse ones, in the worse direction: a moved camera blurs only one.

    Grain of the camera and of the packing is what empty paper has, and does not count.
    """
    grid = (max(gray.width // TILE, 1), max(gray.height // TILE, 1))
    paper, ink = _levels(seen.paper, grid), _levels(seen.ink(FAINT_INK), grid)
    on_paper = [light >= PAPER * seen.brightest for light in paper]
    full = [lit and dark >= WRITTEN_TILE for lit, dark in zip(on_paper, ink, strict=True)]
    empty = [lit and dark < EMPTY_TILE for lit, dark in zip(on_paper, ink, strict=True)]
    if sum(full) < FEWEST_TILES:
        return None
    across, down = (_strokes(gray, step, grid, full, empty) for step in ((1, 0), (0, 1)))
    floor = WORSE_DIRECTION * max(across.coarse, down.coarse)
    if floor <= 0:
        return 0.0
    return min(max(each.fine, 0.0) / max(each.coarse, floor) for each in (across, down))


def _strokes(
    gray: Image.Image, step: tuple[int, int], grid: tuple[int, int], full: list[bool], empty: list[bool]
) -> Strokes:
    fine, coarse = (
        _levels(_bends(image.convert("F"), *step), grid) for image in (gray, gray.convert("F").reduce(COARSE))
    )
    return Strokes(*(mean(_chosen(tiles, full)) - _usual(_chosen(tiles, empty)) for tiles in (fine, coarse)))


def _bends(image: Image.Image, x: int, y: int) -> Image.Image:
    """The second difference times that of the next line: a stroke goes on there, grain does not."""

    def seen_from(right: int, below: int) -> Image.Image:
        return image.crop((2 + right, 2 + below, image.width - 2 + right, image.height - 2 + below))

    here, there = (
        ImageMath.lambda_eval(
            lambda args: args["before"] + args["after"] - args["at"] * 2,
            before=seen_from(right - x, below - y),
            at=seen_from(right, below),
            after=seen_from(right + x, below + y),
        )
        for right, below in ((0, 0), (y, x))
    )
    product: Image.Image = ImageMath.lambda_eval(
        lambda args: args["here"] * args["there"], here=here, there=there
    )
    return product


def _chosen(tiles: list[float], which: list[bool]) -> list[float]:
    return [value for value, is_chosen in zip(tiles, which, strict=True) if is_chosen]


def _usual(values: list[float]) -> float:
    """Most of them: some hold the edge of the page or of a photograph, and where they are few it may be all."""
    return median(values) if len(values) >= FEWEST_EMPTY else 0.0


def _evenness(seen: Look) -> float | None:
    """The paper under the darkest writing beside that under the brightest."""
    under = seen.paper.histogram(seen.ink(STRONG_INK))
    if sum(under) < FEWEST_PIXELS:
        return None
    return quantile(under, DARK_PART) / max(quantile(under, BRIGHT_PART), 1)


def _edges(seen: Look) -> Iterator[tuple[str, list[str]]]:
    """What each edge of the picture shows, point by point: ink, paper, or something darker than paper."""
    width, height = seen.shown.size
    sides = {
        "слева": (0, 0, EDGE, height),
        "сверху": (0, 0, width, EDGE),
        "справа": (width - EDGE, 0, width, height),
        "снизу": (0, height - EDGE, width, height),
    }
    for side, box in sides.items():
        line = (1, height) if box[3] - box[1] == height else (width, 1)
        strips = [_levels(each.crop(box), line) for each in (seen.shown, seen.paper)]
        yield (
            side,
            [
                "table"
                if light < EDGE_PAPER * seen.brightest
                else "ink"
                if level < EDGE_INK * light
                else "paper"
                for level, light in zip(*strips, strict=True)
            ],
        )


def _runs(kinds: list[str]) -> int:
    """Short stretches of ink with paper on both sides; the dark rim of a scanner is a long one."""
    runs = [(kind, len(list(same))) for kind, same in groupby(kinds)]
    return sum(
        kind == "ink" and length <= LONGEST_RUN * len(kinds) and before[0] == after[0] == "paper"
        for before, (kind, length), after in zip(runs, runs[1:], runs[2:], strict=False)
    )


def _levels(image: Image.Image, size: tuple[int, int]) -> list[float]:
    """The mean brightness of each of so many parts."""
    return list(array("f", resized(image.convert("F"), size).tobytes()))
