"""Letters through a real SMTP server, and into the catcher."""

import asyncio
import ssl
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from ipaddress import ip_address
from pathlib import Path
from uuid import UUID

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from gateways.errors import GatewayRefused, GatewayUnavailable
from gateways.mail import Button, CaughtMail, Letter, SmtpMail, SmtpServer, Tls
from gateways.outbox import Kind, Outbox
from models.clock import SettableClock

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
CLOCK = SettableClock(NOW)
pytestmark = pytest.mark.anyio
LETTER = Letter(
    UUID(int=7),
    "doctor@example.ru",
    "Подтверждение адреса",
    "Здравствуйте, Анна & Ко!\n\nНажмите кнопку <ниже>.",
    Button("Подтвердить адрес", "https://nmo.example/confirm?token=abc&x=1"),
)


class Postbox:
    """Keeps what the SMTP server has taken; refuses mailboxes named `nobody`, is busy for `later`."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []
        self.secured: list[bool] = []
        self.users: list[object] = []

    async def handle_RCPT(  # noqa: N802 - the server's name for it
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.startswith("nobody@"):
            return "550 5.1.1 no such mailbox"
        if address.startswith("later@"):
            return "451 4.3.0 try later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.taken.append(envelope)
        self.secured.append(session.ssl is not None)
        self.users.append(session.auth_data)
        return "250 OK"

    def letter(self) -> EmailMessage:
        content = self.taken[-1].content
        assert isinstance(content, bytes)
        message = message_from_bytes(content, policy=default)
        assert isinstance(message, EmailMessage)
        return message


def knows_the_password(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: object
) -> AuthResult:
    assert isinstance(given, LoginPassword)
    return AuthResult(success=given.password == b"right", handled=False, auth_data=given.login)


@asynccontextmanager
async def smtp(postbox: Postbox, tls: ssl.SSLContext | None = None) -> AsyncGenerator[int]:
    def conversation() -> SMTP:
        return SMTP(postbox, tls_context=tls, authenticator=knows_the_password if tls else None)

    server = await asyncio.get_running_loop().create_server(conversation, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of 127.0.0.1 and its key in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file.write_bytes(private + signed.public_bytes(serialization.Encoding.PEM))
    return file


async def send(letter: Letter, server: SmtpServer) -> None:
    await SmtpMail(server, CLOCK).send(letter)


def plain_server(port: int) -> SmtpServer:
    return SmtpServer("127.0.0.1", port, "noreply@nmo.example", tls=Tls.NONE)


async def test_a_letter_arrives_with_its_words_link_and_headers() -> None:
    postbox = Postbox()
    async with smtp(postbox) as port:
        await send(LETTER, plain_server(port))
    letter = postbox.letter()
    assert postbox.taken[0].mail_from == "noreply@nmo.example"
    assert postbox.taken[0].rcpt_tos == ["doctor@example.ru"]
    assert letter["Subject"] == "Подтверждение адреса"
    assert letter["From"] == "НМО <noreply@nmo.example>"
    assert letter["Message-ID"] == f"<{LETTER.id}@nmo.example>"
    assert letter["Date"].datetime == NOW
    plain = letter.get_body(("plain",))
    assert plain is not None
    assert "Подтвердить адрес: https://nmo.example/confirm?token=abc&x=1" in plain.get_content()


def test_the_letter_has_the_button_and_its_words_are_not_markup() -> None:
    html = LETTER.html
    assert '<a href="https://nmo.example/confirm?token=abc&amp;x=1"' in html
    assert ">Подтвердить адрес</a>" in html
    assert "Анна &amp; Ко" in html
    assert "&lt;ниже&gt;" in html


async def test_an_address_in_a_russian_domain_is_sent_in_its_ascii_form() -> None:
    postbox = Postbox()
    letter = Letter(UUID(int=8), "doctor@почта.рф", "Тема", "Текст")
    async with smtp(postbox) as port:
        await send(letter, plain_server(port))
    assert postbox.taken[0].rcpt_tos == ["doctor@xn--80a1acny.xn--p1ai"]


async def test_a_sender_in_a_russian_domain_needs_nothing_of_the_server() -> None:
    postbox = Postbox()
    async with smtp(postbox) as port:
        await send(LETTER, replace(plain_server(port), sender="noreply@почта.рф"))
    assert postbox.taken[0].mail_from == "noreply@xn--80a1acny.xn--p1ai"
    assert postbox.letter()["Message-ID"] == f"<{LETTER.id}@xn--80a1acny.xn--p1ai>"


@pytest.mark.parametrize("field", ["to", "subject"])
async def test_a_line_break_cannot_add_a_header(field: str) -> None:
    values = {"to": "doctor@example.ru", "subject": "Тема", field: "a@example.ru\r\nBcc: thief@example.ru"}
    postbox = Postbox()
    async with smtp(postbox) as port:
        with pytest.raises(ValueError, match=r"header|address|Invalid|line"):
            await send(Letter(UUID(int=9), values["to"], values["subject"], "Текст"), plain_server(port))
    assert postbox.taken == []


async def test_starttls_checks_the_certificate_and_then_the_password_travels(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    postbox = Postbox()
    async with smtp(postbox, context) as port:
        server = SmtpServer("127.0.0.1", port, "noreply@nmo.example", user="nmo", password="right")
        with pytest.raises(GatewayUnavailable):
            await send(LETTER, server)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        await send(LETTER, server)
        wrong = SmtpServer("127.0.0.1", port, "noreply@nmo.example", user="nmo", password="wrong")
        with pytest.raises(GatewayUnavailable):
            await send(LETTER, wrong)
        await SmtpMail(server, CLOCK).check()
        with pytest.raises(GatewayUnavailable, match="SMTPAuthenticationError"):
            await SmtpMail(wrong, CLOCK).check()
    assert postbox.secured == [True]
    assert postbox.users == [b"nmo"]


async def test_a_server_without_starttls_never_sees_the_letter() -> None:
    postbox = Postbox()
    async with smtp(postbox) as port:
        with pytest.raises((GatewayRefused, GatewayUnavailable)):
            await send(LETTER, SmtpServer("127.0.0.1", port, "noreply@nmo.example"))
    assert postbox.taken == []


async def test_a_missing_mailbox_is_final_and_a_busy_server_is_not() -> None:
    async with smtp(Postbox()) as port:
        with pytest.raises(GatewayRefused):
            await send(Letter(UUID(int=1), "nobody@example.ru", "Тема", "Текст"), plain_server(port))
        with pytest.raises(GatewayUnavailable):
            await send(Letter(UUID(int=2), "later@example.ru", "Тема", "Текст"), plain_server(port))


async def test_an_absent_server_is_unavailable() -> None:
    with pytest.raises(GatewayUnavailable):
        await send(LETTER, plain_server(9))


async def test_a_silent_server_is_given_up_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateways.mail.LIMIT_SECONDS", 0.3)
    silent = await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0)
    async with silent, asyncio.timeout(3):
        with pytest.raises(GatewayUnavailable):
            await send(LETTER, plain_server(silent.sockets[0].getsockname()[1]))


async def test_without_a_server_the_letter_is_caught(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path, CLOCK)
    await CaughtMail(outbox).send(LETTER)
    (caught,) = outbox.messages()
    assert (caught.kind, caught.to, caught.subject) == (Kind.MAIL, LETTER.to, LETTER.subject)
    assert (caught.text, caught.html, caught.at) == (LETTER.plain, LETTER.html, NOW)
