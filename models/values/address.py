"""A postal address in full words: street, house, flat or a "no flat" mark (1.1.1-11, 12, 22..25, A28)."""

from dataclasses import dataclass
from typing import Self

from models.errors import ErrorCode, Problem
from models.values.form import Form, Taken
from models.values.house import Building, HouseNumber
from models.values.places import City, Region, Street


@dataclass(frozen=True, slots=True)
class AddressFields:
    """An address as it was typed; a missing field is an empty one."""

    city: str = ""
    street: str = ""
    house: str = ""
    flat: str = ""
    no_flat: bool = False
    no_street: bool = False
    region: str = ""
    building: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Address:
    """Where there are no streets, as in many villages, `street` is an empty text; so is `house` where `building` is
    all the number that a house has."""

    city: City
    street: Street
    house: HouseNumber
    flat: HouseNumber | None = None
    region: Region | None = None
    building: Building | None = None

    @classmethod
    def parse(cls, fields: AddressFields, *path: str) -> Self:
        """All mistakes of the address at once, each under the name of its field."""
        form = Form()
        region = form.take_optional(Region.parse, fields.region, *path, "region")
        city = form.take(City.parse, fields.city, *path, "city")
        street = _street(form, fields, path)
        house = _house(form, fields, path)
        building = form.take_optional(Building.parse, fields.building, *path, "building")
        flat = _flat(form, fields, path)
        form.done()
        return cls(city.value, street.value, house.value, flat.value, region.value, building.value)

    @property
    def full(self) -> str:
        """One line in full words: «город Тула, улица Ленина, дом 5, квартира 12»."""
        parts = (
            self.region,
            self.city,
            self.street,
            self.house and f"дом {self.house}",
            self.building and self.building.full,
            self.flat and f"квартира {self.flat}",
        )
        return ", ".join(part for part in parts if part)

    def __repr__(self) -> str:
        return "Address(***)"


def _street(form: Form, fields: AddressFields, path: tuple[str, ...]) -> Taken[Street]:
    if not fields.no_street:
        return form.take(Street.parse, fields.street, *path, "street")
    if not fields.street.strip():
        return Taken(Street(""))
    message = "Отмечено «улиц нет», но улица указана. Оставьте что-то одно."
    form.add(Problem(ErrorCode.INVALID_FORMAT, message, (*path, "street")))
    return Taken()


def _house(form: Form, fields: AddressFields, path: tuple[str, ...]) -> Taken[HouseNumber]:
    if not fields.house.strip() and Building.is_house(fields.building):
        return Taken(HouseNumber(""))
    return form.take(HouseNumber.parse, fields.house, *path, "house")


def _flat(form: Form, fields: AddressFields, path: tuple[str, ...]) -> Taken[HouseNumber | None]:
    if not fields.no_flat:
        flat = form.take(HouseNumber.parse, fields.flat, *path, "flat")
        return Taken(flat.value) if flat.right else Taken()
    if not fields.flat.strip():
        return Taken(None)
    message = "Отмечено «квартиры нет», но номер квартиры указан. Оставьте что-то одно."
    form.add(Problem(ErrorCode.INVALID_FORMAT, message, (*path, "flat")))
    return Taken()
