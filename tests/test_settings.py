"""Settings: checked at once, said in one line, the same for every process."""

import json
from hashlib import sha256
from pathlib import Path

import pytest

from storage.folders import StartError
from web.page_operations import read_manifest
from web.settings import Environment, Settings, as_environment, read_settings


def test_paths_are_absolute_so_that_a_worker_in_its_own_folder_finds_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NMO_OUTBOX_DIR", "out")
    settings = read_settings()
    assert settings.outbox_dir == Path.cwd() / "out"
    assert settings.data.is_absolute()


def test_a_process_reads_back_the_settings_it_was_given(monkeypatch: pytest.MonkeyPatch) -> None:
    given = Settings(vault_keys={"k1": "11" * 32, "k2": "22" * 32}, origins=["https://a.example"], workers=3)
    for name, value in as_environment(given).items():
        monkeypatch.setenv(name, value)
    assert read_settings() == given


def test_production_names_everything_that_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NMO_ENV", "production")
    with pytest.raises(StartError) as refused:
        read_settings()
    for name in (
        "NMO_PUBLIC_ORIGIN",
        "NMO_DATABASE_URL",
        "NMO_S3_ENDPOINT",
        "NMO_SMTP_URL",
        "NMO_SMS_URL",
        "NMO_VAULT",
    ):
        assert name in str(refused.value)
    assert "\n" not in str(refused.value)


READY = {
    "NMO_ENV": "production",
    "NMO_PUBLIC_ORIGIN": "https://cabinet.example",
    "NMO_DATABASE_URL": "postgresql://nmo:nmo@db/nmo",
    "NMO_S3_ENDPOINT": "https://s3.example",
    "NMO_S3_ACCESS_KEY": "key",
    "NMO_S3_SECRET_KEY": "secret",
    "NMO_SMTP_URL": "smtps://nmo:nmo@mail.example",
    "NMO_MAIL_FROM": "noreply@cabinet.example",
    "NMO_SUPPORT_MAILBOX": "support@cabinet.example",
    "NMO_SUPPORT_PHONE": "+74951234567",
    "NMO_SMS_URL": "https://sms.example",
    "NMO_REGISTER_URL": "https://register.example",
    "NMO_VAULT_KEYS": "k1:" + "11" * 32,
    "NMO_VAULT_INDEX_KEY": "22" * 32,
}


@pytest.mark.parametrize(
    "absent",
    [
        *("NMO_S3_ACCESS_KEY", "NMO_S3_SECRET_KEY"),
        *("NMO_MAIL_FROM", "NMO_SUPPORT_MAILBOX", "NMO_SUPPORT_PHONE"),
    ],
)
def test_production_starts_with_no_address_of_nobody_and_no_key_left_out(
    monkeypatch: pytest.MonkeyPatch, absent: str
) -> None:
    for name, value in READY.items():
        monkeypatch.setenv(name, value)
    assert read_settings().production
    monkeypatch.delenv(absent)
    with pytest.raises(StartError, match=f"задайте: {absent}"):
        read_settings()


def test_the_embedded_store_of_production_makes_its_own_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in READY.items():
        if not name.startswith("NMO_S3_"):
            monkeypatch.setenv(name, value)
    monkeypatch.setenv("NMO_EMBEDDED", "s3")
    assert read_settings().embedded == ["s3"]


WORDS = {
    "NMO_PORT": ("0", "не меньше 1"),
    "NMO_METRICS_PORT": ("70000", "не больше 65535"),
    "NMO_WORKERS": ("many", "целое число"),
    "NMO_DRAIN_SECONDS": ("soon", "число"),
    "NMO_DEMO": ("perhaps", "true или false"),
    "NMO_ENV": ("staging", "можно 'development' или 'production'"),
    "NMO_S3_ADDRESSING": ("path-style", "можно 'path' или 'virtual'"),
    "NMO_EMBEDDED": ("postgres,redis", "можно 'postgres', 's3' или 'nats'"),
}


def test_wrong_settings_are_all_told_in_one_russian_line(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, (wrong, _) in WORDS.items():
        monkeypatch.setenv(name, wrong)
    with pytest.raises(StartError) as refused:
        read_settings()
    line = str(refused.value)
    assert all(f"{name}: {words}" in line for name, (_, words) in WORDS.items()), line
    assert ("Input" in line, "\n" in line) == (False, False)


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        *(
            ("NMO_SMTP_URL", wrong)
            for wrong in ("smtps://a:b@h:port", "smtp://a:b@h:99999", "smtp://a:p/b@h")
        ),
        *(("NMO_NATS_URL", wrong) for wrong in ("nats://127.0.0.1:port", "nats://a:1,nats://", "http://a")),
        *(("NMO_SMS_URL", wrong) for wrong in ("nonsense", "ftp://x", "https://")),
        *(("NMO_REGISTER_URL", "ftp://x"), ("NMO_ESIA_URL", "x")),
    ],
)
def test_an_address_of_others_that_leads_nowhere_is_told_how_to_be_written(
    monkeypatch: pytest.MonkeyPatch, name: str, wrong: str
) -> None:
    monkeypatch.setenv(name, wrong)
    with pytest.raises(StartError, match=f"{name}: пишется так: [a-z]+://"):
        read_settings()


@pytest.mark.parametrize(
    ("name", "right"),
    [
        *(("NMO_SMTP_URL", right) for right in ("smtp+plain://h:25", "smtps://a%40b:p,q@h")),
        *(("NMO_NATS_URL", right) for right in ("nats://u:p@a:4222,nats://b", "tls://a")),
        ("NMO_SMS_URL", "https://sms.example/send?a=b"),
    ],
)
def test_an_address_of_others_is_taken_as_it_is(
    monkeypatch: pytest.MonkeyPatch, name: str, right: str
) -> None:
    monkeypatch.setenv(name, right)
    assert getattr(read_settings(), name.removeprefix("NMO_").lower()) == right


@pytest.mark.parametrize("name", ["public_origin", "origins", "s3_endpoint", "s3_public_endpoint"])
@pytest.mark.parametrize(
    "wrong",
    [
        *("cabinet.example", "https://cabinet.example/nmo", "https://a:b@cabinet.example", "https://"),
        *("ftp://cabinet.example", "https://cabinet.example:port", "https://кабинет.example", "*"),
    ],
)
def test_an_address_that_is_no_origin_is_told_how_to_be_written(
    monkeypatch: pytest.MonkeyPatch, name: str, wrong: str
) -> None:
    variable = f"NMO_{name.upper()}"
    monkeypatch.setenv(variable, wrong)
    with pytest.raises(StartError) as refused:
        read_settings()
    line = str(refused.value)
    assert line.startswith(f"Неверные настройки. {variable}: пишется так: https://")
    assert "\n" not in line


@pytest.mark.parametrize(
    ("given", "origin"),
    [
        ("https://Cabinet.example/", "https://cabinet.example"),
        ("https://cabinet.example:443", "https://cabinet.example"),
        ("http://cabinet.example:8080", "http://cabinet.example:8080"),
        ("http://[::1]:80", "http://[::1]"),
        ("https://xn--80aacf4bwnk3a.example", "https://xn--80aacf4bwnk3a.example"),
    ],
)
def test_an_origin_is_what_browsers_make_of_it(
    monkeypatch: pytest.MonkeyPatch, given: str, origin: str
) -> None:
    monkeypatch.setenv("NMO_PUBLIC_ORIGIN", given)
    monkeypatch.setenv("NMO_ORIGINS", f"{given},https://other.example")
    settings = read_settings()
    assert (settings.origin, settings.origins) == (origin, [origin, "https://other.example"])


@pytest.mark.parametrize(
    ("variables", "pages"),
    [
        ({}, ["http://127.0.0.1:8000", "http://localhost:8000"]),
        ({"NMO_HOST": "localhost"}, ["http://localhost:8000", "http://127.0.0.1:8000"]),
        ({"NMO_HOST": "::1"}, ["http://[::1]:8000", "http://127.0.0.1:8000", "http://localhost:8000"]),
        ({"NMO_PORT": "80"}, ["http://127.0.0.1", "http://localhost"]),
        ({"NMO_HOST": "cabinet.example"}, ["http://cabinet.example:8000"]),
        ({"NMO_HOST": "2001:db8::7"}, ["http://[2001:db8::7]:8000"]),
        ({"NMO_PUBLIC_ORIGIN": "https://cabinet.example"}, ["https://cabinet.example"]),
        (READY, ["https://cabinet.example"]),
    ],
)
def test_a_machine_of_ones_own_has_two_names(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], pages: list[str]
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    settings = read_settings(origins=["https://other.example"])
    assert settings.pages == [*pages, "https://other.example"]
    assert settings.origin == pages[0]


QUERY = "query Known { __typename }"
KNOWN = sha256(QUERY.encode()).hexdigest()


@pytest.mark.parametrize(
    "wrong",
    [
        *(
            "",
            "[]",
            '"text"',
            "{",
            "[" * 100_000,
            '["query"]',
            f'{{"{KNOWN}": null}}',
            f'{{"{KNOWN}": "query {{who}}"}}',
        ),
        f'{{"{KNOWN}": "\\ud800"}}',
    ],
)
def test_known_documents_of_a_wrong_shape_are_one_line(tmp_path: Path, wrong: str) -> None:
    file = tmp_path / "documents.json"
    file.write_text(wrong, "utf-8")
    with pytest.raises(StartError, match=r"^NMO_TRUSTED_DOCUMENTS: .*documents\.json.*sha256.*$"):
        read_manifest(file)


def test_known_documents_are_read(tmp_path: Path) -> None:
    file = tmp_path / "documents.json"
    with pytest.raises(StartError, match=r"NMO_TRUSTED_DOCUMENTS: файл .* не читается"):
        read_manifest(file)
    file.write_text(json.dumps({KNOWN: QUERY}), "utf-8")
    assert read_manifest(file) == {KNOWN: QUERY}


@pytest.mark.parametrize(
    ("name", "wrong", "words"),
    [("NMO_PORT", "9" * 5000, "целое число"), ("NMO_DRAIN_SECONDS", "nan", "число")],
)
def test_a_number_that_is_none_is_told_so(
    monkeypatch: pytest.MonkeyPatch, name: str, wrong: str, words: str
) -> None:
    monkeypatch.setenv(name, wrong)
    with pytest.raises(StartError) as refused:
        read_settings()
    assert str(refused.value) == f"Неверные настройки. {name}: {words}"


@pytest.mark.parametrize(
    ("name", "wrong", "words"),
    [
        *(("NMO_MAIL_FROM", wrong, "имя@узел") for wrong in ("nobody", "a b@c.example", "a@b@c.example")),
        *(("NMO_MAIL_FROM", wrong, "имя@узел") for wrong in ("a..b@c", "тест@c.example", "a@-", "a@b..c")),
        *(("NMO_SUPPORT_MAILBOX", wrong, "имя@узел") for wrong in ("support", f"a@{'b' * 70}")),
        *(("NMO_SUPPORT_PHONE", wrong, "+78001234567") for wrong in ("звоните", "+", "8" * 40, "٣٣٣٣٣")),
        *(("NMO_PROXIES", wrong, "10.0.0.0/8") for wrong in ("proxy.example", "10.0.0.1,,", "10.0.0.0/99")),
        *(("NMO_PROXIES", wrong, "10.0.0.0/8") for wrong in ("10.0.0.1/8", "10.0.0.1,*")),
        *(("NMO_VAULT_KEYS", wrong, "64 шест") for wrong in ("k1", "k1:11", f"k1:{'zz' * 32}", "1" * 64)),
        *(("NMO_VAULT_INDEX_KEY", wrong, "64 шест") for wrong in ("ключ", "11", "1" * 65)),
        *(("NMO_HOST", wrong, "127.0.0.1, ::1") for wrong in ("ftp://x", "a b", "127.0.0.1:80", "*", "узел")),
        *(("NMO_S3_BUCKET", wrong, "от 3 до 63") for wrong in ("a", "a/b", "A-b", "-nmo", "x" * 64, "тест")),
        *(("NMO_S3_REGION", wrong, "us-east-1") for wrong in ("a b", "-1", "x" * 64, "регион")),
        *(
            (f"NMO_{name}", wrong, "латинские")
            for name in ("SMS_TOKEN", "REGISTER_TOKEN", "S3_ACCESS_KEY", "S3_SECRET_KEY", "ESIA_CLIENT_ID")
            for wrong in ("ключ", "a b", "a\nb")
        ),
        ("NMO_ESIA_SCOPES", "openid,почта", "латинские"),
        *((name, "п" * 200, "255 байт") for name in ("NMO_DATA", "NMO_POSTGRES_BIN", "NMO_ESIA_KEY")),
        *(("NMO_ESIA_SIGNER", wrong, "кавычка") for wrong in ('"', "sign 'it")),
        *(
            ("NMO_ESIA_TRUSTED", f"rsa.pem={days}", "файл=2026-01-01..2027-01-01")
            for days in ("вчера..", "2026-01-01..x", "2027-01-01..2026-01-01")
        ),
        *((name, "\udcff", "UTF-8") for name in ("NMO_PROXIES", "NMO_PORT", "NMO_HOST")),
    ],
)
def test_an_address_that_leads_nowhere_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, name: str, wrong: str, words: str
) -> None:
    monkeypatch.setenv(name, wrong)
    with pytest.raises(StartError) as refused:
        read_settings()
    assert str(refused.value).startswith(f"Неверные настройки. {name}: ")
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("name", "right"),
    [
        ("NMO_MAIL_FROM", "noreply@кабинет.рф"),
        ("NMO_SUPPORT_PHONE", "8 (800) 123-45-67"),
        ("NMO_PROXIES", "*"),
        *(("NMO_HOST", right) for right in ("0.0.0.0", "::1", "localhost", "cabinet_1.example")),
        *(("NMO_S3_BUCKET", "nmo-files.2026"), ("NMO_SMS_TOKEN", "Bearer:a/b+c==")),
        ("NMO_PROXIES", "10.0.0.1, 2001:db8::/32"),
    ],
)
def test_an_address_that_leads_somewhere_is_taken(
    monkeypatch: pytest.MonkeyPatch, name: str, right: str
) -> None:
    monkeypatch.setenv(name, right)
    assert getattr(read_settings(), name.removeprefix("NMO_").lower()) == right


def test_a_blank_variable_is_one_that_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    bare = read_settings()
    for name in Settings.model_fields:
        monkeypatch.setenv(f"NMO_{name.upper()}", " " if name in {"data", "nats_url"} else "")
    assert read_settings() == bare


def test_spaces_around_a_value_are_no_part_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NMO_SMS_TOKEN", "token\n")
    monkeypatch.setenv("NMO_ENV", " development ")
    settings = read_settings()
    assert (settings.sms_token, settings.env) == ("token", Environment.DEVELOPMENT)


def test_a_trusted_key_is_found_from_any_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NMO_ESIA_TRUSTED", "rsa.pem, gost.der=2026-01-01..")
    here = Path.cwd()
    assert read_settings().esia_trusted == [f"{here}/rsa.pem", f"{here}/gost.der=2026-01-01.."]


def test_a_wrong_value_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NMO_PORT", "много")
    with pytest.raises(StartError, match="NMO_PORT"):
        read_settings()
