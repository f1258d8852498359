"""Demonstration data for a server that is tried out."""

from collections.abc import Callable

from resolvers.context import Context
from resolvers.demo import is_loaded, load_demo
from resolvers.demo_large import is_large, load_large
from web.settings import Settings
from web.wiring import open_ports


async def ensure_demo(settings: Settings, say: Callable[[str], None]) -> bool:
    """Load the demonstration unless it is there; whether there was something to load."""
    async with open_ports(settings, beside=True) as ports:
        context = Context(ports)
        if await is_loaded(context):
            return False
        say("Загружаю демонстрационные данные…")
        await load_demo(context)
    return True


async def ensure_large(settings: Settings, say: Callable[[str], None]) -> bool:
    """Load the size for measurements unless it is there; the demonstration comes first."""
    fresh = await ensure_demo(settings, say)
    async with open_ports(settings, beside=True) as ports:
        context = Context(ports)
        if await is_large(context):
            return fresh
        say("Загружаю данные для измерений…")
        await load_large(context, say)
    return True
