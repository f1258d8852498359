"""Settings: checked at once, said in one line, the same for every process."""

from pathlib import Path

import pytest

from storage.folders import StartError
from web.settings import Settings, as_environment, read_settings


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


def test_a_wrong_value_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NMO_PORT", "много")
    with pytest.raises(StartError, match="NMO_PORT"):
        read_settings()
