"""What a setting of one kind may be; anything else is refused with how it is written."""

import re
from collections.abc import Sequence
from ipaddress import ip_network
from urllib.parse import urlsplit

ORIGIN = re.compile(r"https?://([a-z0-9._-]+|\[[0-9a-f:.]+\])(:\d{1,5})?")
MAILBOX, CALLED = re.compile(r"[^\s@<>]+@[^\s@<>]+"), re.compile(r"\+?\d[\d ()-]{2,24}")
USUAL_PORTS = {"http": ":80", "https": ":443"}


def as_mailbox(given: str) -> str:
    if not MAILBOX.fullmatch(given):
        raise ValueError("пишется так: имя@узел.")
    return given


def as_phone(given: str) -> str:
    """As people read it, and not as a machine dials it."""
    if not CALLED.fullmatch(given):
        raise ValueError("пишется цифрами: +78001234567 или 8 (800) 123-45-67.")
    return given


def as_networks(given: str) -> str:
    """Addresses and networks, or `*` alone for any; a network has no bits of an address in it."""
    for each in given.split(",") if given.strip() != "*" else ():
        try:
            ip_network(each.strip())
        except ValueError as error:
            message = f"«{each.strip()}» — не адрес и не сеть: пишется так: 10.0.0.1 или 10.0.0.0/8."
            raise ValueError(message) from error
    return given


def is_text(given: str) -> bool:
    """Bytes of the environment that are no UTF-8 arrive as lone surrogates."""
    return not re.search("[\ud800-\udfff]", given)


def leads_somewhere(given: str, schemes: Sequence[str]) -> bool:
    """Whether it is an address with a host, and with a port that there can be."""
    try:
        url = urlsplit(given.strip())
        return url.scheme in schemes and bool(url.hostname) and url.port != 0
    except ValueError:
        return False


def as_origin(given: str) -> str:
    """An origin as browsers name it, or it would match none of theirs."""
    scheme, _, place = given.strip().lower().rstrip("/").partition("://")
    if not ORIGIN.fullmatch(f"{scheme}://{place}"):
        raise ValueError("пишется так: https://cabinet.example или http://127.0.0.1:8000, без пути.")
    return f"{scheme}://{place.removesuffix(USUAL_PORTS[scheme])}"
