"""Reported results as they came: each kept once by its id, however often it is sent (3.4-16)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.errors import ErrorCode, Problem
from models.progress import Statement, Verb
from resolvers.context import Context
from storage.rows import insertion, put

KEEP = insertion(Statement).on_conflict_do_nothing().returning(col(Statement.statement_id))


@dataclass(frozen=True, slots=True)
class Report:
    """One result as it came in; exactly one of `lesson_id` and `assessment_id` is set. `scaled` is 0..1.

    `dated` is False where the sender told no moment and ours stands in.
    """

    statement_id: str
    element_id: UUID
    verb: Verb
    happened_at: datetime
    lesson_id: UUID | None = None
    assessment_id: UUID | None = None
    scaled: float | None = None
    dated: bool = True


async def remember(
    context: Context, session: AsyncSession, reports: list[Report], source: str
) -> list[Report]:
    """Keep the statements; returns those not seen before, in their order and each once: the first of its id."""
    if not reports:
        return []
    now, organizer = context.clock.now(), context.provider.organizer_id
    unique: dict[str, Report] = {}
    for report in reports:
        unique.setdefault(report.statement_id, report)
    rows: list[dict[str, Any]] = [
        {
            "id": context.secrets.uuid(),
            "organizer_id": organizer,
            "statement_id": report.statement_id,
            "element_id": report.element_id,
            "verb": report.verb,
            "lesson_id": report.lesson_id,
            "assessment_id": report.assessment_id,
            "scaled": report.scaled,
            "happened_at": report.happened_at,
            "accepted_at": now,
            "source": source,
            "token_id": context.provider.token_id,
            "raw": {},
        }
        # In the order of their ids, so that two batches never wait for each other in a ring.
        for _, report in sorted(unique.items())
    ]
    kept = await put(session, KEEP, rows)
    new = set(kept)
    return [report for key, report in unique.items() if key in new]


async def others(context: Context, session: AsyncSession, reports: dict[int, Report]) -> list[Problem]:
    """Those by row whose id is known with another content; a moment that was not told is not compared."""
    query = select(Statement).where(
        col(Statement.organizer_id) == context.provider.organizer_id,
        col(Statement.statement_id).in_([report.statement_id for report in reports.values()]),
    )
    known = {row.statement_id: row for row in await session.scalars(query)}
    return [
        Problem(
            ErrorCode.CONFLICT,
            "Сообщение с этим идентификатором уже принято с другим содержанием.",
            ("results", str(index), "statementId"),
        )
        for index, report in reports.items()
        if (kept := known.get(report.statement_id)) is None
        or _content(kept, report.dated) != _content(report, report.dated)
    ]


def _content(told: Statement | Report, dated: bool) -> tuple[object, ...]:
    moment = told.happened_at if dated else None
    return told.element_id, told.verb, told.lesson_id, told.assessment_id, told.scaled, moment
