"""Modules loaded by name, when they are called for (D12)."""

import gc
from importlib import import_module
from typing import Any


def load(name: str) -> Any:
    """What a module brings stays for good: to look through it for garbage, now or later, would cost half a second."""
    gc.disable()
    try:
        return import_module(name)
    finally:
        gc.freeze()
        gc.enable()
