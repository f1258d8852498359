"""Pictures of documents as people send them: laid on a table, lit, turned, cut, shaken, shadowed, packed as JPEG."""

from dataclasses import dataclass, replace
from functools import cache
from io import BytesIO
from random import Random
from typing import Literal

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from gateways.inspector_look import mapped, resized
from tests.scan_pages import LETTER, PAGES, drawn

Fault = Literal["focus", "shake", "cut", "shadow"]
FAULTS: tuple[Fault, ...] = ("focus", "shake", "cut", "shadow")
SIDES = ("слева", "сверху", "справа", "снизу")
TABLES = ((150, 110, 80), (60, 50, 45), (225, 215, 200), (120, 130, 140))
USUAL_DOTS = 150


@dataclass(frozen=True)
class Shot:
    """How a page was taken; everything zero is a clean scan. Blur and shake are in pixels of 150 dots an inch."""

    page: str = LETTER
    dots: int = USUAL_DOTS
    rim: tuple[float, float, float, float] | None = (
        None  # the table left, above, right, below; of the longer side
    )
    table: tuple[int, int, int] = TABLES[0]
    veins: float = 20.0  # how marked the table's own pattern is
    is_stone: bool = False
    turn: float = 0.0  # degrees
    light: float = 0.0  # how much darker the far side is
    light_from: int = 0  # degrees
    blur: float = 0.0
    shake: float = 0.0
    shake_along: float = 0.0  # rise of the movement, from -1 to 1
    noise: float = 0.0
    quality: int | None = 88  # of the JPEG; None is a PNG
    cut: int | None = None  # the side where writing is cut off
    cut_depth: float = 0.2  # of the writing
    shadow: float = 0.0  # how dark
    shadow_share: float = 0.4
    shadow_tilt: float = 0.0


def taken(shot: Shot) -> Image.Image:
    """The picture as the camera made it, before it is packed."""
    image, scale = drawn(shot.page, shot.dots), shot.dots / USUAL_DOTS
    rim = [round(share * max(image.size)) for share in shot.rim or (0, 0, 0, 0)]
    cut = None if shot.cut is None else cut_at(shot.page, shot.cut, shot.cut_depth)
    box = _kept(image.size, rim, shot.cut, cut)
    if shot.rim:
        image = _on_table(image, rim, shot)
    image = image.crop(box)
    if shot.light:
        image = ImageChops.multiply(image, _slope(image.size, shot))
    if shot.shadow:
        image = ImageChops.multiply(image, _shade(image.size, shot))
    if shot.blur:
        image = image.filter(ImageFilter.GaussianBlur(shot.blur * scale))
    if shot.shake:
        image = _shaken(image, max(round(shot.shake * scale), 2), shot.shake_along)
    if shot.noise:
        grain = Image.effect_noise(image.size, shot.noise).convert("RGB")
        image = ImageChops.add(image, grain, offset=-128)
    return image


def packed(shot: Shot) -> bytes:
    """The file that is sent."""
    stream = BytesIO()
    if shot.quality is None:
        taken(shot).save(stream, "PNG", compress_level=1)
    else:
        taken(shot).save(stream, "JPEG", quality=shot.quality)
    return stream.getvalue()


@cache
def cut_at(page: str, side: int, depth: float) -> float:
    """Where an edge so deep in the writing crosses letters, as a share of the page's width or height."""
    ink = mapped(drawn(page, 75).convert("L"), [255] * 140 + [0] * 116)
    across = side % 2
    line = (1, ink.height) if across else (ink.width, 1)
    shares = resized(ink, line).tobytes()
    written = [at for at, share in enumerate(shares) if share > 8]
    first, last = written[0], written[-1]
    wanted = first + depth * (last - first) if side < 2 else last - depth * (last - first)
    return min(written, key=lambda at: abs(at - wanted)) / len(shares)


def _kept(
    size: tuple[int, int], rim: list[int], side: int | None, cut: float | None
) -> tuple[int, int, int, int]:
    width, height = size
    box = [0, 0, width + rim[0] + rim[2], height + rim[1] + rim[3]]
    if side is not None and cut is not None:
        box[side] = round(cut * size[side % 2]) + rim[side % 2]
    return box[0], box[1], box[2], box[3]


def _on_table(image: Image.Image, rim: list[int], shot: Shot) -> Image.Image:
    size = (image.width + rim[0] + rim[2], image.height + rim[1] + rim[3])
    grain = (size[0] // 6, size[1] // (6 if shot.is_stone else 40))
    pattern = resized(Image.effect_noise(grain, shot.veins), size, Image.Resampling.BICUBIC)
    table = ImageChops.overlay(Image.new("RGB", size, shot.table), pattern.convert("RGB"))
    page = Image.new("RGBA", size)
    page.paste(image, (rim[0], rim[1]))
    page = page.rotate(shot.turn, Image.Resampling.BICUBIC)
    table.paste(page, (0, 0), page)
    return table


def _slope(size: tuple[int, int], shot: Shot) -> Image.Image:
    ramp = (
        Image.linear_gradient("L").rotate(shot.light_from, Image.Resampling.BICUBIC).crop((43, 43, 213, 213))
    )
    darker = mapped(ramp, [round(255 - level * shot.light) for level in range(256)])
    return resized(darker, size, Image.Resampling.BICUBIC).convert("RGB")


def _shade(size: tuple[int, int], shot: Shot) -> Image.Image:
    """A hand or a telephone between the lamp and the page: a soft edge, a share of the picture."""
    mask = Image.new("L", (200, 200), 255)
    edge, tilt = 200 * shot.shadow_share, 200 * shot.shadow_tilt
    corners = [(-1, -1), (edge + tilt, -1), (edge - tilt, 201), (-1, 201)]
    ImageDraw.Draw(mask).polygon(corners, fill=round(255 * (1 - shot.shadow)))
    soft = mask.filter(ImageFilter.GaussianBlur(4))
    return resized(soft, size, Image.Resampling.BICUBIC).convert("RGB")


def _shaken(image: Image.Image, length: int, along: float) -> Image.Image:
    result = image
    for step in range(1, length):
        across, rise = (step, round(step * along)) if along >= 0 else (round(step * -along), step)
        result = Image.blend(result, ImageChops.offset(image, across, rise), 1 / (step + 1))
    return result


def good_shots(number: int, seed: int) -> list[Shot]:
    """Pictures that should pass."""
    random = Random(f"good/{seed}")
    return [_good(random, index) for index in range(number)]


def _good(random: Random, index: int) -> Shot:
    on_table = random.random() < 0.6
    rim = tuple(random.uniform(0.015, 0.2) for _ in SIDES)
    return Shot(
        page=PAGES[index % len(PAGES)],
        dots=random.choice((110, 130, 150, 150, 200, 200, 250, 300)),
        rim=(rim[0], rim[1], rim[2], rim[3]) if on_table else None,
        table=random.choice(TABLES),
        veins=random.uniform(5, 35),
        is_stone=random.random() < 0.3,
        turn=random.uniform(-3, 3) if on_table else 0.0,
        light=random.uniform(0, 0.25),
        light_from=random.randrange(360),
        blur=random.uniform(0, 0.6),
        noise=random.uniform(0, 8),
        quality=random.randint(70, 95) if random.random() < 0.8 else None,
    )


def bad_shots(fault: Fault, number: int, seed: int) -> list[Shot]:
    """The same kind of pictures with one fault."""
    random = Random(f"{fault}/{seed}")
    return [_spoiled(_good(random, index), fault, random) for index in range(number)]


def _spoiled(shot: Shot, fault: Fault, random: Random) -> Shot:
    match fault:
        case "focus":
            return replace(shot, blur=random.uniform(2.0, 5.0))
        case "shake":
            return replace(shot, shake=random.uniform(7, 16), shake_along=random.uniform(-1, 1))
        case "cut":
            return replace(shot, cut=random.randrange(4), cut_depth=random.uniform(0.1, 0.4))
        case "shadow":
            return replace(
                shot,
                shadow=random.uniform(0.5, 0.75),
                shadow_share=random.uniform(0.3, 0.6),
                shadow_tilt=random.uniform(-0.15, 0.15),
            )
