"""A file goes from a person to the object store of a product in a process of its own."""

import httpx

from tests.api import Json
from tests.product import Product
from tests.uploading import REQUEST


def sent(product: Product, token: str, content: bytes) -> Json:
    """A diploma that lies in the store; returns what saves it as a document."""
    given = {
        "type": "DIPLOMA",
        "fileName": "diploma_2023.pdf",
        "sizeBytes": len(content),
        "mimeType": "application/pdf",
    }
    ticket = product.ask(REQUEST, token, input=given)["data"]["requestDocumentUpload"]["ticket"]
    fields = {field["name"]: field["value"] for field in ticket["fields"]}
    answer = httpx.post(ticket["url"], data=fields, files={"file": ("f", content, "application/pdf")})
    assert answer.status_code == 204, answer.text
    return {"uploadId": ticket["id"], "number": "107704 0012345", "issuedAt": "25.06.2023"}
