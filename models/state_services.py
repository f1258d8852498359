"""Services of the state that open with a linked account (2.1-10, 2.1-13, 1.1.2-11, A7)."""

from dataclasses import dataclass
from urllib.parse import quote

PORTAL = "https://www.gosuslugi.ru/search?query="


@dataclass(frozen=True, slots=True)
class StateService:
    """One line of the catalogue."""

    code: str
    title: str

    @property
    def url(self) -> str:
        """The portal finds it by its title: addresses of services change with every new form of theirs."""
        return PORTAL + quote(self.title)


SERVICES = (
    StateService("PERIODIC_ACCREDITATION", "Периодическая аккредитация специалиста"),
    StateService("ACCREDITATION_RECORD", "Сведения об аккредитации медицинского работника"),
    StateService("MEDICAL_WORKER_DATA", "Личные сведения в регистре медицинских работников"),
    StateService("EDUCATION_DOCUMENTS", "Проверка документов об образовании"),
)


def service_of(code: str) -> StateService | None:
    return next((service for service in SERVICES if service.code == code), None)
