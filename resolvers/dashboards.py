"""Tokens for wall screens: made, listed, ended; they read what they name and change nothing (2.2-10, 3.4-17)."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import col

from models.dashboards import LONGEST, MOST_TOKENS, DashboardField, DashboardToken
from models.errors import ErrorCode, Problem, UserError, mistake, too_long
from models.journal import Fact, account_stream
from models.secrets import fingerprint
from resolvers.context import Context
from resolvers.sessions import ended_topic
from storage.database import Transaction

LONGEST_NAME = 100


async def create_token(
    context: Context, *, name: str, parts: list[DashboardField], days: int
) -> tuple[DashboardToken, str]:
    """A new token; its text is told once and kept nowhere."""
    if problems := _problems(name, parts, days):
        raise UserError(*problems)
    token, now, account_id = context.secrets.token(), context.clock.now(), context.person.account.id
    made = DashboardToken(
        id=context.secrets.uuid(),
        account_id=account_id,
        name=name.strip(),
        token_hash=fingerprint(token),
        fields=[part.value for part in dict.fromkeys(parts)],
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    async with context.database.transaction(context.author) as work:
        # Parallel requests wait for one another, since a transaction of a session holds its account.
        if await _living(context, work) >= MOST_TOKENS:
            raise mistake(
                ErrorCode.RATE_LIMITED, f"Не больше {MOST_TOKENS} токенов сразу. Отзовите ненужный.", "name"
            )
        work.session.add(made)
        data = {"fields": len(made.fields), "days": days}
        work.record(Fact(account_stream(account_id), "signin:dashboard:created", made.id, data))
    return made, token


def _problems(name: str, parts: list[DashboardField], days: int) -> list[Problem]:
    problems: list[Problem] = []
    if not name.strip():
        problems.append(Problem(ErrorCode.REQUIRED, "Назовите экран, для которого токен.", ("name",)))
    elif len(name) > LONGEST_NAME:
        problems.append(too_long("Слишком длинное название.", LONGEST_NAME, "name"))
    if not parts:
        problems.append(Problem(ErrorCode.REQUIRED, "Выберите, что будет на экране.", ("fields",)))
    if not 1 <= days <= LONGEST.days:
        expected = f"от 1 до {LONGEST.days}"
        problems.append(
            Problem(ErrorCode.INVALID_FORMAT, "Неверный срок в днях.", ("days",), expected=expected)
        )
    return problems


async def _living(context: Context, work: Transaction) -> int:
    query = select(func.count()).where(
        col(DashboardToken.account_id) == context.person.account.id,
        col(DashboardToken.revoked_at).is_(None),
        col(DashboardToken.expires_at) > context.clock.now(),
    )
    return (await work.session.execute(query)).scalar_one()


async def tokens(context: Context) -> list[DashboardToken]:
    """The viewer's tokens, the newest first."""
    query = select(DashboardToken).where(col(DashboardToken.account_id) == context.person.account.id)
    async with context.database.reading() as session:
        return list(await session.scalars(query.order_by(col(DashboardToken.id).desc()).limit(50)))


async def revoke_token(context: Context, *, key: UUID) -> DashboardToken:
    """End a token; what is open with it closes within a second. Ended twice is ended."""
    account_id = context.person.account.id
    query = select(DashboardToken).where(
        col(DashboardToken.id) == key, col(DashboardToken.account_id) == account_id
    )
    async with context.database.transaction(context.author) as work:
        found = await work.session.scalar(query.with_for_update())
        if found is None:
            raise mistake(ErrorCode.NOT_FOUND, "Токен не найден.", "id")
        if found.revoked_at is None:
            found.revoked_at = context.clock.now()
            work.signal(ended_topic(found.id))
            work.record(Fact(account_stream(account_id), "signin:dashboard:revoked", found.id))
    return found
