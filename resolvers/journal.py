"""The action log: everything that happened to an account, with proof that nothing was altered (3.3-27, 3.3-28)."""

from collections.abc import Sequence
from typing import Any

from anyio.to_thread import run_sync
from sqlalchemy import select
from sqlmodel import col

from models.journal import GENESIS, Event, Stream, account_stream, follows
from resolvers.context import Context
from resolvers.paging import By, Page, page

PART = 1000
RECORDED: list[Any] = [getattr(Event, name) for name in Event.model_fields]
LABELS = {
    "signin:session:opened": "Вход в личный кабинет",
    "signin:session:closed": "Выход из личного кабинета",
    "signin:challenge:failed": "Неверный код при входе",
    "linking:attempt:started": "Начат переход на Госуслуги",
    "linking:attempt:returned": "Возврат с Госуслуг",
    "linking:account:linked": "Учётная запись связана с Госуслугами",
    "linking:account:refused": "Привязка к Госуслугам не удалась",
    "linking:account:unlinked": "Связь с Госуслугами снята",
    "linking:data:updated": "Данные обновлены с Госуслуг",
    "linking:sync:failed": "Данные с Госуслуг не получены, попытка повторится",
    "linking:consent:withdrawn": "Передача данных с Госуслуг прекращена",
    "personal_data:form:submitted": "Отправлены персональные данные",
    "personal_data:check:postponed": "Государственный реестр не ответил, сверка повторится",
    "personal_data:check:matched": "Персональные данные подтверждены реестром",
    "personal_data:check:mismatched": "Персональные данные не совпали с реестром",
    "notifications:notification:created": "Новое уведомление",
    "notifications:notification:read": "Уведомление прочитано",
    "notifications:all:read": "Прочитаны все уведомления",
    "notifications:settings:changed": "Изменены настройки уведомлений",
    "privacy:consent:given": "Дано согласие",
    "privacy:consent:withdrawn": "Согласие отозвано",
    "privacy:export:requested": "Запрошена копия данных",
    "privacy:export:ready": "Копия данных готова",
    "privacy:export:failed": "Копию данных собрать не удалось",
    "privacy:export:taken": "Копия данных получена",
    "privacy:closure:requested": "Запрошено закрытие учётной записи",
    "privacy:closure:cancelled": "Закрытие учётной записи отменено",
    "privacy:closure:done": "Учётная запись закрыта, личные данные удалены",
    "signin:password:failed": "Неверный пароль при входе",
    "signin:password:limited": "Вход временно остановлен: много неверных паролей",
    "signin:session:reauthenticated": "Личность подтверждена повторно",
    "signin:reauthentication:failed": "Личность не подтверждена: неверный пароль или код",
    "signin:reauthentication:limited": "Подтверждение личности временно остановлено",
    "signin:totp:started": "Начато подключение приложения с кодами",
    "signin:totp:refused": "Неверный код при подключении приложения",
    "signin:totp:enabled": "Включён вход по приложению с кодами",
    "signin:totp:disabled": "Отключён вход по приложению с кодами",
    "signin:codes:renewed": "Выданы новые запасные коды",
    "account:identity:compared": "ИНН или СНИЛС сверен с профилем",
    "account:identity:refused": "ИНН или СНИЛС не совпал с профилем",
    "account:terms:accepted": "Приняты правила пользования",
    "account:access:blocked": "Доступ остановлен оператором, сеансы завершены",
    "account:access:unblocked": "Доступ возвращён оператором",
    "account:right:granted": "Оператор дал учётной записи право",
    "account:right:withdrawn": "Оператор снял у учётной записи право",
    "account:inn:freed": "Оператор убрал ИНН, который никто не подтвердил",
    "account:password:changed": "Пароль изменён",
    "account:contact:requested": "Запрошена смена контакта",
    "account:contact:refused": "Смена контакта не подтверждена",
    "account:contact:changed": "Контакт изменён",
    "account:contact:reverted": "Прежний контакт возвращён",
    "activities:enrollment:enrolled": "Запись на мероприятие",
    "activities:enrollment:cancelled": "Отмена записи на мероприятие",
    "activities:enrollment:waitlisted": "Место в листе ожидания мероприятия",
    "activities:enrollment:attended": "Отмечено присутствие на мероприятии",
    "activities:enrollment:confirmed": "Подтверждено участие в мероприятии",
    "activities:activity:changed": "Организатор изменил мероприятие",
    "activities:codes:issued": "Выданы коды подтверждения участия",
    "activities:enrollment:promoted": "Освободилось место: вы записаны на мероприятие",
    "progress:course:updated": "Обновлены результаты обучения",
    "education:element:added": "Добавлен элемент образования",
    "education:element:removed": "Удалён элемент образования с оценками и удостоверениями",
    "plan:cycle:set": "Задан цикл индивидуального плана",
    "plan:cycle:removed": "Цикл индивидуального плана больше не ведётся",
    "thresholds:threshold:set": "Задан порог результатов",
    "thresholds:threshold:removed": "Удалён порог результатов",
    "thresholds:threshold:reached": "Достигнут порог результатов",
    "education:restriction:set": "Введено ограничение учебного заведения",
    "education:restriction:due": "Наступил срок ограничения учебного заведения",
    "education:restriction:lifted": "Снято ограничение учебного заведения",
    "progress:certificate:issued": "Удостоверение выдано",
    "signin:dashboard:created": "Выдан токен настенному экрану",
    "signin:dashboard:revoked": "Токен настенного экрана отозван",
    "exports:job:requested": "Запрошена выгрузка списка в файл",
    "exports:job:ready": "Выгрузка списка готова",
    "portfolio:upload:requested": "Запрошена загрузка документа",
    "portfolio:document:saved": "Документ сохранён",
    "portfolio:document:checked": "Документ проверен",
    "portfolio:document:replaced": "Документ заменён новым",
    "portfolio:document:expired": "Срок документа истёк",
    "registration:account:created": "Учётная запись создана после подтверждения контакта",
    "registration:contact:confirmed": "Контакт подтверждён",
    "registration:code:confirmed": "Верный код при регистрации",
    "registration:code:failed": "Неверный код при регистрации",
    "registration:code:limited": "Проверка кодов регистрации временно остановлена: много неверных",
    "registration:message:repeated": "Подтверждение отправлено ещё раз",
    "registration:email:blocked": "Отправка писем остановлена до исправления адреса",
    "recovery:flow:requested": "Запрошено восстановление пароля",
    "recovery:code:confirmed": "Верный код восстановления",
    "recovery:code:failed": "Неверный код восстановления",
    "recovery:code:limited": "Проверка кодов восстановления временно остановлена: много неверных",
    "recovery:password:reset": "Пароль восстановлен, сеансы завершены",
    "registration:flow:forgotten": "Незаконченная регистрация удалена по сроку",
    "recovery:flow:forgotten": "Данные восстановления пароля удалены по сроку",
    "applications:application:moved": "Изменён статус заявки",
    "account:demo:loaded": "Учётная запись создана для демонстрации",
}


async def action_log(context: Context, first: int, after: str | None, prefix: str = "") -> Page[Event]:
    """The viewer's own log, newest first."""
    query = select(Event).where(col(Event.stream) == account_stream(context.person.account.id))
    if prefix:
        query = query.where(col(Event.action).startswith(prefix, autoescape=True))
    return await page(context, query, [By("SEQ", col(Event.seq), descending=True)], first, after)


async def chain_valid(context: Context) -> bool:
    """Whether the viewer's whole chain still holds, from the first event to the recorded head.

    Read in parts and hashed beside the event loop, so that a long chain holds up nobody else.
    """
    stream = account_stream(context.person.account.id)
    async with context.database.reading() as session:
        head = await session.get(Stream, stream)
    if head is None:
        return True
    seq, last_hash = 0, GENESIS
    # Events that come while we are reading are beyond the head we know.
    while seq < head.last_seq:
        events = await _part(context, stream, seq, head.last_seq)
        if not events or not await run_sync(follows, events, seq, last_hash):
            return False
        seq, last_hash = events[-1].seq, events[-1].hash
    return last_hash == head.last_hash


async def _part(context: Context, stream: str, after: int, until: int) -> Sequence[Any]:
    """The next events as plain rows: objects of the session would cost several times as much."""
    query = (
        select(*RECORDED)
        .where(col(Event.stream) == stream, col(Event.seq) > after, col(Event.seq) <= until)
        .order_by(col(Event.seq))
        .limit(PART)
    )
    async with context.database.reading() as session:
        return (await session.execute(query)).all()
