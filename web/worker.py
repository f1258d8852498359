"""The worker: jobs by name, each handed to its use case; what a dead worker left is given back."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

from models.errors import Unavailable
from resolvers import (
    activity_changes,
    activity_places,
    closure,
    closure_marks,
    data_export,
    document_check,
    export_making,
    messages,
    notices,
    personal_data,
    register_check,
    restrictions,
)
from resolvers.context import Context, Ports
from storage.jobs import JobQueue, end_if_cancelled
from web.chores import chores_of, keep_doing

PAUSE_SECONDS, TELLING_SECONDS, LOOK_SECONDS = 1.0, 0.25, 10.0
TASKS: Mapping[str, Callable[..., Awaitable[None]]] = {
    messages.SEND_SMS: messages.send_sms,
    messages.SEND_LETTER: messages.send_letter,
    personal_data.CHECK_REGISTER: register_check.check_register,
    activity_changes.TELL_PARTICIPANTS: activity_changes.tell_participants,
    notices.SEND_NOTICE: notices.send_notice,
    data_export.MAKE_EXPORT: data_export.make_data_export,
    closure.MARK_CLOSED: closure_marks.mark_closed,
    export_making.MAKE_EXPORT: export_making.make_export,
    restrictions.TELL_RESTRICTION: restrictions.tell_restriction,
    document_check.CHECK_DOCUMENT: document_check.check_document,
    document_check.DROP_OBJECT: document_check.drop_object,
}
APART = (messages.SEND_SMS, messages.SEND_LETTER)  # others must not wait for silent providers
log = logging.getLogger(__name__)


async def work(ports: Ports, url: str) -> None:
    """Do jobs until cancelled; whatever ends the worker (an outage of the database, say), it begins again."""
    while True:
        try:
            await _work_once(JobQueue(url), ports)
            log.error("the worker stopped by itself, it begins again")
        except Exception:
            log.exception("the worker failed, it begins again")
        await asyncio.sleep(PAUSE_SECONDS)


async def _work_once(queue: JobQueue, ports: Ports) -> None:
    beside = [
        asyncio.create_task(keep_doing(chores_of(queue), ports)),
        asyncio.create_task(_tell_places(ports)),
    ]
    try:
        await queue.work({name: partial(_run, ports, task) for name, task in TASKS.items()}, APART)
    finally:
        for task in beside:
            task.cancel()
        end_if_cancelled()


async def _run(ports: Ports, task: Callable[..., Awaitable[None]], **arguments: Any) -> None:
    await task(Context(ports), **arguments)


async def _tell_places(ports: Ports) -> None:
    """Soon after places have changed and at most a few times a second, so that a rush costs no more than that."""
    async with ports.bus.subscribe(activity_places.PLACES_TOPIC) as marked:
        while True:
            end_if_cancelled()
            try:
                await activity_places.tell_places(Context(ports))
            except Unavailable as error:
                log.warning("places are told of later: %s", error)
            except Exception:
                log.exception("places were not told of")
            await asyncio.sleep(TELLING_SECONDS)
            await marked.wait(LOOK_SECONDS)
