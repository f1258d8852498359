"""Whether the pictures of a document can be read: written on, sharp, whole, evenly lit (3.3-15 .. 3.3-17, A14)."""

from collections.abc import Callable, Iterator

from gateways.inspector_facts import Facts, Picture
from gateways.inspector_findings import Check, Finding
from models.documents_rules import MIN_EVENNESS, MIN_SHARPNESS, MIN_WRITING
from models.errors import ErrorCode

WRITING = Check("writing", f"от {MIN_WRITING:g} %".replace(".", ","))
SHARPNESS = Check("sharpness", f"от {MIN_SHARPNESS} %")
LIGHT = Check("light", f"от {MIN_EVENNESS} %")
EDGES = Check("edges", "текст не уходит за край")


def readable(facts: Facts) -> list[Finding]:
    """Blank sheets count only when there is nothing else: the back of a page may be empty."""
    written = [picture for picture in facts.pictures if picture.writing * 100 >= MIN_WRITING]
    found = [*_each(written, _sharp), *_each(written, _whole), *_each(written, _lit)]
    if written:
        return [WRITING.passes(_percent(min(picture.writing for picture in written))), *found]
    if facts.pictures and facts.pages in (0, len(facts.pictures)):
        message = "На изображении не видно текста: похоже, это пустой лист."
        fix = "Снимите или отсканируйте документ лицевой стороной."
        return [WRITING.fails(ErrorCode.IMAGE_BLANK, message, fix, _percent(facts.pictures[0].writing))]
    return []


def _each(pictures: list[Picture], judge: Callable[[Picture], Finding | None]) -> Iterator[Finding]:
    """A fault for each page that has one; where none has, one word for all."""
    found = [finding for picture in pictures if (finding := judge(picture))]
    faults = [finding for finding in found if not finding.passed]
    yield from faults or found[:1]


def _sharp(picture: Picture) -> Finding | None:
    if picture.sharpness is None:
        return None
    measured = _percent(picture.sharpness)
    if picture.sharpness * 100 >= MIN_SHARPNESS:
        return SHARPNESS.passes(measured)
    fix = (
        "Протрите объектив, держите телефон неподвижно и дождитесь, пока он наведётся на резкость,"
        " или отсканируйте документ."
    )
    return SHARPNESS.fails(ErrorCode.IMAGE_BLURRED, "Изображение нечёткое.", fix, measured, picture.page)


def _whole(picture: Picture) -> Finding:
    if not picture.cut:
        return EDGES.passes("не уходит")
    sides = ", ".join(picture.cut)
    message = f"Документ обрезан: текст уходит за край ({sides})."
    fix = "Снимите документ целиком, чтобы со всех сторон были видны его края."
    return EDGES.fails(ErrorCode.IMAGE_CROPPED, message, fix, f"уходит {sides}", picture.page)


def _lit(picture: Picture) -> Finding | None:
    if picture.evenness is None:
        return None
    measured = _percent(picture.evenness)
    if picture.evenness * 100 >= MIN_EVENNESS:
        return LIGHT.passes(measured)
    message = "На документ падает тень: часть текста намного темнее остального."
    fix = "Снимите документ при ровном свете, не заслоняя его рукой и телефоном, или отсканируйте."
    return LIGHT.fails(ErrorCode.IMAGE_SHADOW, message, fix, measured, picture.page)


def _percent(share: float) -> str:
    """Rounded down, so that what is shown is on the same side of the limit."""
    return f"{int(share * 1000) / 10:g} %".replace(".", ",")
