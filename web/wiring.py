"""The one place where the parts are put together."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import cache
from ssl import SSLContext
from urllib.parse import unquote, urlsplit

import httpx

from gateways.inspector import ChildInspector
from gateways.mail import CaughtMail, MailGateway, SmtpMail, SmtpServer, Tls
from gateways.outbox import Outbox
from gateways.register import HttpRegister, Register
from gateways.register_sandbox import SandboxRegister
from gateways.sms import CaughtSms, HttpSms, SmsGateway
from models.clock import Clock, SystemClock
from models.objects import ObjectsUnavailable
from models.secrets import SystemSecrets
from resolvers.context import Ports
from storage.bus import open_bus
from storage.database import Database, check_server, connect
from storage.folders import StartError, no_access
from storage.jobs import JobQueue
from storage.objects import ObjectStore, S3Settings
from storage.passwords import Passwords
from storage.pulse import beating
from storage.vault import Vault
from web.gosuslugi_wiring import open_gosuslugi
from web.settings import Settings


@asynccontextmanager
async def open_ports(
    settings: Settings, clock: Clock | None = None, *, beside: bool = False
) -> AsyncGenerator[Ports, None]:
    """Every port of a process, opened and closed together; the clock is the wall's unless another is given.

    A command runs `beside` a server that should hear of its changes.
    """
    clock = clock or SystemClock()
    async with AsyncExitStack() as stack:
        url = _required(settings.database_url, "NMO_DATABASE_URL")
        engine = connect(url, pool_size=settings.database_pool)
        stack.push_async_callback(engine.dispose)
        # Before the first connection is made: the pulse can only cut those it has seen.
        pulse = await stack.enter_async_context(beating(engine, url))
        await check_server(engine)
        bus = await stack.enter_async_context(open_bus(settings.nats_url, engine, url, beside=beside))
        client = await stack.enter_async_context(httpx.AsyncClient(verify=_authorities(), trust_env=False))
        passwords = Passwords()
        stack.push_async_callback(passwords.close)
        objects = ObjectStore(s3_settings(settings))
        await ensure_bucket(objects)
        yield Ports(
            database=Database(engine, bus, clock, JobQueue(url), pulse),
            objects=objects,
            bus=bus,
            clock=clock,
            secrets=SystemSecrets(clock),
            passwords=passwords,
            vault=open_vault(settings),
            inspector=ChildInspector(),
            sms=_sms(settings, client, clock),
            mail=_mail(settings, clock),
            origin=settings.origin,
            homes=frozenset(settings.homes),
            register=_register(settings, client),
            gosuslugi=open_gosuslugi(settings, client, clock),
            support_mailbox=settings.support_mailbox,
            support_phone=settings.support_phone,
        )


@cache
def _authorities() -> SSLContext:
    """Whom the world trusts: reading the list takes as long as several requests, so once for a process."""
    return httpx.create_ssl_context(trust_env=False)


async def ensure_bucket(objects: ObjectStore, origins: Sequence[str] = ()) -> None:
    """The bucket is there, or one line says why not; pages of these origins may post to it."""
    try:
        await objects.ensure_bucket(origins)
    except ObjectsUnavailable as error:
        raise StartError(f"Хранилище документов недоступно, проверьте NMO_S3_*: {error}.") from error


def s3_settings(settings: Settings) -> S3Settings:
    """The object store's values."""
    return S3Settings(
        endpoint=_required(settings.s3_endpoint, "NMO_S3_ENDPOINT"),
        access_key=settings.s3_access_key,
        secret_key=settings.s3_secret_key,
        bucket=settings.s3_bucket,
        region=settings.s3_region,
        addressing=settings.s3_addressing,
        public_endpoint=settings.s3_public_endpoint,
    )


def open_vault(settings: Settings) -> Vault:
    """The keys of personal data."""
    try:
        keys = {name: bytes.fromhex(key) for name, key in settings.vault_keys.items()}
        return Vault(keys, settings.vault_current, bytes.fromhex(settings.vault_index_key or ""))
    except ValueError as error:
        raise StartError(
            "NMO_VAULT_KEYS и NMO_VAULT_INDEX_KEY (без них — файлы папки keys) пишутся шестнадцатеричными знаками."
        ) from error


def open_outbox(settings: Settings, clock: Clock) -> Outbox:
    """The catcher's folder, or one line that says it cannot be written."""
    try:
        return Outbox(settings.outbox, clock)
    except OSError as error:
        raise no_access(settings.outbox, error, "укажите другую в NMO_OUTBOX_DIR") from error


def _sms(settings: Settings, client: httpx.AsyncClient, clock: Clock) -> SmsGateway:
    if settings.sms_url:
        return HttpSms(settings.sms_url, settings.sms_token, client)
    return CaughtSms(open_outbox(settings, clock))


def _register(settings: Settings, client: httpx.AsyncClient) -> Register:
    if settings.register_url is None:
        return SandboxRegister()
    return HttpRegister(settings.register_url, settings.register_token, client)


TLS = {"smtp": Tls.STARTTLS, "smtps": Tls.TLS, "smtp+plain": Tls.NONE}


def _mail(settings: Settings, clock: Clock) -> MailGateway:
    if settings.smtp_url is None:
        return CaughtMail(open_outbox(settings, clock))
    url = urlsplit(settings.smtp_url)
    server = SmtpServer(
        host=url.hostname or "",
        port=url.port or (465 if url.scheme == "smtps" else 587),
        sender=settings.mail_from,
        user=unquote(url.username) if url.username else None,
        password=unquote(url.password) if url.password else None,
        tls=TLS[url.scheme],
    )
    return SmtpMail(server, clock)


def _required(value: str | None, name: str) -> str:
    if not value:
        raise StartError(f"Не задано {name}.")
    return value
