"""Every table of the product, so that the metadata is complete."""

from models import (
    account,
    activities,
    contact_changes,
    education,
    journal,
    limits,
    organizers,
    portfolio,
    progress,
    second_factor,
    signin,
)
from models.base import Row

CAPABILITIES = (
    account,
    activities,
    contact_changes,
    education,
    journal,
    limits,
    organizers,
    portfolio,
    progress,
    second_factor,
    signin,
)

__all__ = ["CAPABILITIES", "Row"]
