"""Cycles of accreditation that a person follows (3.4-20)."""

from datetime import date
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from models.base import Row, owner

LONGEST_SPECIALTY = 200
MOST_CYCLES = 50


class PlanCycle(Row, table=True):
    """Five years in one speciality, the last day excluded; `warned_months` is the last warning that was given."""

    __table_args__ = (UniqueConstraint("account_id", "specialty", "starts_on"),)

    id: UUID = Field(primary_key=True)
    account_id: UUID = owner()
    specialty: str
    starts_on: date
    ends_on: date = Field(index=True)
    warned_months: int | None = None
