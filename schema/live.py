"""What every live stream may say beside its own snapshots and deltas."""

from datetime import datetime
from uuid import UUID

import strawberry

from models.journal import Event
from resolvers import live as steps
from schema.base import Cursor


@strawberry.type(
    description="Продолжить с присланного курсора нельзя: забудьте состояние, следом придёт новый снимок."
)
class Resync:
    """The client starts over."""

    cursor: Cursor = strawberry.field(description="Курсор, с которого начнётся снимок.")
    reason: str = strawberry.field(
        description="UNKNOWN_CURSOR — такого курсора не было, GAP_TOO_LARGE — пропущено слишком много."
    )


@strawberry.type(description="Ничего не изменилось, канал жив.")
class Heartbeat:
    """Every fifteen seconds of silence."""

    cursor: Cursor = strawberry.field(description="Курсор последнего прочитанного события.")
    at: datetime = strawberry.field(description="Время на сервере.")


def quiet(step: steps.Resync | steps.Heartbeat) -> Resync | Heartbeat:
    """The steps that carry no data."""
    if isinstance(step, steps.Resync):
        return Resync(cursor=mark(step), reason=step.reason)
    return Heartbeat(cursor=mark(step), at=step.at)


def subject_of(event: Event) -> UUID:
    """What an event is about; the events of a live stream always are about something."""
    if event.subject is None:
        raise LookupError(f"{event.action} names no subject")
    return event.subject


def mark(step: steps.Step) -> Cursor:
    """The cursor to resume after a step."""
    return Cursor(str(step.seq) if step.shared is None else f"{step.seq}.{step.shared}")
