"""How a system of others can fail us: for now, or for good."""

from models.errors import Unavailable


class GatewayUnavailable(Unavailable):
    """No answer or a passing fault: the same call may succeed later."""


class GatewayRefused(Exception):
    """The other side understood and refused: repeating the same call is no use."""
