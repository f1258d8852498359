"""What was evaluated, by the journal's own word."""

from sqlalchemy import func, select
from sqlmodel import col

from models.journal import Event
from tests.api import Api


async def recorded(api: Api, action: str, code: str | None = None) -> int:
    """How many events of this action the journal holds, of all accounts; `code` narrows them by their data."""
    query = select(func.count()).select_from(Event).where(col(Event.action) == action)
    if code is not None:
        query = query.where(col(Event.data)["code"].as_string() == code)
    async with api.site.ports.database.reading() as session:
        return await session.scalar(query) or 0
