"""PDFs that act by themselves, hide files, are locked, or have no sensible number of pages (3.3-10, A17)."""

from collections.abc import Callable

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from gateways.inspector import ChildInspector
from models.errors import ErrorCode
from tests.files import pdf
from tests.inspecting import failed, refused

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def inspector() -> ChildInspector:
    return ChildInspector()


def add_javascript(made: pikepdf.Pdf) -> None:
    made.Root.OpenAction = Dictionary(S=Name.JavaScript, JS="app.alert(1)")


def add_page_action(made: pikepdf.Pdf) -> None:
    made.pages[0].AA = Dictionary(O=Dictionary(S=Name.Launch, F="cmd.exe"))


def add_link_action(made: pikepdf.Pdf) -> None:
    action = made.make_indirect(Dictionary(S=Name.SubmitForm, F="http://collector.example"))
    made.pages[0].Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.Link, A=action)])


def add_named_script(made: pikepdf.Pdf) -> None:
    script = Dictionary(S=Name.JavaScript, JS="1")
    made.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array(["a", script])))


def add_attachment(made: pikepdf.Pdf) -> None:
    made.attachments["secret.exe"] = b"MZ"


def add_xfa(made: pikepdf.Pdf) -> None:
    made.Root.AcroForm = Dictionary(Fields=Array([]), XFA=made.make_stream(b"<xdp/>"))


def add_video(made: pikepdf.Pdf) -> None:
    made.pages[0].Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.RichMedia)])


@pytest.mark.parametrize(
    ("change", "part", "packed"),
    [
        (add_javascript, "JavaScript", False),
        (add_javascript, "JavaScript", True),
        (add_page_action, "Launch", False),
        (add_link_action, "SubmitForm", True),
        (add_named_script, "JavaScript", True),
        (add_attachment, "EmbeddedFile", True),
        (add_xfa, "XFA", False),
        (add_video, "RichMedia", False),
    ],
)
async def test_3_3_10_pdf_that_acts_is_refused(
    inspector: ChildInspector, change: Callable[[pikepdf.Pdf], None], part: str, packed: bool
) -> None:
    (fault,) = await failed(inspector, pdf(change=change, packed=packed))
    assert (fault.check, fault.code) == ("active_content", ErrorCode.FILE_ACTIVE_CONTENT)
    assert part in str(fault.measured)


@pytest.mark.parametrize(
    "encryption", [pikepdf.Encryption(owner="o", user="u"), pikepdf.Encryption(owner="o", user="")]
)
async def test_3_3_10_encrypted_pdf_is_refused(
    inspector: ChildInspector, encryption: pikepdf.Encryption
) -> None:
    content = pdf(encryption=encryption)
    assert await refused(inspector, content) == {"encryption": "FILE_ENCRYPTED"}


@pytest.mark.parametrize(("pages", "code"), [(0, "FILE_CONTENT"), (101, "FILE_TOO_LARGE")])
async def test_pdf_has_one_to_hundred_pages(inspector: ChildInspector, pages: int, code: str) -> None:
    assert (await refused(inspector, pdf(pages)))["pages"] == code
