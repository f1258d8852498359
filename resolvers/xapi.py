"""xAPI statements of course players: the same results in the words of the standard (3.4-16; xAPI 1.0.3, cmi5).

`context.registration` is the learner's element, `object.id` ends with the id of a lesson or of an assessment.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast
from uuid import UUID, uuid5

from models.errors import ErrorCode, Problem, UserError
from models.progress import Verb
from resolvers.context import Context
from resolvers.results import record_results
from resolvers.statements import Report

VERBS = {f"http://adlnet.gov/expapi/verbs/{verb.value.lower()}": verb for verb in Verb}
IDENTIFIERS = ("mbox", "mbox_sha1sum", "openid", "account")
# Where a fault of a result lies in the statement that it came in.
PLACES = {
    "statementId": ("id",),
    "elementId": ("context", "registration"),
    "lessonId": ("object", "id"),
    "assessmentId": ("object", "id"),
    "scaled": ("result", "score", "scaled"),
    "happenedAt": ("timestamp",),
}


async def take_statements(context: Context, *, statements: list[object]) -> list[str]:
    """Take all statements or none; returns their ids, ours where they had none."""
    now = context.clock.now()
    readings = [_Reading(given, index) for index, given in enumerate(statements)]
    reports = [reading.report(_id_if_none(context, reading.given), now) for reading in readings]
    if problems := [problem for reading in readings for problem in reading.problems]:
        raise UserError(*problems)
    try:
        await record_results(context, reports=reports, source="xapi", whole=True)
    except UserError as error:
        raise UserError(*(_placed(problem) for problem in error.problems)) from error
    return [report.statement_id for report in reports]


def _id_if_none(context: Context, given: object) -> UUID:
    """The same for the same words, so that what is sent again after a lost answer is not counted again.

    Without a moment the same words may tell of two results.
    """
    if _part(given, "timestamp") is None:
        return context.secrets.uuid()
    return uuid5(context.provider.organizer_id, json.dumps(given, sort_keys=True))


def _placed(problem: Problem) -> Problem:
    _, index, name = problem.path
    return Problem(
        problem.code, problem.message, ("statements", index, *PLACES[name]), expected=problem.expected
    )


def _part(value: object, name: str) -> Any:
    """A part of an object; nothing of what is not an object."""
    return cast("Mapping[str, Any]", value).get(name) if isinstance(value, Mapping) else None


@dataclass(slots=True)
class _Reading:
    """One statement while it is read; every fault of its form is noted."""

    given: object
    index: int
    problems: list[Problem] = field(default_factory=list[Problem])

    def report(self, id_if_none: UUID, now: datetime) -> Report:
        """The result it tells of; worth nothing when there are problems."""
        self._check_actor()
        moment = self._moment(now)
        lesson, assessment = self._object()
        return Report(
            statement_id=str(self._uuid("id", required=False) or id_if_none),
            element_id=self._uuid("context", "registration") or UUID(int=0),
            verb=self._verb(),
            happened_at=moment or now,
            lesson_id=lesson,
            assessment_id=assessment,
            scaled=self._scaled(),
            dated=moment is not None,
        )

    def _at(self, *path: str) -> Any:
        value = self.given
        for name in path:
            value = _part(value, name)
        return value

    def _wrong(self, expected: str, *path: str) -> None:
        code = ErrorCode.REQUIRED if self._at(*path) is None else ErrorCode.INVALID_FORMAT
        told = "Не хватает поля" if code is ErrorCode.REQUIRED else "Неверное значение поля"
        message = f"{told} «{'.'.join(path) or 'statement'}»: {expected}."
        self.problems.append(
            Problem(code, message, ("statements", str(self.index), *path), expected=expected)
        )

    def _check_actor(self) -> None:
        known = [name for name in IDENTIFIERS if self._at("actor", name)]
        if len(known) != 1:
            self._wrong(f"ровно одно из {', '.join(IDENTIFIERS)}", "actor")

    def _uuid(self, *path: str, required: bool = True) -> UUID | None:
        value = self._at(*path)
        try:
            if value is None and not required:
                return None
            if not isinstance(value, str) or len(value) != 36:
                raise ValueError(value)
            return UUID(value)
        except ValueError:
            self._wrong("UUID с дефисами", *path)
            return None

    def _verb(self) -> Verb:
        verb = VERBS.get(str(self._at("verb", "id")))
        if verb is None:
            self._wrong(f"одно из {', '.join(VERBS)}", "verb", "id")
        return verb or Verb.PROGRESSED

    def _object(self) -> tuple[UUID | None, UUID | None]:
        kind, _, digits = str(self._at("object", "id")).rpartition("/")[2].rpartition("_")
        try:
            if kind not in ("lesson", "assessment") or len(digits) != 32:
                raise ValueError(digits)
            key = UUID(hex=digits)
        except ValueError:
            self._wrong("адрес, который кончается на /lesson_… или /assessment_…", "object", "id")
            return None, None
        return (key, None) if kind == "lesson" else (None, key)

    def _scaled(self) -> float | None:
        value = self._at("result", "score", "scaled")
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
            self._wrong("число от 0 до 1", "result", "score", "scaled")
            return None
        return float(value)

    def _moment(self, now: datetime) -> datetime | None:
        value = self._at("timestamp")
        if value is None:
            return None
        try:
            moment = datetime.fromisoformat(str(value))
            if moment.tzinfo is None or not 1900 <= moment.year <= 2200:
                raise ValueError(value)
        except ValueError:
            self._wrong("время в ISO 8601 со смещением", "timestamp")
            return now
        return moment
