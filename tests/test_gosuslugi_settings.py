"""The way to the real portal: settings, what signs, which keys are believed; a portal on a socket stands for it."""

import asyncio
import sys
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

import certifi
import httpx
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from gateways.gost_certificate import self_signed, to_pem
from gateways.gosuslugi import Attempt, GosuslugiUntrusted
from storage.folders import StartError
from tests.gost import key_pem, openssl
from tests.gosuslugi import Sandbox, sandbox_served, words_of
from web.commands import check_config
from web.gosuslugi_wiring import check_gosuslugi, open_gosuslugi
from web.sandbox.gosuslugi import CLIENT_ID
from web.sandbox.gosuslugi_keys import BEGINS, ENDS
from web.settings import Environment, Settings


def command(key: int, end: str = "") -> str:
    """What signs as a program of the operator would; `end` may turn the bytes round."""
    script = "import sys; from gateways.gost_curve import sign; "
    script += f"sys.stdout.buffer.write(sign({key}, sys.stdin.buffer.read(), 7){end})"
    return f'{sys.executable} -c "{script}"'


@pytest.fixture
def real(tmp_path: Path) -> Iterator[tuple[Sandbox, Settings]]:
    """A portal on a socket, and the settings of a server for which it is the real one."""
    with sandbox_served(tmp_path / "portal") as sandbox:
        keys = sandbox.keys
        (tmp_path / "certificate.pem").write_bytes(to_pem(keys.certificate))
        (tmp_path / "key.pem").write_bytes(key_pem(keys.client))
        public = keys.rsa[0].public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        (tmp_path / "rsa.pem").write_bytes(public)
        (tmp_path / "gost.der").write_bytes(self_signed(keys.gost[0], "portal", BEGINS, ENDS, 5))
        yield (
            sandbox,
            Settings(
                data=tmp_path / "data",
                esia_url=sandbox.url,
                esia_client_id=CLIENT_ID,
                esia_certificate=tmp_path / "certificate.pem",
                esia_signer=command(keys.client),
                esia_trusted=[str(tmp_path / "rsa.pem"), f"{tmp_path / 'gost.der'}=2020-01-01..2030-01-01"],
            ),
        )


def came(sandbox: Sandbox, settings: Settings) -> str:
    """The surname of who went to the portal of the settings and came back."""

    async def go() -> str:
        async with httpx.AsyncClient() as http:
            gosuslugi = open_gosuslugi(settings, http, sandbox.clock)
            assert gosuslugi is not None
            attempt = Attempt("state", "nonce", "verifier", f"{sandbox.home}/gosuslugi")
            asked = httpx.URL(await gosuslugi.authorization_url(attempt))
            back = words_of(await http.get(asked.copy_merge_params({"sandbox_user": "demo-1"})))
            return (await gosuslugi.exchange(attempt, back["code"])).person.last_name

    return asyncio.run(go())


def test_the_settings_lead_to_a_portal_elsewhere(real: tuple[Sandbox, Settings]) -> None:
    sandbox, settings = real
    assert came(sandbox, settings) == "Иванова"
    sandbox.order("switch", algorithm="GOST3410_2012_256")
    assert came(sandbox, settings) == "Иванова"
    asyncio.run(check_gosuslugi(settings))


def test_openssl_signs_with_the_key_of_a_file(real: tuple[Sandbox, Settings], tmp_path: Path) -> None:
    sandbox, settings = real
    openssl(tmp_path, "version")
    by_file = settings.model_copy(update={"esia_signer": "", "esia_key": tmp_path / "key.pem"})
    assert came(sandbox, by_file) == "Иванова"


def test_a_key_of_the_portal_is_believed_in_its_days(real: tuple[Sandbox, Settings], tmp_path: Path) -> None:
    sandbox, settings = real
    over = settings.model_copy(update={"esia_trusted": [f"{tmp_path / 'rsa.pem'}=..2026-11-24"]})
    with pytest.raises(GosuslugiUntrusted, match="signature"):
        came(sandbox, over)


def test_a_portal_may_be_known_to_give_no_nonce_back_but_a_strange_one_is_refused(
    real: tuple[Sandbox, Settings],
) -> None:
    sandbox, settings = real
    without = settings.model_copy(update={"esia_nonce": False})
    sandbox.order("fault", at="te", token="no_nonce")
    assert came(sandbox, without) == "Иванова"
    sandbox.order("fault", at="te", token="nonce")
    with pytest.raises(GosuslugiUntrusted, match="nonce"):
        came(sandbox, without)


def test_a_command_in_cryptopros_order_is_turned_round(real: tuple[Sandbox, Settings]) -> None:
    sandbox, settings = real
    signer = command(sandbox.keys.client, "[::-1]")
    backwards = settings.model_copy(update={"esia_signer": signer, "esia_signer_backwards": True})
    assert came(sandbox, backwards) == "Иванова"
    forwards = backwards.model_copy(update={"esia_signer_backwards": False})
    with pytest.raises(StartError, match="другом порядке байтов"):
        asyncio.run(check_gosuslugi(forwards))


def test_production_refuses_the_certificate_of_the_sandbox(real: tuple[Sandbox, Settings]) -> None:
    sandbox, settings = real
    production = settings.model_copy(update={"env": Environment.PRODUCTION})
    with pytest.raises(StartError, match="сертификат песочницы"):
        open_gosuslugi(production, httpx.AsyncClient(), sandbox.clock)


WRONG: dict[str, tuple[str, object, str]] = {
    "no certificate": ("esia_certificate", None, "NMO_ESIA_CERTIFICATE"),
    "certificate that is not there": ("esia_certificate", Path("/no/such"), "NMO_ESIA_CERTIFICATE.*/no/such"),
    "nothing to sign with": ("esia_signer", "", "NMO_ESIA_SIGNER"),
    "command that is not there": ("esia_signer", "/no/such/program", "NMO_ESIA_SIGNER"),
    "trusted key that is none": ("esia_trusted", [__file__], "NMO_ESIA_TRUSTED.*нужен сертификат"),
    "trusted key that is not there": ("esia_trusted", ["/no/such"], "NMO_ESIA_TRUSTED"),
    "certificate of another kind": (
        "esia_certificate",
        Path(certifi.where()),
        "NMO_ESIA_CERTIFICATE: нужен ключ ГОСТ",
    ),
    "no scope that says who": ("esia_scopes", ["email"], "NMO_ESIA_SCOPES.*openid"),
}


def start(settings: Settings, sandbox: Sandbox) -> None:
    """What a server and `nmo check-config` do."""
    open_gosuslugi(settings, httpx.AsyncClient(), sandbox.clock)
    asyncio.run(check_gosuslugi(settings))


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_setting_of_the_portal_is_named(
    real: tuple[Sandbox, Settings], case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sandbox, settings = real
    monkeypatch.chdir(tmp_path)
    name, value, words = WRONG[case]
    with pytest.raises(StartError, match=words) as refused:
        start(settings.model_copy(update={name: value}), sandbox)
    assert "\n" not in str(refused.value)


def test_a_key_for_openssl_that_is_not_there_is_named(real: tuple[Sandbox, Settings]) -> None:
    sandbox, settings = real
    with pytest.raises(StartError, match=r"NMO_ESIA_KEY.*/no/such"):
        start(settings.model_copy(update={"esia_signer": "", "esia_key": Path("/no/such")}), sandbox)


def test_check_config_tries_the_signer(settings: Settings, real: tuple[Sandbox, Settings]) -> None:
    _, esia = real
    wanted = {name: getattr(esia, name) for name in Settings.model_fields if name.startswith("esia_")}
    other = {"esia_signer": command(99)}
    check_config(settings.model_copy(update=wanted), Namespace())
    with pytest.raises(StartError, match="другим ключом"):
        check_config(settings.model_copy(update=wanted | other), Namespace())
