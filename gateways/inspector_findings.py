"""What the measures mean for the person: every check with its limit, every fault with a way out (3.3-22)."""

from dataclasses import dataclass
from datetime import date

from gateways.inspector_facts import Facts
from models.document_names import RULE, name_complaints, suggested_name
from models.documents_rules import (
    FORMATS,
    MAX_BYTES,
    MAX_PAGES,
    MAX_PIXELS,
    MIN_SIDE_PIXELS,
    PDF,
    DocumentType,
    FileFormat,
    format_of_bytes,
    format_of_type,
)
from models.errors import ErrorCode

TITLES = ", ".join(known.title for known in FORMATS)


@dataclass(frozen=True, slots=True)
class Claim:
    """What the person says the file is."""

    type: DocumentType
    file_name: str
    mime_type: str
    issued_at: date


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: what was measured against which limit; a failed one says what to do about it."""

    check: str
    passed: bool
    measured: str | None = None
    limit: str | None = None
    code: ErrorCode | None = None
    message: str = ""
    how_to_fix: str = ""
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """A check with its limit, to be told what was measured."""

    name: str
    limit: str | None = None

    def passes(self, measured: str | None = None) -> Finding:
        return Finding(self.name, True, measured, self.limit)

    def fails(
        self,
        code: ErrorCode,
        message: str,
        how_to_fix: str,
        measured: str | None = None,
        page: int | None = None,
    ) -> Finding:
        return Finding(self.name, False, measured, self.limit, code, message, how_to_fix, page)


def outside(content: bytes, claim: Claim) -> list[Finding]:
    """What can be said without opening the file."""
    return [_size(content), _type(claim), _content(content, claim), _name(claim)]


def inside(known: FileFormat, facts: Facts) -> list[Finding]:
    """What only opening the file tells."""
    opened = [_opens(facts), _single(facts)]
    if facts.broken and not (facts.pages or facts.width):
        return opened
    if known is PDF:
        locked = _encryption(facts)
        return [*opened, locked] if facts.encrypted else [*opened, locked, _pages(facts), _active(facts)]
    return [*opened, _pixels(facts), _resolution(facts)]


def _size(content: bytes) -> Finding:
    check, measured = Check("size", f"от 1 до {MAX_BYTES} байт"), f"{len(content)} байт"
    if not content:
        return check.fails(ErrorCode.FILE_EMPTY, "Файл пуст.", "Выберите файл ещё раз.", measured)
    if len(content) > MAX_BYTES:
        fix = "Сохраните его с меньшим качеством или разрешением."
        return check.fails(ErrorCode.FILE_TOO_LARGE, "Файл больше 5 МБ.", fix, measured)
    return check.passes(measured)


def _type(claim: Claim) -> Finding:
    check = Check("type", TITLES)
    if format_of_type(claim.mime_type) is None:
        fix = "Сохраните документ в одном из этих форматов."
        return check.fails(ErrorCode.FILE_TYPE, f"Принимаются только {TITLES}.", fix, claim.mime_type)
    return check.passes(claim.mime_type)


def _content(content: bytes, claim: Claim) -> Finding:
    declared, actual = format_of_type(claim.mime_type), format_of_bytes(content)
    check = Check("content", declared.title if declared else TITLES)
    measured = actual.title if actual else "другой формат"
    if actual is not None and actual == declared:
        return check.passes(measured)
    message = f"По содержанию это не {check.limit}: {measured}."
    fix = f"Сохраните документ заново в формате {TITLES}; одного изменения расширения мало."
    return check.fails(ErrorCode.FILE_CONTENT, message, fix, measured)


def _name(claim: Claim) -> Finding:
    check, asked = Check("name", RULE), (claim.type, claim.mime_type, claim.issued_at)
    complaints = name_complaints(claim.file_name, *asked)
    if not complaints:
        return check.passes(claim.file_name)
    message = f"Имя файла не по правилу: {'; '.join(complaints)}."
    fix = f"Переименуйте файл в {suggested_name(claim.file_name, *asked)}."
    return check.fails(ErrorCode.FILE_NAME, message, fix, claim.file_name)


def _opens(facts: Facts) -> Finding:
    check = Check("opens")
    if not facts.broken:
        return check.passes()
    message = "Файл повреждён или слишком сложен: его не удалось открыть."
    return check.fails(ErrorCode.FILE_CONTENT, message, "Сохраните или отсканируйте документ заново.")


def _single(facts: Facts) -> Finding:
    check, measured = Check("single", "0 байт"), f"{facts.tail_bytes} байт"
    if not facts.tail_bytes and not facts.is_archive:
        return check.passes(measured)
    message = "В файл вложены посторонние данные."
    fix = "Откройте документ и сохраните его заново, без приложенных данных."
    return check.fails(ErrorCode.FILE_CONTENT, message, fix, measured)


def _encryption(facts: Facts) -> Finding:
    check = Check("encryption")
    if not facts.encrypted:
        return check.passes()
    fix = "Сохраните документ без пароля и ограничений."
    return check.fails(ErrorCode.FILE_ENCRYPTED, "Документ защищён паролем или ограничениями.", fix)


def _pages(facts: Facts) -> Finding:
    check, measured = Check("pages", f"от 1 до {MAX_PAGES}"), str(facts.pages)
    if facts.pages > MAX_PAGES:
        fix = "Разделите документ на части и загрузите их по отдельности."
        return check.fails(ErrorCode.FILE_TOO_LARGE, "В документе слишком много страниц.", fix, measured)
    if facts.pages < 1:
        fix = "Сохраните документ заново."
        return check.fails(ErrorCode.FILE_CONTENT, "В документе нет ни одной страницы.", fix, measured)
    return check.passes(measured)


def _active(facts: Facts) -> Finding:
    check = Check("active_content")
    if not facts.active:
        return check.passes()
    fix = "Распечатайте документ в PDF: в новом файле останутся только страницы."
    message = "В документе есть сценарии, команды или вложенные файлы."
    return check.fails(ErrorCode.FILE_ACTIVE_CONTENT, message, fix, ", ".join(facts.active))


def _pixels(facts: Facts) -> Finding:
    measured = f"{facts.width * facts.height / 1e6:.1f} Мпикс"
    check = Check("pixels", f"до {MAX_PIXELS // 1_000_000} Мпикс")
    if facts.width * facts.height <= MAX_PIXELS:
        return check.passes(measured)
    return check.fails(ErrorCode.FILE_TOO_LARGE, "Изображение слишком велико.", "Уменьшите его.", measured)


def _resolution(facts: Facts) -> Finding:
    check = Check("resolution", f"меньшая сторона от {MIN_SIDE_PIXELS} пикселей")
    measured = f"{facts.width} × {facts.height}"
    if min(facts.width, facts.height) >= MIN_SIDE_PIXELS:
        return check.passes(measured)
    fix = "Отсканируйте документ с разрешением от 150 точек на дюйм или снимите его ближе."
    return check.fails(
        ErrorCode.IMAGE_LOW_RESOLUTION, "Изображение слишком мелкое: текст не прочесть.", fix, measured
    )
