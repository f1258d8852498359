"""What goes away in the middle of a start or of a command is one line."""

import os
import signal
from argparse import Namespace
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from models.errors import Unavailable
from resolvers import blocking
from storage.folders import named_by_the_kernel
from storage.key_check import check_keys
from tests.embedded_product import happens
from tests.forked import Forked
from tests.product import environment
from web.commands import unblock
from web.serving import serve
from web.settings import Settings

CUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


def after_a_cut(settings: Settings, what: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    """The same, with every connection to the database lost just before."""

    async def cut(*given: Any) -> None:
        with psycopg.connect(settings.database_url or "", autocommit=True) as connection:
            connection.execute(CUT)
        await what(*given)

    return cut


def test_a_start_that_loses_its_database_is_told_from_a_fault_of_ours(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.running.check_keys", after_a_cut(settings, check_keys))
    with pytest.raises(Unavailable):
        serve(settings.model_copy(update={"port": named_by_the_kernel()}), Namespace())


def test_a_command_that_loses_its_database_is_told_from_a_fault_of_ours(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocking, "unblock", after_a_cut(settings, _look))
    with pytest.raises(Unavailable):
        unblock(settings, Namespace(login="demo-1@nmo.example"))


async def _look(context: Any, login: str) -> None:
    async with context.database.engine.connect() as connection:
        await connection.exec_driver_sql("SELECT 1")


def test_a_database_that_dies_in_the_middle_of_a_load_is_one_line(tmp_path: Path) -> None:
    log, given = tmp_path / "log", Settings(data=tmp_path / "data")
    process = Forked(["seed"], environment(given), log)
    assert happens(lambda: log.exists() and "Загружаю" in log.read_text("utf-8"), 60)
    number = (tmp_path / "data/postgres/data/postmaster.pid").read_text("utf-8").split()[0]
    os.kill(int(number), signal.SIGKILL)
    assert process.wait(60) == 1
    told = log.read_text("utf-8")
    assert "Traceback" not in told
    assert told.splitlines()[-1].startswith("nmo: База данных не отвечает"), told
