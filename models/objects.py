"""What the object store tells the rest of the product, and what may go wrong with it (3.3-13, 3.3-14)."""

from dataclasses import dataclass
from datetime import datetime

from models.errors import Unavailable


class ObjectMissing(Exception):
    """There is no object under this key."""


class ObjectExists(Exception):
    """The key holds other bytes already: an object is written once."""


class ObjectTooLarge(Exception):
    """The object is longer than the reader wants."""


class ObjectsUnavailable(Unavailable):
    """The store did not do it: no connection, no answer in time, its own fault, our keys refused."""

    def __init__(self, reason: str = "") -> None:
        super().__init__(f"object store ({reason})")


@dataclass(frozen=True, slots=True)
class StoredObject:
    """What the store knows of an object; only `head` tells the type and the `sha256` (hex) of what we put."""

    key: str
    size: int
    etag: str
    modified_at: datetime
    content_type: str = ""
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class UploadForm:
    """What a browser needs to send one file straight to the store: POST these fields, then the file."""

    url: str
    fields: dict[str, str]
