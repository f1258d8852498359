"""Every table of the product, so that the metadata is complete."""

from models import (
    access,
    account,
    activities,
    applications,
    attendance,
    certificates,
    contact_changes,
    education,
    exports,
    flows,
    journal,
    limits,
    notifications,
    organizers,
    portfolio,
    privacy,
    profile,
    progress,
    restrictions,
    second_factor,
    signin,
    thresholds,
)
from models.base import Row

CAPABILITIES = (
    access,
    account,
    activities,
    applications,
    attendance,
    certificates,
    contact_changes,
    education,
    exports,
    flows,
    journal,
    limits,
    notifications,
    organizers,
    portfolio,
    privacy,
    profile,
    progress,
    restrictions,
    second_factor,
    signin,
    thresholds,
)

__all__ = ["CAPABILITIES", "Row"]
