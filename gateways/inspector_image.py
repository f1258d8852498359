"""Child program: measures a JPG or PNG by decoding it whole (3.3-8 .. 3.3-10, A17)."""

import re
import zipfile
from collections.abc import Mapping
from io import BytesIO

from PIL import Image

from gateways.inspector_facts import Facts, Picture, answer
from gateways.inspector_quality import quality
from models.documents_rules import MAX_PIXELS, MIN_SIDE_PIXELS, PNG

PNG_END = b"IEND\xae\x42\x60\x82"
JPEG_START = b"\xff\xd8"
JPEG_END = 0xD9
STANDALONE = frozenset({0x01, *range(0xD0, 0xD9)})
# In the coded picture 0xFF is followed by zero or by a restart mark; anything else ends it.
AFTER_SCAN = re.compile(rb"\xff(?![\x00\xff\xd0-\xd7])")
PDF_HEADER_WITHIN = 1024
ORIENTATION = 0x0112
TURNS: Mapping[int, Image.Transpose] = {
    3: Image.Transpose.ROTATE_180,
    6: Image.Transpose.ROTATE_270,
    8: Image.Transpose.ROTATE_90,
}
Image.MAX_IMAGE_PIXELS = None  # the limit is ours, and told to the person


def measure(content: bytes) -> Facts:
    is_png = content.startswith(PNG.magic)
    width, height, broken, pictures = _decode(content, "PNG" if is_png else "JPEG")
    end = _end_of_png(content) if is_png else _end_of_jpegs(content)
    return Facts(
        broken=broken,
        tail_bytes=len(content[end:].strip(b"\0\r\n\t ")),
        is_archive=zipfile.is_zipfile(BytesIO(content)) or b"%PDF-" in content[:PDF_HEADER_WITHIN],
        width=width,
        height=height,
        pictures=pictures,
    )


def _decode(content: bytes, name: str) -> tuple[int, int, str, list[Picture]]:
    with Image.open(BytesIO(content), formats=[name]) as image:
        width, height = image.size
        if width * height > MAX_PIXELS:
            return width, height, "", []  # known from the header; never decoded
        try:
            image.load()
        except (OSError, SyntaxError, ValueError) as error:
            return width, height, type(error).__name__, []
        is_large = min(width, height) >= MIN_SIDE_PIXELS
        return width, height, "", [quality(_upright(image))] if is_large else []


def _upright(image: Image.Image) -> Image.Image:
    """In gray, on white, as people see it: the camera writes down how it was held."""
    is_deep = image.mode == "I;16"  # of two bytes the second is the higher
    gray = Image.frombytes("L", image.size, image.tobytes()[1::2]) if is_deep else image.convert("L")
    if image.has_transparency_data:
        alpha = image.convert("RGBA").getchannel("A")
        gray = Image.composite(gray, Image.new("L", gray.size, 255), alpha)
    turn = TURNS.get(image.getexif().get(ORIENTATION, 1))
    return gray if turn is None else gray.transpose(turn)


def _end_of_png(content: bytes) -> int:
    found = content.find(PNG_END)
    return found + len(PNG_END) if found >= 0 else len(content)


def _end_of_jpegs(content: bytes) -> int:
    """Phones put a second picture (depth, brightness) behind the first: pictures to the end are fine."""
    end = 0
    while content.startswith(JPEG_START, end):
        end = _end_of_jpeg(content, end)
    return end


def _end_of_jpeg(content: bytes, start: int) -> int:
    at = start + len(JPEG_START)
    while at + 4 <= len(content) + 2:
        found = AFTER_SCAN.search(content, at)
        if found is None:
            return len(content)
        mark = content[found.start() + 1] if found.start() + 1 < len(content) else JPEG_END
        at = found.start() + 2
        if mark == JPEG_END:
            return at
        if mark not in STANDALONE:
            at += int.from_bytes(content[at : at + 2], "big")
    return len(content)


if __name__ == "__main__":
    answer(measure)
