"""Results as providers report them: idempotent, set-wise, whatever order they come in (3.4-16).

One bad row never costs the others. A lesson is passed when the latest verdict on it, by the moment it was given,
is PASSED; what came late does not undo what happened later.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from models.errors import ErrorCode, Problem, UserError
from models.journal import Fact, account_stream
from models.progress_rules import completed_at, recompute
from resolvers.context import Context
from resolvers.crossings import Move, Reading, tell_crossings
from resolvers.scoring import apply, judge, make_ready
from resolvers.standing import Standing, save, standings
from resolvers.statements import Report, others, remember
from storage.database import Transaction

CLOCK_TOLERANCE = timedelta(minutes=5)


@dataclass(slots=True)
class Receipt:
    """What became of a batch; `problems` are by row, their paths start with `results` and the index."""

    accepted: int = 0
    repeated: int = 0
    problems: list[Problem] = field(default_factory=list[Problem])


async def record_results(
    context: Context, *, reports: list[Report], source: str, whole: bool = False
) -> Receipt:
    """Take in a batch, recompute every course it touches once, and tell each person live.

    An id that is known must say the same again. `whole`: all rows or none.
    """
    receipt, organizer = Receipt(), context.provider.organizer_id
    async with context.database.transaction(context.author) as work:
        known = await standings(work.session, organizer, {report.element_id for report in reports})
        now = context.clock.now()
        sound = {n: each for n, each in enumerate(reports) if _sound(n, each, known, now, receipt)}
        if whole and receipt.problems:
            raise UserError(*receipt.problems)
        fresh = await remember(context, work.session, [*sound.values()], source)
        conflicts = await others(context, work.session, sound) if len(fresh) < len(sound) else []
        if whole and conflicts:
            raise UserError(*conflicts)
        receipt.problems = sorted(receipt.problems + conflicts, key=lambda problem: int(problem.path[1]))
        receipt.accepted = len(fresh)
        receipt.repeated = len(sound) - len(fresh) - len(conflicts)
        await _work_in(context, work, known, fresh, now)
    return receipt


async def _work_in(
    context: Context, work: Transaction, known: dict[UUID, Standing], fresh: list[Report], now: datetime
) -> None:
    """Let new statements change the standings they are about, and tell whom they concern."""
    for report in fresh:
        apply(context, known[report.element_id], report)
    await judge(work.session, known, fresh)
    touched = [known[key] for key in dict.fromkeys(report.element_id for report in fresh)]
    for standing in touched:
        done = recompute(standing.shape, standing.results, standing.course, standing.modules, now)
        standing.ready = done and make_ready(
            context, standing.certificate, now, completed_at(standing.shape, standing.results, now)
        )
        _tell(work, standing)
    await save(work.session, touched)
    moves = [Move(each.element, each.before, Reading.of(each.course)) for each in touched]
    await tell_crossings(context, work, moves)


def _sound(index: int, report: Report, known: dict[UUID, Standing], now: datetime, receipt: Receipt) -> bool:
    """True for a row that can be taken in; otherwise its problem is noted."""
    problem = _problem(report, known.get(report.element_id), now)
    if problem is not None:
        code, message, name = problem
        receipt.problems.append(Problem(code, message, ("results", str(index), name)))
    return problem is None


def _problem(report: Report, standing: Standing | None, now: datetime) -> tuple[ErrorCode, str, str] | None:
    if standing is None:
        return ErrorCode.NOT_FOUND, "Такого обучения у ваших слушателей нет.", "elementId"
    if (report.lesson_id is None) == (report.assessment_id is None):
        return ErrorCode.REQUIRED, "Укажите либо занятие, либо контрольное задание.", "lessonId"
    if report.lesson_id is not None and report.lesson_id not in standing.shape.lessons:
        return ErrorCode.NOT_FOUND, "В этом курсе нет такого занятия.", "lessonId"
    if report.assessment_id is not None and report.assessment_id not in standing.shape.assessments:
        return ErrorCode.NOT_FOUND, "В этом курсе нет такого задания.", "assessmentId"
    if report.scaled is not None and not 0 <= report.scaled <= 1:
        return ErrorCode.INVALID_FORMAT, "Доля баллов — от 0 до 1.", "scaled"
    if not 1 <= len(report.statement_id) <= 200:
        return ErrorCode.INVALID_FORMAT, "Идентификатор сообщения — от 1 до 200 знаков.", "statementId"
    if report.happened_at > now + CLOCK_TOLERANCE:
        return ErrorCode.INVALID_FORMAT, "Результат ещё не наступил: проверьте время.", "happenedAt"
    return None


def _tell(work: Transaction, standing: Standing) -> None:
    data: dict[str, Any] = {"version": standing.course.version}
    if standing.new_grades:
        data["grade"] = str(standing.new_grades[-1].id)
    if standing.ready:
        data["certificate"] = str(standing.certificate.id)
    work.record(
        Fact(
            account_stream(standing.element.account_id), "progress:course:updated", standing.element.id, data
        )
    )
