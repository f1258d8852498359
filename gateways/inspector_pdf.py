"""Child program: measures a PDF with two readers; objects are walked, not searched as text (3.3-7, A17)."""

import zipfile
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO

import pikepdf

from gateways.inspector_facts import Facts, answer
from gateways.inspector_scans import scans
from models.documents_rules import MAX_PAGES

END = b"%%EOF"
ACTIONS = frozenset(
    ("JavaScript", "Launch", "SubmitForm", "ImportData", "GoToE", "GoToR", "Rendition", "Movie", "Sound")
)
ANNOTATIONS = frozenset(("RichMedia", "Movie", "Screen", "3D", "FileAttachment"))
DEEPEST = 100


def measure(content: bytes) -> Facts:
    tail = content[content.rfind(END) + len(END) :].strip(b"\0\r\n\t ") if END in content else b""
    facts = Facts(
        broken="" if END in content else "NoEnd",
        tail_bytes=len(tail),
        is_archive=zipfile.is_zipfile(BytesIO(content)),
    )
    try:
        with pikepdf.open(BytesIO(content)) as pdf:
            facts = replace(facts, encrypted=pdf.is_encrypted, pages=len(pdf.pages), active=_active(pdf))
    except pikepdf.PasswordError:
        return replace(facts, encrypted=True)
    if facts.broken or facts.encrypted or not 1 <= facts.pages <= MAX_PAGES:
        return facts
    seen, pictures = scans(content)
    return replace(facts, broken="" if seen == facts.pages else "Pages", pictures=pictures)


def _active(pdf: pikepdf.Pdf) -> list[str]:
    """What would act by itself or hides another file, by its name in the standard."""
    found = {name for item in pdf.objects for name in _walk(item, 0)}
    names, form = pdf.Root.get("/Names"), pdf.Root.get("/AcroForm")
    if isinstance(names, pikepdf.Dictionary):
        found |= {name for name in ("JavaScript", "EmbeddedFiles") if f"/{name}" in names}
    if isinstance(form, pikepdf.Dictionary) and "/XFA" in form:
        found.add("XFA")
    return sorted(found)


def _walk(item: object, depth: int) -> Iterator[str]:
    """The item with everything written inside it; what it refers to is an item of its own."""
    if depth > DEEPEST:
        raise RecursionError("nested too deep")
    if isinstance(item, pikepdf.Stream):
        item = item.stream_dict
    if isinstance(item, pikepdf.Dictionary):
        yield from _of_dictionary(item)
        inner: list[object] = [value for _, value in item.items()]
    elif isinstance(item, pikepdf.Array):
        inner = [*item]
    else:
        return
    for child in inner:
        if isinstance(child, pikepdf.Object) and not child.is_indirect:
            yield from _walk(child, depth + 1)


def _of_dictionary(item: pikepdf.Dictionary) -> Iterator[str]:
    for key, dangerous in (("/S", ACTIONS), ("/Subtype", ANNOTATIONS)):
        value = item.get(key)
        if isinstance(value, pikepdf.Name) and str(value)[1:] in dangerous:
            yield str(value)[1:]
    if "/EF" in item and ("/F" in item or "/UF" in item):
        yield "EmbeddedFile"


if __name__ == "__main__":
    answer(measure)
