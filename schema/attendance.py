"""Attendance: reported by providers, confirmed by one-use codes (3.1-13)."""

from datetime import datetime
from typing import Any

import strawberry

from models.attendance import MOST_CODES, AttendanceMark
from models.organizers import Scope
from resolvers import attendance as use
from resolvers import attendance_codes as codes
from resolvers.rights import provider
from schema.activities import ENROLL, EnrollPayload
from schema.base import Info, key_of_row, parse_id
from schema.errors import Payload, UserError, shown
from schema.fields import mutation

strawberry.enum(
    AttendanceMark, description="ATTENDED — присутствовал, CONFIRMED — участие подтверждено и засчитано."
)


@strawberry.input(description="Отметка об одном участнике: по записи или по мероприятию и СНИЛС.")
class AttendanceInput:
    """One row."""

    enrollment_id: strawberry.ID | None = strawberry.field(
        default=None, description="Запись участника; либо она, либо мероприятие и СНИЛС."
    )
    activity_id: strawberry.ID | None = strawberry.field(default=None, description="Ваше мероприятие.")
    snils: str | None = strawberry.field(default=None, description="СНИЛС участника: 11 цифр.")
    mark: AttendanceMark = strawberry.field(description="Что отметить.")


@strawberry.input(description="Пачка отметок, до 100 за раз.")
class RecordAttendanceInput:
    """A batch."""

    attendance: list[AttendanceInput] = strawberry.field(
        description="Отметки; ошибка в одной не мешает остальным."
    )


@strawberry.type(description="Что принято из пачки; путь ошибки начинается с `attendance` и номера строки.")
class RecordAttendancePayload(Payload):
    """The receipt."""

    accepted: int = strawberry.field(default=0, description="Принято новых отметок.")
    repeated: int = strawberry.field(default=0, description="Ничего не изменили: так уже отмечено.")
    errors: list[UserError] = strawberry.field(
        default_factory=list, description="Ошибки по строкам, все сразу."
    )


@strawberry.input(description="Сколько одноразовых кодов выдать и на какое мероприятие.")
class IssueAttendanceCodesInput:
    """A handful of codes."""

    activity_id: strawberry.ID = strawberry.field(description="Ваше мероприятие.")
    count: int = strawberry.field(description=f"Сколько кодов, от 1 до {MOST_CODES}.")
    valid_until: datetime | None = strawberry.field(
        default=None, description="До какого момента действуют; иначе 90 дней после мероприятия."
    )


@strawberry.type(description="Выданные коды; показываются один раз.")
class IssueAttendanceCodesPayload(Payload):
    """The codes."""

    codes: list[str] = strawberry.field(default_factory=list, description="Коды, по одному на участника.")
    expires_at: datetime | None = strawberry.field(default=None, description="До какого момента действуют.")


@strawberry.input(description="Код подтверждения участия.")
class ActivateConfirmationCodeInput:
    """One code."""

    activity_id: strawberry.ID = strawberry.field(description="Мероприятие, на которое вы записаны.")
    code: str = strawberry.field(description="Код от организатора; регистр, пробелы и дефисы не важны.")


@strawberry.type
class AttendanceMutation:
    """Mutations about attendance."""

    @mutation(
        provider(Scope.ATTENDANCE),
        RecordAttendancePayload,
        description="Отметить участников (для провайдеров). Повтор безопасен.",
    )
    async def record_attendance(self, info: Info, input: RecordAttendanceInput) -> Any:  # noqa: A002
        register = await use.record_attendance(info.context, marks=[_mark(row) for row in input.attendance])
        return RecordAttendancePayload(
            accepted=register.accepted, repeated=register.repeated, errors=shown(register.problems)
        )

    @mutation(
        provider(Scope.ATTENDANCE),
        IssueAttendanceCodesPayload,
        description="Выдать одноразовые коды подтверждения участия (для провайдеров).",
    )
    async def issue_attendance_codes(self, info: Info, input: IssueAttendanceCodesInput) -> Any:  # noqa: A002
        issued, expires_at = await codes.issue_codes(
            info.context,
            activity_id=parse_id("activity", input.activity_id, "activityId"),
            count=input.count,
            valid_until=input.valid_until,
        )
        return IssueAttendanceCodesPayload(codes=issued, expires_at=expires_at)

    @mutation(ENROLL, EnrollPayload, description="Подтвердить своё участие кодом. Повтор безопасен.")
    async def activate_confirmation_code(
        self,
        info: Info,
        input: ActivateConfirmationCodeInput,  # noqa: A002
    ) -> Any:
        activity: Any
        enrollment: Any
        activity, enrollment = await codes.activate_code(
            info.context,
            activity_id=parse_id("activity", input.activity_id, "activityId"),
            code=input.code,
        )
        return EnrollPayload(activity=activity, enrollment=enrollment)


def _mark(row: AttendanceInput) -> use.Mark:
    return use.Mark(
        mark=row.mark,
        enrollment_id=None if row.enrollment_id is None else key_of_row("enrollment", row.enrollment_id),
        activity_id=None if row.activity_id is None else key_of_row("activity", row.activity_id),
        snils=row.snils,
    )
