"""Tables go up, down and up again, and are what the models say."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect

from models.migrations.filters import ours
from models.tables import Row
from storage.database import connect
from storage.folders import StartError
from storage.migrate import migrate, outdated, roll_back

pytestmark = pytest.mark.anyio


def differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"include_object": ours, "compare_type": True})
    return list(compare_metadata(context, Row.metadata))


async def test_migrations_build_what_the_models_declare(database_url: str) -> None:
    engine = connect(database_url)
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
    await engine.dispose()


async def test_migrations_go_down_to_nothing_and_up_again(database_url: str) -> None:
    engine = connect(database_url)
    await roll_back(engine, "base")
    with pytest.raises(StartError, match="База пуста"):
        await outdated(engine)
    async with engine.connect() as connection:
        left = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
    assert left == ["alembic_version"]
    await migrate(engine)
    await migrate(engine)
    assert not await outdated(engine)
    await engine.dispose()
