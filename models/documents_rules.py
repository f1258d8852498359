"""Kinds of documents in a portfolio and the rules that files must meet (3.3-6 .. 3.3-18, A14 .. A17, A34)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

MAX_BYTES = 5 * 1024 * 1024
MAX_PAGES = 100
MAX_PIXELS = 25_000_000
MIN_SIDE_PIXELS = 600
# Measures of a picture (A14), in per cent. Doubtful pictures pass: tests/scans.py shows what these limits part.
MIN_WRITING = 0.2  # of the picture
MIN_SHARPNESS = 15  # of the finest strokes left
MIN_EVENNESS = 60  # of the brightest paper, under the darkest writing


class DocumentType(StrEnum):
    """The twelve kinds of documents a portfolio can hold (A34)."""

    PASSPORT = "PASSPORT"
    DIPLOMA = "DIPLOMA"
    INTERNSHIP = "INTERNSHIP"
    RESIDENCY = "RESIDENCY"
    QUALIFICATION_UPGRADE = "QUALIFICATION_UPGRADE"
    ACCREDITATION = "ACCREDITATION"
    SPECIALIST_CERTIFICATE = "SPECIALIST_CERTIFICATE"
    SNILS = "SNILS"
    INN = "INN"
    NAME_CHANGE = "NAME_CHANGE"
    EMPLOYMENT_RECORD = "EMPLOYMENT_RECORD"
    OTHER = "OTHER"


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """A type as people see it: its title, the words a file name may call it by, whether a portfolio needs it.

    The first Latin and the first Russian word are the ones we suggest.
    """

    title: str
    latin: tuple[str, ...]
    russian: tuple[str, ...]
    required: bool = False

    @property
    def slugs(self) -> tuple[str, ...]:
        return (*self.latin, *self.russian)


KINDS: Mapping[DocumentType, DocumentKind] = {
    DocumentType.PASSPORT: DocumentKind("Паспорт", ("passport",), ("паспорт",), required=True),
    DocumentType.DIPLOMA: DocumentKind(
        "Диплом об образовании", ("diploma", "diplom"), ("диплом",), required=True
    ),
    DocumentType.INTERNSHIP: DocumentKind(
        "Документ об интернатуре", ("internship", "internatura"), ("интернатура",)
    ),
    DocumentType.RESIDENCY: DocumentKind(
        "Документ об ординатуре", ("residency", "ordinatura"), ("ординатура",)
    ),
    DocumentType.QUALIFICATION_UPGRADE: DocumentKind(
        "Свидетельство о повышении квалификации",
        ("upgrade", "qualification", "udostoverenie"),
        ("повышение_квалификации", "свидетельство", "удостоверение"),
        required=True,
    ),
    DocumentType.ACCREDITATION: DocumentKind(
        "Свидетельство об аккредитации", ("accreditation", "akkreditaciya"), ("аккредитация",)
    ),
    DocumentType.SPECIALIST_CERTIFICATE: DocumentKind(
        "Сертификат специалиста", ("certificate", "sertifikat"), ("сертификат",)
    ),
    DocumentType.SNILS: DocumentKind("СНИЛС", ("snils",), ("снилс",), required=True),
    DocumentType.INN: DocumentKind("Свидетельство ИНН", ("inn",), ("инн",), required=True),
    DocumentType.NAME_CHANGE: DocumentKind(
        "Документ о смене имени или фамилии",
        ("name_change", "marriage"),
        ("смена_имени", "смена_фамилии", "брак"),
    ),
    DocumentType.EMPLOYMENT_RECORD: DocumentKind(
        "Трудовая книжка", ("employment", "work_record"), ("трудовая_книжка", "трудовая")
    ),
    DocumentType.OTHER: DocumentKind("Другой документ", ("document", "dokument"), ("документ",)),
}


@dataclass(frozen=True, slots=True)
class FileFormat:
    """A format that is accepted: how it is called, declared, named, and how its bytes begin."""

    title: str
    mime_type: str
    extensions: tuple[str, ...]
    magic: bytes


PDF = FileFormat("PDF", "application/pdf", ("pdf",), b"%PDF-")
JPG = FileFormat("JPG", "image/jpeg", ("jpg", "jpeg"), b"\xff\xd8\xff")
PNG = FileFormat("PNG", "image/png", ("png",), b"\x89PNG\r\n\x1a\n")
FORMATS = (PDF, JPG, PNG)


def format_of_type(mime_type: str) -> FileFormat | None:
    """The accepted format that is declared by this type."""
    return next((known for known in FORMATS if known.mime_type == mime_type), None)


def format_of_bytes(content: bytes) -> FileFormat | None:
    """The accepted format that the bytes begin like."""
    return next((known for known in FORMATS if content.startswith(known.magic)), None)
