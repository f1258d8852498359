"""The worker: jobs by name, each handed to its use case; what a dead worker left is given back."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

from resolvers import limits, messages, notices, personal_data, portfolio, register_check
from resolvers.context import Context, Ports
from storage.jobs import JobQueue

SWEEP_SECONDS = 10.0
TASKS: Mapping[str, Callable[..., Awaitable[None]]] = {
    messages.SEND_SMS: messages.send_sms,
    messages.SEND_LETTER: messages.send_letter,
    personal_data.CHECK_REGISTER: register_check.check_register,
    notices.SEND_NOTICE: notices.send_notice,
    portfolio.CHECK_DOCUMENT: portfolio.check_document,
    portfolio.DROP_OBJECT: portfolio.drop_object,
}


async def work(ports: Ports, url: str) -> None:
    """Do jobs until cancelled."""
    queue = JobQueue(url)
    async with asyncio.TaskGroup() as group:
        group.create_task(queue.work({name: partial(_run, ports, task) for name, task in TASKS.items()}))
        group.create_task(_sweep(queue, ports))


async def _run(ports: Ports, task: Callable[..., Awaitable[None]], **arguments: Any) -> None:
    await task(Context(ports), **arguments)


async def _sweep(queue: JobQueue, ports: Ports) -> None:
    while True:
        await asyncio.sleep(SWEEP_SECONDS)
        await queue.rescue(ports.clock.now())
        await limits.forget_old(Context(ports))
