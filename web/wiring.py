"""The one place where the parts are put together."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from urllib.parse import unquote, urlsplit

import httpx

from gateways.inspector import ChildInspector
from gateways.mail import CaughtMail, MailGateway, SmtpMail, SmtpServer, Tls
from gateways.outbox import Outbox
from gateways.register import HttpRegister, Register
from gateways.register_sandbox import SandboxRegister
from gateways.sms import CaughtSms, HttpSms, SmsGateway
from models.clock import Clock, SystemClock
from models.secrets import SystemSecrets
from resolvers.context import Ports
from storage.bus import open_bus
from storage.database import Database, connect
from storage.folders import StartError
from storage.jobs import JobQueue
from storage.objects import ObjectStore, S3Settings
from storage.passwords import Passwords
from storage.vault import Vault
from web.settings import Settings


@asynccontextmanager
async def open_ports(settings: Settings, clock: Clock | None = None) -> AsyncGenerator[Ports, None]:
    """Every port of a process, opened and closed together; the clock is the wall's unless another is given."""
    clock = clock or SystemClock()
    async with AsyncExitStack() as stack:
        url = _required(settings.database_url, "NMO_DATABASE_URL")
        engine = connect(url, pool_size=settings.database_pool)
        stack.push_async_callback(engine.dispose)
        bus = await stack.enter_async_context(open_bus(settings.nats_url))
        client = await stack.enter_async_context(httpx.AsyncClient())
        passwords = Passwords()
        stack.push_async_callback(passwords.close)
        objects = ObjectStore(s3_settings(settings))
        await objects.ensure_bucket([settings.origin, *settings.origins])
        outbox = Outbox(settings.outbox, clock)
        yield Ports(
            database=Database(engine, bus, clock, JobQueue(url)),
            objects=objects,
            bus=bus,
            clock=clock,
            secrets=SystemSecrets(clock),
            passwords=passwords,
            vault=open_vault(settings),
            inspector=ChildInspector(),
            sms=_sms(settings, client, outbox),
            mail=_mail(settings, outbox, clock),
            origin=settings.origin,
            register=_register(settings, client),
            support_mailbox=settings.support_mailbox,
            support_phone=settings.support_phone,
        )


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
        return Vault(keys, settings.vault_current, bytes.fromhex(settings.vault_index_key))
    except ValueError as error:
        raise StartError(
            "NMO_VAULT_KEYS и NMO_VAULT_INDEX_KEY пишутся шестнадцатеричными знаками."
        ) from error


def _sms(settings: Settings, client: httpx.AsyncClient, outbox: Outbox) -> SmsGateway:
    return HttpSms(settings.sms_url, settings.sms_token, client) if settings.sms_url else CaughtSms(outbox)


def _register(settings: Settings, client: httpx.AsyncClient) -> Register:
    if settings.register_url is None:
        return SandboxRegister()
    return HttpRegister(settings.register_url, settings.register_token, client)


TLS = {"smtp": Tls.STARTTLS, "smtps": Tls.TLS, "smtp+plain": Tls.NONE}


def _mail(settings: Settings, outbox: Outbox, clock: Clock) -> MailGateway:
    if settings.smtp_url is None:
        return CaughtMail(outbox)
    url = urlsplit(settings.smtp_url)
    if url.scheme not in TLS or not url.hostname:
        raise StartError("NMO_SMTP_URL: smtp://…, smtps://… или smtp+plain://имя:пароль@узел:порт.")
    server = SmtpServer(
        host=url.hostname,
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
