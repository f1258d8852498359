"""The rule of file names: a word for the type and the date, such as diploma_2023.pdf (3.3-18, A16)."""

import re
from datetime import date
from unicodedata import category, normalize

from models.documents_rules import KINDS, DocumentType, format_of_type

RULE = "тип документа и год или дата выдачи, например diploma_2023.pdf или диплом_15.06.2023.pdf"
MAX_NAME_BYTES = 255
YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)
NOT_A_LETTER = re.compile(r"[\W_]+")
FORBIDDEN = frozenset('/\\:*?"<>|')


def name_complaints(file_name: str, kind: DocumentType, mime_type: str, issued_at: date) -> list[str]:
    """What is wrong with the name, each as a short Russian phrase; nothing when the name follows the rule."""
    stem, _, extension = file_name.rpartition(".")
    complaints: list[str] = []
    if not _is_plain(file_name):
        complaints.append("в имени есть недопустимые знаки или оно слишком длинное")
    if not _names(stem, kind):
        complaints.append(f"нет слова, которое называет тип документа ({', '.join(KINDS[kind].slugs)})")
    years = {int(year) for year in YEAR.findall(stem)}
    if not years:
        complaints.append("нет года или даты выдачи")
    elif issued_at.year not in years:
        complaints.append(f"год в имени не совпадает с датой выдачи ({issued_at.year})")
    declared = format_of_type(mime_type)
    if declared is not None and extension.lower() not in declared.extensions:
        complaints.append(f"расширение должно быть .{declared.extensions[0]}")
    return complaints


def suggested_name(file_name: str, kind: DocumentType, mime_type: str, issued_at: date) -> str:
    """A ready name that follows the rule, in the language of the one given."""
    words = KINDS[kind].russian if CYRILLIC.search(file_name) else KINDS[kind].latin
    declared = format_of_type(mime_type)
    extension = declared.extensions[0] if declared else "pdf"
    return f"{words[0]}_{issued_at.year}.{extension}"


def _is_plain(file_name: str) -> bool:
    """No separators of paths, no control or direction marks, a length that file systems take."""
    if len(file_name.encode("utf-8", "replace")) > MAX_NAME_BYTES or file_name.startswith("."):
        return False
    return not any(sign in FORBIDDEN or category(sign)[0] == "C" for sign in file_name)


def _names(stem: str, kind: DocumentType) -> bool:
    found = f"_{_words(stem)}_"
    return any(f"_{_words(slug)}_" in found for slug in KINDS[kind].slugs)


def _words(text: str) -> str:
    """Words in lower case joined by "_"; digits are torn off, so that «диплом2023» has its word too."""
    apart = re.sub(r"(\d+)", r"_\1_", normalize("NFC", text).casefold())
    return NOT_A_LETTER.sub("_", apart).strip("_")
