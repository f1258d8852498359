"""Pictures of documents are measured: blurred, cut, shadowed and blank ones come back (3.3-15 .. 3.3-17, A14)."""

from dataclasses import replace
from io import BytesIO

import pikepdf
import pytest
from PIL import Image, ImageOps

from gateways.inspector import ChildInspector, Finding
from gateways.inspector_quality import quality
from models.documents_rules import MIN_EVENNESS, MIN_SHARPNESS
from tests.api import Api, Json
from tests.inspecting import claim, failed
from tests.scan_pages import BLANK, DIPLOMA, FORM, PAGES, drawn
from tests.scan_report import codes, picture_of
from tests.scans import SIDES, TABLES, Fault, Shot, bad_shots, good_shots, packed, taken
from tests.uploading import checked, requested, saved, sent

pytestmark = pytest.mark.anyio

TAKEN = Shot(rim=(0.05, 0.06, 0.04, 0.05), table=TABLES[1], turn=1.0, light=0.15, noise=3.0, dots=120)
LIMITS = """{ viewer { portfolio { requirements { pictures {
  minSidePixels maxPixels minWriting minSharpness minEvenness
} } } } }"""


async def judged(doctor: Api, content: bytes) -> Json:
    """What the cabinet says of the picture, once it was checked."""
    answer = await requested(doctor, len(content), fileName="diploma_2023.jpg", mimeType="image/jpeg")
    assert await sent(answer["ticket"], content) == 204
    document = (await saved(doctor, answer["ticket"]))["document"]
    found = await checked(doctor, document["id"])
    return {**found, "checks": {check["name"]: check for check in found["checks"]}}


async def refused(doctor: Api, shot: Shot, code: str, check: str) -> Json:
    """The measure of the only fault."""
    found = await judged(doctor, packed(shot))
    assert found["status"] == "NEEDS_CORRECTION"
    (problem,) = found["problems"]
    assert (problem["code"], bool(problem["message"]), bool(problem["howToFix"])) == (code, True, True)
    assert [name for name, each in found["checks"].items() if not each["passed"]] == [check]
    measure: Json = found["checks"][check]
    return measure


def percent(text: str) -> float:
    return float(text.removeprefix("от ").removesuffix(" %").replace(",", "."))


async def test_3_3_15_and_3_3_16_and_3_3_17_a_good_picture_is_approved_with_its_measures(doctor: Api) -> None:
    found = await judged(doctor, packed(TAKEN))
    assert (found["status"], found["problems"]) == ("APPROVED", [])
    measures = {name: each["measured"] for name, each in found["checks"].items()}
    assert percent(measures["sharpness"]) > MIN_SHARPNESS
    assert percent(measures["light"]) > MIN_EVENNESS
    assert measures["edges"] == "не уходит"
    limits = (await doctor.data(LIMITS))["viewer"]["portfolio"]["requirements"]["pictures"]
    assert percent(found["checks"]["sharpness"]["limit"]) == limits["minSharpness"]
    assert percent(found["checks"]["light"]["limit"]) == limits["minEvenness"]
    assert percent(found["checks"]["writing"]["limit"]) == limits["minWriting"]
    assert (limits["minSidePixels"], limits["maxPixels"]) == (600, 25_000_000)


@pytest.mark.parametrize(
    "shot", [replace(TAKEN, blur=3.0), replace(TAKEN, shake=12.0)], ids=["focus", "shake"]
)
async def test_3_3_15_a_blurred_picture_needs_correction(doctor: Api, shot: Shot) -> None:
    measure = await refused(doctor, shot, "IMAGE_BLURRED", "sharpness")
    assert percent(measure["measured"]) < percent(measure["limit"]) == MIN_SHARPNESS


@pytest.mark.parametrize(("side", "name"), list(enumerate(SIDES)))
async def test_3_3_16_a_cut_picture_needs_correction_and_the_side_is_named(
    doctor: Api, side: int, name: str
) -> None:
    measure = await refused(doctor, replace(TAKEN, cut=side), "IMAGE_CROPPED", "edges")
    assert measure["measured"] == f"уходит {name}"


async def test_3_3_17_a_picture_with_a_shadow_needs_correction(doctor: Api) -> None:
    measure = await refused(doctor, replace(TAKEN, shadow=0.6), "IMAGE_SHADOW", "light")
    assert percent(measure["measured"]) < percent(measure["limit"]) == MIN_EVENNESS


async def test_3_3_21_a_blank_sheet_is_no_document(doctor: Api) -> None:
    await refused(doctor, replace(TAKEN, page=BLANK), "IMAGE_BLANK", "writing")


def test_3_3_15_and_3_3_16_and_3_3_17_pictures_of_many_kinds_are_told_apart() -> None:
    good = [replace(shot, dots=min(shot.dots, 100)) for shot in good_shots(6, 5)]
    assert [codes(picture_of(shot)) for shot in good] == [[]] * len(good)
    expected: dict[Fault, str] = {"focus": "IMAGE_BLURRED", "cut": "IMAGE_CROPPED", "shadow": "IMAGE_SHADOW"}
    for fault, code in expected.items():
        spoiled = [replace(shot, dots=min(shot.dots, 100)) for shot in bad_shots(fault, 2, 5)]
        assert [code in codes(picture_of(shot)) for shot in spoiled] == [True] * len(spoiled), fault


@pytest.mark.parametrize(("orientation", "side"), [(1, "слева"), (3, "справа"), (6, "сверху"), (8, "снизу")])
async def test_3_3_16_sides_are_named_as_the_person_sees_the_picture(orientation: int, side: str) -> None:
    stream = BytesIO()
    with Image.open(BytesIO(packed(replace(TAKEN, cut=0)))) as image:
        exif = image.getexif()
        exif[0x0112] = orientation
        image.save(stream, "JPEG", exif=exif)
    (fault,) = await failed(ChildInspector(), stream.getvalue(), "diploma_2023.jpg")
    assert fault.measured == f"уходит {side}"


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("blur", [0.0, 3.0])
def test_3_3_15_light_writing_on_dark_is_read_as_well(page: str, blur: float) -> None:
    shot = replace(Shot(page=page), blur=blur)
    found = codes(quality(ImageOps.invert(taken(shot).convert("L"))))
    assert found == (["IMAGE_BLURRED"] if blur else [])


@pytest.mark.parametrize("mode", ["1", "P", "LA", "RGBA", "I;16", "CMYK"])
async def test_3_3_20_good_pictures_of_every_mode_pass(mode: str) -> None:
    gray, stream = drawn(FORM, 250 if mode == "1" else 120).convert("L"), BytesIO()
    image = gray.convert("RGB").convert(mode) if mode != "I;16" else _deep(gray)
    if mode in ("LA", "RGBA"):  # black ink and nothing behind it
        image.paste(0, (0, 0, *image.size))
        image.putalpha(Image.eval(gray, _inverse))
    name = "jpg" if mode == "CMYK" else "png"
    image.save(stream, "JPEG" if mode == "CMYK" else "PNG")
    assert await failed(ChildInspector(), stream.getvalue(), f"diploma_2023.{name}") == []


def _inverse(level: int) -> int:
    return 255 - level


def _deep(gray: Image.Image) -> Image.Image:
    return Image.frombytes("I;16", gray.size, b"".join(bytes((0, level)) for level in gray.tobytes()))


def scanned(*shots: Shot) -> bytes:
    """A PDF as scanners make it: one picture a page."""
    stream = BytesIO()
    with pikepdf.Pdf.new() as made:
        for shot in shots:
            content = packed(shot)
            with Image.open(BytesIO(content)) as image:
                width, height = image.size
            picture = made.make_stream(content, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image)
            picture.Width, picture.Height, picture.BitsPerComponent = width, height, 8
            picture.ColorSpace, picture.Filter = pikepdf.Name.DeviceRGB, pikepdf.Name.DCTDecode
            page = made.add_blank_page(page_size=(width // 2, height // 2))
            page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Scan=picture))
            page.Contents = made.make_stream(f"{width // 2} 0 0 {height // 2} 0 0 cm /Scan Do".encode())
        made.save(stream)
    return stream.getvalue()


async def test_3_3_15_and_3_3_22_the_page_of_a_scanned_pdf_is_named() -> None:
    clean = Shot(page=DIPLOMA, dots=100)
    content = scanned(clean, replace(clean, blur=4.0), replace(clean, page=BLANK), replace(clean, cut=2))
    faults = await failed(ChildInspector(), content)
    assert [(fault.check, fault.page) for fault in faults] == [("sharpness", 2), ("edges", 4)]


async def test_3_3_21_a_scanned_pdf_of_blank_sheets_is_no_document() -> None:
    blank = Shot(page=BLANK, dots=100)
    (fault,) = await failed(ChildInspector(), scanned(blank, blank))
    assert (fault.check, str(fault.code)) == ("writing", "IMAGE_BLANK")


async def test_3_3_19_a_long_scan_is_measured_in_the_time_there_is() -> None:
    content = scanned(*[Shot(page=DIPLOMA, dots=100, quality=60)] * 60)
    found: list[Finding] = await ChildInspector().inspect(content, claim())
    assert [fault for fault in found if not fault.passed] == []
    assert "sharpness" in {each.check for each in found}
