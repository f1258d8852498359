"""Bringing a database to the version the code expects; two servers starting together take turns."""

from collections.abc import Callable
from importlib.resources import files

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.folders import StartError

LOCK = 0x4E4D4F  # any number, the same for all of us


def config() -> Config:
    """Alembic's settings, made in code so that they work from a wheel."""
    made = Config()
    made.set_main_option("script_location", str(files("models.migrations")))
    return made


async def migrate(engine: AsyncEngine) -> None:
    """Upgrade to the newest version; nothing is done where it is there already."""
    await _locked(engine, command.upgrade, "head")


async def roll_back(engine: AsyncEngine, revision: str) -> None:
    """Downgrade to an older version, or to `base`."""
    await _locked(engine, command.downgrade, revision)


async def _locked(engine: AsyncEngine, run: Callable[[Config, str], None], revision: str) -> None:
    async with engine.connect() as connection:
        await connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": LOCK})
        await connection.commit()
        await connection.run_sync(_run, run, revision)
        await connection.commit()
        await connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": LOCK})
        await connection.commit()


def _run(connection: Connection, run: Callable[[Config, str], None], revision: str) -> None:
    settings = config()
    _refuse_newer(connection, settings)
    settings.attributes["connection"] = connection
    run(settings, revision)


async def outdated(engine: AsyncEngine) -> bool:
    """Whether the database is behind the code; a `StartError` when it is ahead of it, or has nothing in it."""
    async with engine.connect() as connection:
        return await connection.run_sync(_is_behind)


def _is_behind(connection: Connection) -> bool:
    settings = config()
    _refuse_newer(connection, settings)
    current = MigrationContext.configure(connection).get_current_revision()
    if current is None:
        raise StartError("База пуста: выполните nmo migrate.")
    return current != ScriptDirectory.from_config(settings).get_current_head()


def _refuse_newer(connection: Connection, settings: Config) -> None:
    """After the release has been put back the database stays where the newer one has brought it."""
    current = MigrationContext.configure(connection).get_current_revision()
    known = {script.revision for script in ScriptDirectory.from_config(settings).walk_revisions()}
    if current is not None and current not in known:
        raise StartError(f"База новее программы (версия {current}): запустите программу поновее.")
