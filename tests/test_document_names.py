"""File names: the word of the type, the year of issue, a ready name for those who missed (3.3-18, A16)."""

from datetime import date

import pytest

from models.document_names import name_complaints, suggested_name
from models.documents_rules import KINDS, DocumentType

ISSUED = date(2023, 6, 15)
PDF, JPG = "application/pdf", "image/jpeg"


def complaints(name: str, kind: DocumentType = DocumentType.DIPLOMA, mime_type: str = PDF) -> list[str]:
    return name_complaints(name, kind, mime_type, ISSUED)


@pytest.mark.parametrize(
    "name",
    [
        "diploma_2023.pdf",
        "DIPLOMA-2023.PDF",
        "диплом_2023.pdf",
        "Диплом 15.06.2023.pdf",
        "Иванов И.И. диплом 2023-06-15.pdf",
        "диплом2023.pdf",
        "2023 diploma (1).pdf",
        "диплом_1998_2023.pdf",
    ],
)
def test_3_3_18_name_by_the_rule(name: str) -> None:
    assert complaints(name) == []


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("scan_2023.pdf", "нет слова"),
        ("дипломатия_2023.pdf", "нет слова"),
        ("diploma.pdf", "нет года"),
        ("diploma_12023.pdf", "нет года"),
        ("diploma_2022.pdf", "год в имени не совпадает"),
        ("diploma_2023.jpg", "расширение должно быть .pdf"),
        ("diploma_2023.pdf.exe", "расширение должно быть .pdf"),
        ("diploma_2023", "расширение должно быть .pdf"),
        ("../diploma_2023.pdf", "недопустимые знаки"),
        ("diploma_2023\u202efdp.pdf", "недопустимые знаки"),
        ("diploma_2023\0.pdf", "недопустимые знаки"),
        ("diploma_2023\r\n.pdf", "недопустимые знаки"),
        ("диплом_2023_" + "я" * 200 + ".pdf", "слишком длинное"),
        ("", "нет года"),
    ],
)
def test_3_3_18_name_against_the_rule(name: str, complaint: str) -> None:
    assert any(complaint in said for said in complaints(name))


@pytest.mark.parametrize("kind", DocumentType)
@pytest.mark.parametrize("given", ["scan.bin", "скан.bin"])
def test_3_3_18_suggested_name_follows_the_rule(kind: DocumentType, given: str) -> None:
    assert complaints(suggested_name(given, kind, JPG, ISSUED), kind, JPG) == []


def test_suggested_name_speaks_the_language_of_the_given_one() -> None:
    assert suggested_name("скан.pdf", DocumentType.DIPLOMA, PDF, ISSUED) == "диплом_2023.pdf"
    assert suggested_name("scan.pdf", DocumentType.DIPLOMA, PDF, ISSUED) == "diploma_2023.pdf"


def test_jpeg_is_another_spelling_of_jpg() -> None:
    assert complaints("diploma_2023.jpeg", mime_type=JPG) == []


def test_any_sign_gets_an_answer() -> None:
    assert all(complaints(chr(number)) for number in range(0x11000))


def test_every_type_has_words_of_both_languages_of_its_own() -> None:
    words = [word for kind in DocumentType for word in KINDS[kind].slugs]
    assert all(KINDS[kind].latin and KINDS[kind].russian for kind in DocumentType)
    assert len(words) == len(set(words))
