"""Which rows belong to one person: read from the foreign keys, so that a new table is never forgotten (P05, P07)."""

from uuid import UUID

from sqlalchemy import ColumnElement, Table, select

from models.base import Row


def owned_tables(account_id: UUID) -> dict[Table, ColumnElement[bool]]:
    """Every table with rows of the account, parents first, with the condition that finds them."""
    account = Row.metadata.tables["account"]
    owned: dict[Table, ColumnElement[bool]] = {account: account.c.id == account_id}
    for table in Row.metadata.sorted_tables:
        condition = _through_a_parent(table, owned)
        if table is not account and condition is not None:
            owned[table] = condition
    return owned


def _through_a_parent(table: Table, owned: dict[Table, ColumnElement[bool]]) -> ColumnElement[bool] | None:
    keys = sorted(table.foreign_keys, key=lambda key: key.column.table.name != "account")
    for key in keys:
        parent = key.column.table
        if parent in owned and parent is not table:
            return key.parent.in_(select(key.column).where(owned[parent]))
    return None
