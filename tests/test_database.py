"""The door to the database: what failed is told without people's data."""

import traceback

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from storage.database import Author
from web.app import Site

pytestmark = pytest.mark.anyio
SECRET = "Иванова-Тайная"


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT CAST(:secret AS int)",
        "INSERT INTO organizer (id, name, inn) SELECT gen_random_uuid(), :secret, inn FROM organizer LIMIT 1",
        "INSERT INTO organizer (id, name) VALUES (gen_random_uuid(), :secret)",
    ],
)
async def test_a_failed_statement_leaves_no_value_in_what_is_logged(site: Site, statement: str) -> None:
    async def failing() -> None:
        async with site.ports.database.transaction(Author("test", "")) as work:
            await work.session.execute(text(statement), {"secret": SECRET})

    with pytest.raises(DBAPIError) as caught:
        await failing()
    assert SECRET not in "".join(traceback.format_exception(caught.value))
