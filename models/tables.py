"""Every table of the product, so that the metadata is complete."""

from models import account, activities, education, journal, limits, organizers, portfolio, progress, signin
from models.base import Row

CAPABILITIES = (account, activities, education, journal, limits, organizers, portfolio, progress, signin)

__all__ = ["CAPABILITIES", "Row"]
