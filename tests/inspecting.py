"""Asks the inspector about a file and tells what it found wrong."""

from datetime import date

from gateways.inspector import ChildInspector, Claim, Finding
from models.documents_rules import DocumentType

MIME = {"pdf": "application/pdf", "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png"}


def claim(name: str = "diploma_2023.pdf") -> Claim:
    return Claim(DocumentType.DIPLOMA, name, MIME[name.rpartition(".")[2]], date(2023, 6, 15))


async def failed(inspector: ChildInspector, content: bytes, name: str = "diploma_2023.pdf") -> list[Finding]:
    return [found for found in await inspector.inspect(content, claim(name)) if not found.passed]


async def refused(
    inspector: ChildInspector, content: bytes, name: str = "diploma_2023.pdf"
) -> dict[str, str]:
    found = await failed(inspector, content, name)
    assert all(fault.message and fault.how_to_fix for fault in found)
    return {fault.check: str(fault.code) for fault in found}
