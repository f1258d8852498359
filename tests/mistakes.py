"""What a refused form says, in a shape that one assertion compares."""

import pytest

from models.errors import ErrorCode, UserError


def codes(error: pytest.ExceptionInfo[UserError]) -> list[tuple[ErrorCode, tuple[str, ...]]]:
    return [(problem.code, problem.path) for problem in error.value.problems]
