"""Texts a person agrees to, by version: each a document of its own with one purpose (2.2-8, 2.1-16).

What is kept of an agreement is the version and the digest of the text, so a published text is never edited:
a change is a new version at the end of the list, and everybody is asked again.
"""

import hashlib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class TermsKind(StrEnum):
    """Which document it is; each is accepted by itself."""

    TERMS_OF_USE = "TERMS_OF_USE"
    PERSONAL_DATA = "PERSONAL_DATA"
    DATA_TRANSFER = "DATA_TRANSFER"


@dataclass(frozen=True, slots=True)
class Terms:
    kind: TermsKind
    version: str
    since: date
    title: str
    text: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


def current_terms(kind: TermsKind) -> Terms:
    return next(terms for terms in reversed(PUBLISHED) if terms.kind == kind)


def terms_of(kind: TermsKind, version: str) -> Terms | None:
    return next((terms for terms in PUBLISHED if (terms.kind, terms.version) == (kind, version)), None)


def _text(written: str) -> str:
    """Paragraphs stand apart; the ends of lines inside them are only those of this file."""
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in written.strip().split("\n\n"))


_TERMS_OF_USE_1 = _text("""
    1. Личный кабинет НМО предназначен для врачей: в нём ведут портфолио документов, записываются на
    образовательные активности, проходят обучение и следят за его ходом.

    2. Учётная запись принадлежит одному человеку. Передавать пароль, коды подтверждения и устройство для
    входа другим лицам нельзя.

    3. Сведения о себе указывают точно так, как они записаны в документах. Сведения сверяются с
    государственными реестрами; до успешной сверки доступ ограничен.

    4. Загружать можно только свои документы. Подложный документ ведёт к отклонению заявки.

    5. О каждом входе и каждом изменении учётной записи делается запись, которую видит её владелец.

    6. Учётную запись можно закрыть в любое время в настройках. Закрытие наступает через 14 дней, до этого
    его можно отменить.

    7. При изменении этих правил кабинет попросит принять новую редакцию. Прежние редакции сохраняются.
    """)

_PERSONAL_DATA_1 = _text("""
    Я даю согласие на обработку моих персональных данных с одной целью: ведение личного кабинета
    непрерывного медицинского образования.

    Данные: фамилия, имя, отчество, дата и место рождения, паспорт, ИНН, СНИЛС, адреса регистрации и
    проживания, телефон, электронная почта, сведения об образовании и загруженные документы.

    Действия: сбор, запись, хранение, уточнение, сверка с государственными реестрами, использование,
    обезличивание, удаление. Данные хранятся на территории Российской Федерации в зашифрованном виде.

    Срок: до закрытия учётной записи или до отзыва согласия. Отозвать согласие можно в настройках; после
    отзыва данные удаляются не позднее чем через 30 дней, кроме тех, которые закон обязывает хранить.
    """)

_DATA_TRANSFER_1 = _text("""
    Я даю согласие на получение моих подтверждённых сведений с портала Госуслуг с одной целью: не вводить их
    в личном кабинете НМО заново.

    Сведения: фамилия, имя, отчество, дата и место рождения, паспорт, ИНН, СНИЛС, адреса, телефон,
    электронная почта.

    Согласие можно отозвать в настройках аккаунта в разделе «Синхронизация с Госуслугами»; после отзыва
    сведения больше не обновляются.
    """)

PUBLISHED = (
    Terms(
        TermsKind.TERMS_OF_USE,
        "1",
        date(2026, 11, 1),
        "Правила пользования личным кабинетом НМО",
        _TERMS_OF_USE_1,
    ),
    Terms(
        TermsKind.PERSONAL_DATA,
        "1",
        date(2026, 11, 1),
        "Согласие на обработку персональных данных",
        _PERSONAL_DATA_1,
    ),
    Terms(
        TermsKind.DATA_TRANSFER,
        "1",
        date(2026, 11, 1),
        "Согласие на передачу данных с портала Госуслуг",
        _DATA_TRANSFER_1,
    ),
)
