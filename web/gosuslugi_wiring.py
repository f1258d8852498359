"""Gosuslugi put together from the settings: the real portal, the sandbox, or none at all in production without either."""

import shlex
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import httpx
from cryptography import x509
from starlette.applications import Starlette

from gateways.errors import GatewayUnavailable
from gateways.gost_certificate import NotACertificate, certificate_hash, pem_to_der, public_key
from gateways.gost_curve import verify
from gateways.gost_signer import ExternalCommand, PurePythonGost, Signer, openssl_engine
from gateways.gosuslugi import Gosuslugi
from gateways.gosuslugi_http import EsiaGosuslugi, EsiaSystem
from gateways.gosuslugi_tokens import TokenCheck, TrustedKey, issuer_of, read_key
from models.clock import Clock
from models.secrets import SystemSecrets
from storage.folders import StartError, no_access, reason
from web.sandbox.gosuslugi import CLIENT_ID, gosuslugi_routes, sandbox_portal
from web.sandbox.gosuslugi_keys import NAME, sandbox_keys
from web.sandbox.gosuslugi_portal import Portal
from web.settings import LOOPBACK, Settings


def open_gosuslugi(settings: Settings, client: httpx.AsyncClient, clock: Clock) -> Gosuslugi | None:
    """Without an address of ESIA a server that is tried out has the sandbox; a production one has nothing."""
    if settings.esia_url:
        return _real(settings, client, clock)
    return None if settings.production else _sandbox(settings, clock)


def open_portal(settings: Settings, clock: Clock) -> Portal:
    """The sandbox: keys live with the data, what happens there beside caught letters."""
    try:
        keys = sandbox_keys(settings.data / "gosuslugi", SystemSecrets(clock))
        folder = settings.outbox / ".gosuslugi"  # hidden from who reads letters there
        portal = sandbox_portal(settings.origin, settings.pages, folder, keys, clock)
        return replace(portal, to_anybody=settings.host not in LOOPBACK)
    except OSError as error:
        raise StartError(
            f"Нет доступа к папке песочницы Госуслуг ({reason(error)}): проверьте NMO_DATA и NMO_OUTBOX_DIR."
        ) from error


def _sandbox(settings: Settings, clock: Clock) -> EsiaGosuslugi:
    """Its requests are made inside the process: they find the sandbox whatever the address of the server is."""
    portal, secrets = open_portal(settings, clock), SystemSecrets(clock)
    keys = portal.issuer.keys
    inside = httpx.ASGITransport(Starlette(routes=gosuslugi_routes(portal)))
    return EsiaGosuslugi(
        EsiaSystem(portal.url, CLIENT_ID, certificate_hash(keys.certificate)),
        PurePythonGost(keys.client, secrets),
        TokenCheck(portal.issuer.name, CLIENT_ID, keys.trusted),
        httpx.AsyncClient(transport=inside),
        clock,
        secrets,
    )


def _real(settings: Settings, client: httpx.AsyncClient, clock: Clock) -> EsiaGosuslugi:
    url = (settings.esia_url or "").rstrip("/")
    if "openid" not in settings.esia_scopes:
        raise StartError("NMO_ESIA_SCOPES: без области openid ЕСИА не скажет, кто вошёл.")
    certificate, trusted = _certificate(settings), tuple(_trusted(settings.esia_trusted))
    return EsiaGosuslugi(
        EsiaSystem(url, settings.esia_client_id, certificate_hash(certificate), tuple(settings.esia_scopes)),
        _signer(settings),
        TokenCheck(issuer_of(url), settings.esia_client_id, trusted, settings.esia_nonce),
        client,
        clock,
        SystemSecrets(clock),
    )


async def check_gosuslugi(settings: Settings) -> None:
    """What signs for us must sign by the key of our certificate: the portal would say so at the first person only."""
    if not settings.esia_url:
        return
    text = b"NMO"
    try:
        signature = await _signer(settings).sign(text)
        fits = verify(public_key(_certificate(settings)), text, signature)
    except GatewayUnavailable as error:
        raise StartError(f"NMO_ESIA_SIGNER или NMO_ESIA_KEY: подписи нет ({error}).") from error
    except NotACertificate as error:
        raise StartError(
            "NMO_ESIA_CERTIFICATE: нужен ключ ГОСТ Р 34.10-2012 на кривой A КриптоПро."
        ) from error
    if not fits:
        raise StartError("NMO_ESIA_CERTIFICATE: подпись сделана другим ключом или в другом порядке байтов.")


def _certificate(settings: Settings) -> bytes:
    der = pem_to_der(_read(settings.esia_certificate, "NMO_ESIA_CERTIFICATE"))
    try:
        subject = x509.load_der_x509_certificate(der).subject.rfc4514_string()
    except ValueError as error:
        raise StartError("NMO_ESIA_CERTIFICATE: в файле нет сертификата.") from error
    if settings.production and NAME in subject:
        raise StartError("NMO_ESIA_CERTIFICATE: это сертификат песочницы, в production он не годится.")
    return der


def _signer(settings: Settings) -> Signer:
    if settings.esia_signer:
        return ExternalCommand(shlex.split(settings.esia_signer), backwards=settings.esia_signer_backwards)
    if settings.esia_key is None:
        raise StartError("Чем подписывать запросы к ЕСИА? Задайте NMO_ESIA_SIGNER или NMO_ESIA_KEY.")
    _read(settings.esia_key, "NMO_ESIA_KEY")
    try:
        settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        return openssl_engine(settings.esia_key, settings.data / "openssl-gost.cnf")
    except OSError as error:
        raise no_access(settings.data, error, "проверьте NMO_DATA") from error


def _trusted(listed: Iterable[str]) -> Iterable[TrustedKey]:
    """`файл`, or `файл=2026-01-01..2027-01-01`: between which days the key is believed."""
    for item in listed:
        file, _, days = item.partition("=")
        begins, _, ends = days.partition("..")
        try:
            yield TrustedKey(read_key(_read(Path(file), "NMO_ESIA_TRUSTED")), _day(begins), _day(ends))
        except ValueError as error:
            raise StartError(f"NMO_ESIA_TRUSTED: в файле {file} нужен сертификат или ключ RSA.") from error


def _day(text: str) -> datetime | None:
    return datetime.fromisoformat(text).replace(tzinfo=UTC) if text else None


def _read(file: Path | None, name: str) -> bytes:
    try:
        return file.read_bytes() if file else b""
    except OSError as error:
        raise StartError(f"{name}: файл {file} не читается ({reason(error)}).") from error
