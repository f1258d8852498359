"""Letters to people: by SMTP, or into the catcher where no mail server is set (1.1-13, 1.1.2-2, 3.4-18)."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from enum import StrEnum
from html import escape
from typing import Protocol
from uuid import UUID

from aiosmtplib import (
    SMTP,
    SMTPException,
    SMTPNotSupported,
    SMTPRecipientsRefused,
    SMTPResponseException,
)

from gateways.errors import GatewayRefused, GatewayUnavailable
from gateways.outbox import Kind, Outbox
from models.clock import Clock

LIMIT_SECONDS = 10.0
PAGE = """\
<!doctype html>
<html lang="ru"><head><meta charset="utf-8"><title>{subject}</title></head>
<body style="font:16px/1.5 sans-serif;color:#1b1f24;max-width:36rem;margin:2rem auto;padding:0 1rem">
{body}
</body></html>
"""
BUTTON = """\
<p><a href="{link}" style="display:inline-block;padding:.75rem 1.5rem;background:#1554c0;color:#fff;\
text-decoration:none;border-radius:.5rem">{title}</a></p>
<p style="color:#57606a;font-size:14px">Если кнопка не нажимается, откройте ссылку: {link}</p>"""


@dataclass(frozen=True, slots=True)
class Button:
    title: str
    link: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter in plain words: paragraphs are parted by an empty line, the button comes last."""

    id: UUID
    to: str
    subject: str
    text: str
    button: Button | None = None

    @property
    def plain(self) -> str:
        return f"{self.text}\n\n{self.button.title}: {self.button.link}" if self.button else self.text

    @property
    def html(self) -> str:
        parts = [f"<p>{escape(part).replace(chr(10), '<br>')}</p>" for part in self.text.split("\n\n")]
        if self.button:
            parts.append(BUTTON.format(link=escape(self.button.link), title=escape(self.button.title)))
        return PAGE.format(subject=escape(self.subject), body="\n".join(parts))


class MailGateway(Protocol):
    async def send(self, letter: Letter) -> None:
        """Hands the letter over, or raises `GatewayUnavailable` (try again) or `GatewayRefused`."""
        ...


class Tls(StrEnum):
    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


@dataclass(frozen=True, slots=True)
class SmtpServer:
    host: str
    port: int
    sender: str
    sender_name: str = "НМО"
    user: str | None = None
    password: str | None = None
    tls: Tls = Tls.STARTTLS


class SmtpMail:
    """A real mail server."""

    def __init__(self, server: SmtpServer, clock: Clock) -> None:
        self._server = server
        self._clock = clock

    async def send(self, letter: Letter) -> None:
        message = self._message(letter)
        async with self._connected() as client:
            await client.send_message(message)

    async def check(self) -> None:
        """Raises as `send` does where the server does not answer or knows our password not."""
        async with self._connected():
            pass

    @asynccontextmanager
    async def _connected(self) -> AsyncGenerator[SMTP, None]:
        server = self._server
        client = SMTP(
            hostname=server.host,
            port=server.port,
            username=server.user,
            password=server.password,
            use_tls=server.tls is Tls.TLS,
            start_tls=server.tls is Tls.STARTTLS,
            timeout=LIMIT_SECONDS,
        )
        try:
            async with asyncio.timeout(LIMIT_SECONDS), client:
                yield client
        except (SMTPException, OSError, TimeoutError) as error:
            raise _meaning(error) from error

    def _message(self, letter: Letter) -> EmailMessage:
        message = EmailMessage(policy.SMTP)
        sender = _wire_address(self._server.sender)
        domain = sender.rpartition("@")[2]
        message["From"] = Address(self._server.sender_name, addr_spec=sender)
        message["To"] = Address(addr_spec=_wire_address(letter.to))
        message["Subject"] = letter.subject
        message["Date"] = format_datetime(self._clock.now())
        message["Message-ID"] = f"<{letter.id}@{domain}>"  # a repeated try is the same letter
        message["Auto-Submitted"] = "auto-generated"
        message["Content-Language"] = "ru"
        message.set_content(letter.plain)
        message.add_alternative(letter.html, subtype="html")
        return message


class CaughtMail:
    """Letters kept in the outbox."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox

    async def send(self, letter: Letter) -> None:
        await asyncio.to_thread(
            self._outbox.put, Kind.MAIL, letter.id, letter.to, letter.plain, letter.subject, letter.html
        )


def _wire_address(address: str) -> str:
    """The name of a site travels in its ASCII form, so that any server takes a letter to `почта.рф`."""
    local, _, domain = address.rpartition("@")
    return f"{local}@{domain.encode('idna').decode('ascii')}"


def _meaning(error: Exception) -> Exception:
    """5xx about the recipient or the letter is final; everything else may pass, a wrong password too."""
    if isinstance(error, SMTPRecipientsRefused):
        return _meaning(error.recipients[0])
    final = isinstance(error, SMTPNotSupported) or (
        isinstance(error, SMTPResponseException) and 550 <= error.code < 560
    )
    return (GatewayRefused if final else GatewayUnavailable)(f"mail: {type(error).__name__}")
