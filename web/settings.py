"""Everything the server takes from outside: `NMO_*` variables, read once, checked all at once."""

import os
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal, cast

from pydantic import Field, ValidationError, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

from gateways.gosuslugi_codes import SCOPES
from storage.folders import StartError
from web.setting_values import (
    Bucket,
    Command,
    Host,
    HttpUrl,
    Key,
    Keys,
    Listed,
    Mailbox,
    NatsUrl,
    Networks,
    Origin,
    Phone,
    Place,
    Region,
    SmtpUrl,
    Token,
    Trusted,
    is_text,
)

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
NOBODY, NOBODYS_PHONE = "@nmo.invalid", "+78000000000"  # good enough to try the product out

WRONG = {
    "enum": "можно {expected}",
    "literal_error": "можно {expected}",
    "greater_than_equal": "не меньше {ge}",
    "less_than_equal": "не больше {le}",
    "int_parsing": "целое число",
    "int_parsing_size": "целое число",
    "float_parsing": "число",
    "finite_number": "число",
    "bool_parsing": "true или false",
}


class Environment(StrEnum):
    """Production is strict: no demo secrets, no sandbox pages, no embedded server that was not asked for."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"


class Settings(BaseSettings):
    """The settings of one process; every description is a row of the README's table."""

    model_config = SettingsConfigDict(env_prefix="NMO_", extra="ignore")

    env: Environment = Field(default=Environment.DEVELOPMENT, description="`development` или `production`")
    host: Host = Field(default="127.0.0.1", description="адрес, на котором слушает сервер")
    port: int = Field(default=8000, ge=1, le=65535, description="порт сервера")
    workers: int = Field(default=1, ge=1, le=64, description="число процессов сервера")
    drain_seconds: float = Field(
        default=1.0,
        ge=0,
        le=60,
        allow_inf_nan=False,
        description="сколько секунд после SIGTERM сервер ещё принимает запросы, а `/readyz` уже отвечает 503",
    )
    data: Place = Field(
        default=Path(".nmo"), validate_default=True, description="папка данных встроенных серверов"
    )
    public_origin: Origin | None = Field(
        default=None,
        description="адрес без пути, под которым сервер видят браузеры; из него делаются ссылки в письмах",
    )
    origins: Listed[Origin] = Field(
        default_factory=list[str], description="другие доверенные адреса страниц, через запятую"
    )
    proxies: Networks | None = Field(
        default=None, description="адреса прокси, чьим X-Forwarded-For верят, через запятую; без них — ничьим"
    )
    demo: bool = Field(
        default=True, description="наполнить пустую базу демонстрационными данными (не в production)"
    )
    embedded: Listed[Literal["postgres", "s3", "nats"]] = Field(
        default_factory=list[Literal["postgres", "s3", "nats"]],
        description="какие встроенные серверы разрешены в production, через запятую",
    )
    database_url: str | None = Field(
        default=None, description="`postgresql://…`, версия 15 или новее; без неё — встроенный"
    )
    postgres_bin: Place | None = Field(
        default=None, description="папка с программами PostgreSQL вместо пакета"
    )
    database_pool: int = Field(default=10, ge=1, le=200, description="соединений с базой на процесс")
    s3_endpoint: Origin | None = Field(default=None, description="адрес S3; без него — встроенный сервер")
    s3_public_endpoint: Origin | None = Field(
        default=None, description="адрес S3 для браузеров, если он другой"
    )
    s3_access_key: Token = Field(default="", description="ключ S3")
    s3_secret_key: Token = Field(default="", description="секрет S3")
    s3_bucket: Bucket = Field(default="nmo", description="имя корзины")
    s3_region: Region = Field(default="us-east-1", description="регион S3")
    s3_addressing: Literal["path", "virtual"] = Field(default="path", description="`path` или `virtual`")
    nats_url: NatsUrl | None = Field(
        default=None, description="`nats://…` для нескольких процессов или машин"
    )
    smtp_url: SmtpUrl | None = Field(
        default=None,
        description="`smtp://имя:пароль@узел:порт` (STARTTLS) или `smtps://…`; без него письма ловит песочница",
    )
    mail_from: Mailbox = Field(default=f"noreply{NOBODY}", description="адрес отправителя писем")
    support_mailbox: Mailbox = Field(
        default=f"support{NOBODY}", description="ящик, который получает обращения в поддержку"
    )
    support_phone: Phone = Field(default=NOBODYS_PHONE, description="телефон поддержки, который видят люди")
    sms_url: HttpUrl | None = Field(default=None, description="адрес шлюза СМС; без него СМС ловит песочница")
    sms_token: Token = Field(default="", description="токен шлюза СМС")
    register_url: HttpUrl | None = Field(
        default=None, description="адрес сверки с государственным реестром; без него отвечает песочница"
    )
    register_token: Token = Field(default="", description="токен государственного реестра")
    esia_url: HttpUrl | None = Field(
        default=None, description="адрес ЕСИА (Госуслуг); без него — песочница, а в production входа нет"
    )
    esia_client_id: Token = Field(default="", description="мнемоника системы в ЕСИА")
    esia_certificate: Place | None = Field(
        default=None, description="сертификат системы с ключом ГОСТ Р 34.10-2012, DER или PEM"
    )
    esia_signer: Command = Field(
        default="", description="команда, которая подписывает для ЕСИА: данные на входе, 64 байта на выходе"
    )
    esia_signer_backwards: bool = Field(
        default=False, description="подпись команды приходит в порядке КриптоПро, её надо перевернуть"
    )
    esia_key: Place | None = Field(
        default=None, description="ключ ГОСТ для OpenSSL с модулем gost, вместо команды"
    )
    esia_trusted: Listed[Trusted] = Field(
        default_factory=list[str],
        description="сертификаты ключей, которыми ЕСИА подписывает маркеры, через запятую: "
        "`файл` или `файл=2026-01-01..2027-01-01`",
    )
    esia_nonce: bool = Field(
        default=True, description="ЕСИА возвращает nonce в id_token; `false` — если ваша его не возвращает"
    )
    esia_scopes: Listed[Token] = Field(
        default_factory=lambda: list(SCOPES), description="области доступа ЕСИА, через запятую"
    )
    outbox_dir: Place | None = Field(
        default=None, description="папка для пойманных писем и СМС, по файлу на сообщение"
    )
    vault_keys: Keys = Field(
        default_factory=dict[str, str],
        description="ключи шифрования `имя:64 шестнадцатеричных знака`, через запятую",
    )
    vault_current: str = Field(default="k1", description="каким ключом шифровать новое")
    vault_index_key: Key | None = Field(
        default=None, description="ключ слепого индекса, 64 шестнадцатеричных знака"
    )
    metrics_port: int | None = Field(
        default=None,
        ge=1,
        le=65535,
        description="порт `/metrics` на адресе NMO_HOST, у следующих процессов — следующие; без него метрик нет",
    )
    http_profile: Literal["classic", "draft-2026-08"] = Field(
        default="classic", description="`classic` (ошибки документа — 400) или `draft-2026-08` (422 и 294)"
    )
    trusted_documents: Place | None = Field(
        default=None,
        description="JSON: отпечаток sha256 → документ; документы самой страницы известны и без него",
    )
    trusted_only: bool = Field(
        default=False, description="принимать только известные документы: по `documentId` или текстом"
    )
    introspection: bool | None = Field(
        default=None, description="интроспекция; по умолчанию — только не в production"
    )

    @model_validator(mode="before")
    @classmethod
    def _given(cls, values: dict[str, object]) -> dict[str, object]:
        """Blank is as good as not set, and spaces around a value are no part of it."""
        bare = {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}
        return {name: value for name, value in bare.items() if value != ""}

    @property
    def production(self) -> bool:
        return self.env is Environment.PRODUCTION

    @property
    def origin(self) -> str:
        """The origin that links name; never taken from a request."""
        return self.public_origin or self._at(self.host)

    @property
    def homes(self) -> list[str]:
        """Origins of our own page. A machine of one's own has two names."""
        own = not self.production and self.public_origin is None and self.host in LOOPBACK
        names = [self._at(name) for name in ("127.0.0.1", "localhost")] if own else []
        return list(dict.fromkeys([self.origin, *names]))

    @property
    def pages(self) -> list[str]:
        """Origins whose pages are trusted: ours and those that were named."""
        return list(dict.fromkeys([*self.homes, *self.origins]))

    def _at(self, host: str) -> str:
        place = f"[{host}]" if ":" in host else host
        return f"http://{place}" if self.port == 80 else f"http://{place}:{self.port}"

    @property
    def secure(self) -> bool:
        return self.origin.startswith("https://")

    @property
    def upload_origin(self) -> str | None:
        """Where browsers send files."""
        return self.s3_public_endpoint or self.s3_endpoint

    @property
    def outbox(self) -> Path:
        return self.outbox_dir or self.data / "outbox"

    def missing(self) -> list[str]:
        """What must be set before a production server may start."""
        if not self.production:
            return []
        needs = {
            "NMO_PUBLIC_ORIGIN": self.public_origin,
            "NMO_DATABASE_URL (или NMO_EMBEDDED=postgres)": self.database_url or "postgres" in self.embedded,
            "NMO_S3_ENDPOINT (или NMO_EMBEDDED=s3)": self.s3_endpoint or "s3" in self.embedded,
            "NMO_NATS_URL (или NMO_EMBEDDED=nats)": self.workers == 1
            or self.nats_url
            or "nats" in self.embedded,
            "NMO_S3_ACCESS_KEY": not self.s3_endpoint or self.s3_access_key,
            "NMO_S3_SECRET_KEY": not self.s3_endpoint or self.s3_secret_key,
            "NMO_SMTP_URL": self.smtp_url,
            "NMO_MAIL_FROM": not self.mail_from.endswith(NOBODY),
            "NMO_SUPPORT_MAILBOX": not self.support_mailbox.endswith(NOBODY),
            "NMO_SUPPORT_PHONE": self.support_phone != NOBODYS_PHONE,
            "NMO_SMS_URL": self.sms_url,
            "NMO_REGISTER_URL": self.register_url,
            "NMO_VAULT_KEYS": self.vault_keys,
            "NMO_VAULT_INDEX_KEY": self.vault_index_key,
            **(self._esia_needs() if self.esia_url else {}),
        }
        return [name for name, value in needs.items() if not value]

    def _esia_needs(self) -> dict[str, object]:
        return {
            "NMO_ESIA_URL (https://…)": (self.esia_url or "").startswith("https://"),
            "NMO_ESIA_CLIENT_ID": self.esia_client_id,
            "NMO_ESIA_CERTIFICATE": self.esia_certificate,
            "NMO_ESIA_SIGNER (или NMO_ESIA_KEY)": self.esia_signer or self.esia_key,
            "NMO_ESIA_TRUSTED": self.esia_trusted,
        }


def read_settings(**given: Any) -> Settings:
    """The settings, or one line of `StartError` that says what to set."""
    for name, value in os.environ.items():
        if name.startswith("NMO_") and not is_text(value):
            raise StartError(f"Неверные настройки. {name}: не текст в UTF-8.")
    try:
        settings = Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        wrong = "; ".join(f"NMO_{str(item['loc'][0]).upper()}: {_told(item)}" for item in error.errors())
        raise StartError(f"Неверные настройки. {wrong}") from error
    if absent := settings.missing():
        raise StartError(f"Для NMO_ENV=production задайте: {', '.join(absent)}.")
    return settings


def _told(item: ErrorDetails) -> str:
    """What is wrong, in the words of whoever reads the line."""
    if said := WRONG.get(item["type"]):
        return said.format(**item.get("ctx", {})).replace(" or ", " или ")
    return item["msg"].removeprefix("Value error, ")


def as_environment(settings: Settings) -> dict[str, str]:
    """The settings as variables, for a process of ours that reads them again."""
    return {
        f"NMO_{name.upper()}": _as_text(value)
        for name, value in settings.model_dump(mode="json").items()
        if value is not None
    }


def _as_text(value: Any) -> str:
    if isinstance(value, Mapping):
        pairs = cast(Mapping[str, str], value)
        return ",".join(f"{name}:{item}" for name, item in pairs.items())
    return ",".join(cast(list[str], value)) if isinstance(value, list) else str(value)
