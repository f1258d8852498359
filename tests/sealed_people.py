"""A table of people with sealed columns, and the vaults of a rotation."""

from uuid import UUID

from sqlalchemy import Column, LargeBinary, MetaData, Table, Text, Uuid

from storage.vault import Vault

K1, K2, INDEX = b"1" * 32, b"2" * 32, b"i" * 32
OLD = Vault({"k1": K1}, "k1", INDEX)
BOTH = Vault({"k1": K1, "k2": K2}, "k2", INDEX)
NEW = Vault({"k2": K2}, "k2", INDEX)
TABLES = MetaData()
PERSON = Table(
    "person",
    TABLES,
    Column("id", Uuid, primary_key=True),
    Column("name", Text),
    Column("snils_sealed", LargeBinary),
    Column("phone_sealed", LargeBinary),
    Column("snils_index", LargeBinary),
)
ROWS = 1200


def sealed_row(number: int) -> dict[str, object]:
    row = UUID(int=number)
    phone = OLD.seal(f"+7916{number:07d}", "person", "phone_sealed", row) if number % 2 else None
    snils = OLD.seal(f"{number:011d}", "person", "snils_sealed", row)
    index = OLD.index("snils", f"{number:011d}")
    return {
        "id": row,
        "name": "Иванов",
        "snils_sealed": snils,
        "phone_sealed": phone,
        "snils_index": index,
    }
