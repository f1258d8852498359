"""The kinds of settings: each takes what is of its kind, and says in Russian how anything else should be written."""

import os
import re
import shlex
from collections.abc import Callable
from datetime import date
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Annotated, TypeVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator
from pydantic_settings import NoDecode

T = TypeVar("T")
LABEL, WORD = r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?", r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
NAME = rf"{LABEL}(\.{LABEL})*"
LOCAL_PART = rf"{WORD}(\.{WORD})*"
ORIGIN = re.compile(r"https?://([a-z0-9._-]+|\[[0-9a-f:.]+\])(:\d{1,5})?")
LONGEST_NAME = 255  # of a file, on every file system that matters
KEY_FORM = "64 шестнадцатеричных знака; в NMO_VAULT_KEYS — с именем: k1:0a1b…"
USUAL_PORTS = {"http": ":80", "https": ":443"}


def is_text(given: str) -> bool:
    """Bytes of the environment that are no UTF-8 arrive as lone surrogates."""
    return not re.search("[\ud800-\udfff]", given)


def _written(form: str, how: str) -> AfterValidator:
    def taken(given: str) -> str:
        if not re.fullmatch(form, given):
            raise ValueError(how)
        return given

    return AfterValidator(taken)


def _leading(*schemes: str, parted: bool = False) -> AfterValidator:
    """The address of a part; where they are `parted`, of several such parts."""

    def taken(given: str) -> str:
        places = given.split(",") if parted else [given]
        if not all(_leads_somewhere(place.strip(), schemes) for place in places):
            raise ValueError(f"пишется так: {' или '.join(f'{each}://узел:порт' for each in schemes)}.")
        return given

    return AfterValidator(taken)


def _leads_somewhere(given: str, schemes: tuple[str, ...]) -> bool:
    """Whether it is an address with a host, and with a port that there can be."""
    try:
        url = urlsplit(given)
        return url.scheme in schemes and bool(url.hostname) and url.port != 0
    except ValueError:
        return False


def _place(given: Path) -> Path:
    """A worker process has a folder of its own: what was relative to ours is not relative to it."""
    if any(len(os.fsencode(part)) > LONGEST_NAME for part in given.parts):
        raise ValueError(f"имя в пути длиннее {LONGEST_NAME} байт.")
    return given.absolute()


def _origin(given: str) -> str:
    """An origin as browsers name it, or it would match none of theirs."""
    scheme, _, place = given.lower().rstrip("/").partition("://")
    if not ORIGIN.fullmatch(f"{scheme}://{place}"):
        raise ValueError("пишется так: https://cabinet.example или http://127.0.0.1:8000, без пути.")
    return f"{scheme}://{place.removesuffix(USUAL_PORTS[scheme])}"


def _host(given: str) -> str:
    if not re.fullmatch(NAME, given, re.IGNORECASE) and not _read_by(ip_address, given):
        raise ValueError("пишется так: 127.0.0.1, ::1 или имя узла.")
    return given


def _mailbox(given: str) -> str:
    """A site may have a Russian name, which travels in its ASCII form; a mailbox may not."""
    name, _, site = given.rpartition("@")
    try:
        plain = site.encode("idna").decode("ascii")
    except UnicodeError:
        plain = ""
    if not (re.fullmatch(LOCAL_PART, name, re.IGNORECASE) and re.fullmatch(NAME, plain, re.IGNORECASE)):
        raise ValueError("пишется так: имя@узел, имя — латиницей.")
    return given


def _networks(given: str) -> str:
    """Addresses and networks, or `*` alone for any; a network has no bits of an address in it."""
    for each in given.split(",") if given != "*" else ():
        if not _read_by(ip_network, each.strip()):
            raise ValueError(f"«{each.strip()}» — не адрес и не сеть: пишется так: 10.0.0.1 или 10.0.0.0/8.")
    return given


def _read_by(read: Callable[[str], object], given: str) -> bool:
    try:
        read(given)
    except ValueError:
        return False
    return True


def _command(given: str) -> str:
    try:
        shlex.split(given)
    except ValueError as error:
        raise ValueError("в команде не закрыта кавычка.") from error
    return given


def _trusted(given: str) -> str:
    """A file, or a file and the days between which its key is believed."""
    file, _, days = given.partition("=")
    begins, _, ends = days.partition("..")
    if not all(_read_by(date.fromisoformat, day) for day in (begins, ends) if day) or "" < ends < begins:
        raise ValueError("пишется так: файл или файл=2026-01-01..2027-01-01.")
    return f"{Path(file).absolute()}{given[len(file) :]}"


def _parted(given: object) -> object:
    return [part.strip() for part in given.split(",") if part.strip()] if isinstance(given, str) else given


def _keyed(given: object) -> object:
    if not isinstance(given, str):
        return given
    pairs = (part.strip().partition(":") for part in given.split(",") if part.strip())
    return {name: key for name, _, key in pairs}


Place = Annotated[Path, AfterValidator(_place)]
Origin = Annotated[str, AfterValidator(_origin)]
Host = Annotated[str, AfterValidator(_host)]
Networks = Annotated[str, AfterValidator(_networks)]
Mailbox = Annotated[str, AfterValidator(_mailbox)]
# As people read it, and not as a machine dials it.
Phone = Annotated[
    str, _written(r"\+?[0-9][0-9 ()-]{2,24}", "пишется цифрами: +78001234567 или 8 (800) 123-45-67.")
]
Bucket = Annotated[
    str,
    _written(
        "[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", "от 3 до 63 знаков: строчные латинские буквы, цифры, «-» и «.»."
    ),
]
Region = Annotated[str, _written("[a-z]([a-z0-9-]{0,61}[a-z0-9])?", "пишется так: us-east-1.")]
# It travels in a header of HTTP.
Token = Annotated[str, _written("[!-~]*", "только латинские буквы, цифры и знаки, без пробелов.")]
HttpUrl = Annotated[str, _leading("https", "http")]
NatsUrl = Annotated[str, _leading("nats", "tls", "ws", "wss", parted=True)]
SmtpUrl = Annotated[str, _leading("smtp", "smtps", "smtp+plain")]
Command = Annotated[str, AfterValidator(_command)]
Trusted = Annotated[str, AfterValidator(_trusted)]
Listed = Annotated[list[T], NoDecode, BeforeValidator(_parted)]
Key = Annotated[str, _written("[0-9a-fA-F]{64}", KEY_FORM)]
Keys = Annotated[dict[str, Key], NoDecode, BeforeValidator(_keyed)]
