"""Documents made for tests: sound ones, and the parts of which bad ones are made."""

import struct
import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO

import pikepdf
from PIL import Image

from tests.scan_pages import LETTER, drawn

PNG_START = b"\x89PNG\r\n\x1a\n"


def jpeg(width: int = 800, height: int = 1100, *, progressive: bool = False) -> bytes:
    return _picture("JPEG", width, height, "RGB", progressive=progressive)


def png(width: int = 800, height: int = 1100, mode: str = "RGB") -> bytes:
    return _picture("PNG", width, height, mode)


def _picture(name: str, width: int, height: int, mode: str, **options: object) -> bytes:
    """A letter, stretched to that size."""
    stream = BytesIO()
    drawn(LETTER, 150).transform((width, height), Image.Transform.EXTENT, (0, 0, 1240, 1754)).convert(
        mode
    ).save(stream, name, **options)
    return stream.getvalue()


def pdf(
    pages: int = 1,
    change: Callable[[pikepdf.Pdf], None] | None = None,
    encryption: pikepdf.Encryption | None = None,
    *,
    packed: bool = False,
) -> bytes:
    """A PDF of blank pages, changed before it is saved; `packed` hides its objects in compressed streams."""
    stream, packing = BytesIO(), pikepdf.ObjectStreamMode
    mode = packing.generate if packed else packing.disable
    with pikepdf.Pdf.new() as made:
        for _ in range(pages):
            made.add_blank_page()
        if change is not None:
            change(made)
        made.save(stream, object_stream_mode=mode, encryption=encryption or False)
    return stream.getvalue()


def archive() -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        packed.writestr("inside.txt", "hidden")
    return stream.getvalue()


def png_bomb(side: int) -> bytes:
    """A tiny PNG that says it is `side` pixels wide and high, one bit each."""
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    row = b"\0" * (1 + side // 8)
    packer = zlib.compressobj(9)
    body = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    return PNG_START + _chunk(b"IHDR", header) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


def png_text_bomb(size: int) -> bytes:
    """A sound picture with a compressed text of `size` bytes inside."""
    sound = png()
    text = _chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"\0" * size, 9))
    return sound[:33] + text + sound[33:]


def pdf_stream_bomb(size: int) -> bytes:
    """A page whose content unfolds twice, to `size` bytes in the end."""

    def fill(made: pikepdf.Pdf) -> None:
        folded = zlib.compress(zlib.compress(b" " * size, 9), 9)
        filters = pikepdf.Array([pikepdf.Name.FlateDecode, pikepdf.Name.FlateDecode])
        content = pikepdf.Stream(made, b"")
        content.write(folded, filter=filters)
        made.pages[0].Contents = content

    return pdf(change=fill)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
