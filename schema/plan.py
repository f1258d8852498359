"""The individual plan: what is lacking, of which kind, by when (3.4-20)."""

from datetime import date
from typing import Any

import strawberry

from models.plan import LONGEST_SPECIALTY, MOST_CYCLES
from models.plan_rules import CreditKind
from resolvers import plan as use
from resolvers.rights import FULL
from schema.base import Info, node_id, parse_id
from schema.errors import Payload
from schema.fields import mutation, root

strawberry.enum(
    CreditKind,
    description="Вид часов: PROGRAMS — программы ДПП ПК, IOM — интерактивные модули, EVENTS — мероприятия, "
    "OTHER — прочее.",
)


@strawberry.type(description="Засчитанные часы (ЗЕТ) по видам.")
class PlanCredits:
    """One ЗЕТ is one hour."""

    programs: float = strawberry.field(description="По программам ДПП ПК.")
    iom: float = strawberry.field(description="По интерактивным модулям.")
    events: float = strawberry.field(description="По мероприятиям.")
    other: float = strawberry.field(description="По прочему.")
    total: float = strawberry.field(description="Всего.")


@strawberry.type(description="Чего не хватает.")
class PlanLack:
    """One line of the answer to «what do I lack?»."""

    kind: CreditKind | None = strawberry.field(description="Каких часов; null — любых.")
    hours: float = strawberry.field(description="Сколько часов.")
    by: date = strawberry.field(description="До какого дня, не включая его.")


@strawberry.type(description="План на один цикл по одной специальности; закрытый цикл можно только смотреть.")
class IndividualPlan:
    """A cycle as it stands today."""

    id: strawberry.ID = strawberry.field(description="Непрозрачный идентификатор.")
    specialty: str = strawberry.field(description="Специальность.")
    cycle_start: date = strawberry.field(description="Начало цикла.")
    cycle_end: date = strawberry.field(description="Конец цикла: первый день после него.")
    closed: bool = strawberry.field(description="Закончился ли цикл.")
    rule: str = strawberry.field(description="По какому правилу считается.")
    required_hours: float = strawberry.field(description="Сколько часов нужно за цикл.")
    required_dpp_hours: float = strawberry.field(description="Из них не меньше по программам ДПП ПК.")
    earned: PlanCredits = strawberry.field(description="Что засчитано за цикл.")
    lacking: list[PlanLack] = strawberry.field(description="Чего не хватает; пусто — план выполнен.")
    deadline_warnings: list[str] = strawberry.field(
        description="Предупреждения о сроке: за 12, 6, 3 и 1 месяц до конца."
    )


def _shown(found: use.Plan) -> IndividualPlan:
    cycle, standing = found.cycle, found.standing
    lacks = ((CreditKind.PROGRAMS, standing.programs_lacking), (None, standing.others_lacking))
    return IndividualPlan(
        id=node_id("cycle", cycle.id),
        specialty=cycle.specialty,
        cycle_start=cycle.starts_on,
        cycle_end=cycle.ends_on,
        closed=found.closed,
        rule=standing.rule.title,
        required_hours=standing.rule.hours,
        required_dpp_hours=standing.rule.programs,
        earned=PlanCredits(
            **{kind.value.lower(): hours for kind, hours in standing.earned.items()}, total=standing.total
        ),
        lacking=[PlanLack(kind=kind, hours=hours, by=cycle.ends_on) for kind, hours in lacks if hours],
        deadline_warnings=list(found.warnings),
    )


@strawberry.type
class PlanViewer:
    """The part of `Viewer` about the plan."""

    @root(FULL, description=f"Планы по специальностям и циклам, до {MOST_CYCLES}: сначала текущие.")
    async def plan(self, info: Info) -> list[IndividualPlan] | None:
        return [_shown(found) for found in await use.my_plan(info.context)]


@strawberry.input(description="Цикл, который нужно вести.")
class SetPlanCycleInput:
    """A speciality and when its five years have begun."""

    specialty: str = strawberry.field(description=f"Специальность, до {LONGEST_SPECIALTY} знаков.")
    starts_on: date = strawberry.field(description="Начало цикла; цикл длится пять лет.")


@strawberry.input(description="Какой цикл больше не вести.")
class RemovePlanCycleInput:
    """One cycle."""

    id: strawberry.ID = strawberry.field(description="Цикл (`IndividualPlan.id`).")


@strawberry.type(description="План после изменения.")
class PlanPayload(Payload):
    """The plan as it now stands."""

    plan: IndividualPlan | None = strawberry.field(default=None, description="План.")


@strawberry.type(description="Цикл больше не ведётся.")
class RemovePlanCyclePayload(Payload):
    """What is gone."""

    removed_id: strawberry.ID | None = strawberry.field(default=None, description="Цикл.")


@strawberry.type
class PlanMutation:
    """Following cycles."""

    @mutation(
        FULL,
        PlanPayload,
        description="Начать цикл по специальности или сдвинуть текущий. Закрытый не меняется. Повтор безопасен.",
    )
    async def set_plan_cycle(self, info: Info, input: SetPlanCycleInput) -> Any:  # noqa: A002
        made = await use.set_cycle(info.context, specialty=input.specialty, starts_on=input.starts_on)
        return PlanPayload(plan=_shown(made))

    @mutation(FULL, RemovePlanCyclePayload, description="Больше не вести текущий цикл; закрытый остаётся.")
    async def remove_plan_cycle(self, info: Info, input: RemovePlanCycleInput) -> Any:  # noqa: A002
        await use.remove_cycle(info.context, cycle_id=parse_id("cycle", input.id, "id"))
        return RemovePlanCyclePayload(removed_id=input.id)
