"""The schema: every capability's part put together."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import strawberry
from strawberry.schema.config import StrawberryConfig

from models import account as rows
from models.activities import Enrollment
from models.education import Course
from models.organizers import Organizer
from models.progress import Certificate
from resolvers import activities, applications, elements, exports, notifications, portfolio, progress
from resolvers.context import Context
from resolvers.loading import fetch
from resolvers.rights import SIGNED_IN, everyone, not_found
from schema.account import AccountViewer
from schema.activities import ActivitiesMutation, ActivitiesQuery, ActivitiesSubscription, ActivitiesViewer
from schema.activity_changes import ActivityChangesMutation
from schema.applications import ApplicationsMutation, ApplicationsViewer
from schema.attendance import AttendanceMutation
from schema.base import SCALARS, Info, Node, node, parse_id
from schema.certificates import CertificatesMutation, CertificatesQuery
from schema.contact_changes import ContactChangesMutation
from schema.dashboards import DashboardsMutation, DashboardsViewer
from schema.education import EducationQuery
from schema.elements import ElementsMutation, ElementsSubscription, ElementsViewer
from schema.errors import ERROR_TYPES
from schema.exports import ExportsMutation, ExportsSubscription, ExportsViewer
from schema.fields import root
from schema.first_login import FirstLoginMutation, TermsQuery
from schema.journal import JournalViewer
from schema.linking import LinkingMutation, LinkingViewer
from schema.notifications import (
    NotificationsMutation,
    NotificationsSubscription,
    NotificationsViewer,
)
from schema.passwords import PasswordsQuery
from schema.personal_data import PersonalDataMutation, PersonalDataSubscription, PersonalDataViewer
from schema.plan import PlanMutation, PlanViewer
from schema.portfolio import PortfolioMutation, PortfolioSubscription, PortfolioViewer
from schema.privacy import PrivacyMutation, PrivacyViewer
from schema.probe import ProbeSubscription
from schema.progress import Grade, ProgressMutation, ProgressSubscription, ProgressViewer
from schema.recovery import RecoveryMutation, RecoveryQuery
from schema.registration import RegistrationMutation, RegistrationQuery
from schema.restrictions import RestrictionsMutation, RestrictionsQuery
from schema.second_factor import SecondFactorMutation, SecondFactorViewer
from schema.sessions import SessionsMutation, SessionsViewer
from schema.signin import SigninMutation
from schema.support import SupportMutation, SupportQuery
from schema.thresholds import ThresholdsMutation, ThresholdsQuery, ThresholdsViewer


@node(rows.Account, "viewer", description="Вы: всё личное начинается отсюда.")
class Viewer(
    Node,
    AccountViewer,
    PersonalDataViewer,
    ApplicationsViewer,
    ActivitiesViewer,
    PortfolioViewer,
    ProgressViewer,
    ElementsViewer,
    ExportsViewer,
    DashboardsViewer,
    JournalViewer,
    NotificationsViewer,
    PrivacyViewer,
    SecondFactorViewer,
    SessionsViewer,
    ThresholdsViewer,
    PlanViewer,
    LinkingViewer,
):
    """The signed-in person; served from the row of the account."""


Finder = Callable[[Context, UUID], Awaitable[Any]]


async def _self(context: Context, key: UUID) -> rows.Account | None:
    return context.person.account if context.person.account.id == key else None


async def _organizer(context: Context, key: UUID) -> Organizer | None:
    return await fetch(context, Organizer, key, everyone(context))


async def _course(context: Context, key: UUID) -> Course | None:
    return await fetch(context, Course, key, everyone(context))


async def _enrollment(context: Context, key: UUID) -> Enrollment | None:
    return await fetch(context, Enrollment, key, activities.MY_ENROLLMENT.scope(context))


async def _certificate(context: Context, key: UUID) -> Certificate | None:
    return await fetch(context, Certificate, key, progress.CERTIFICATE.scope(context))


FINDERS: dict[str, Finder] = {
    "viewer": _self,
    "application": applications.find_application,
    "organizer": _organizer,
    "course": _course,
    "enrollment": _enrollment,
    "certificate": _certificate,
    "activity": activities.find_activity,
    "document": portfolio.find_document,
    "element": progress.course_progress,
    "grade": progress.grade,
    "notification": notifications.notification_now,
    "education": elements.element_now,
    "exportJob": exports.find_export,
}


@strawberry.type(description="Чтение.")
class Query(
    RegistrationQuery,
    RecoveryQuery,
    SupportQuery,
    ActivitiesQuery,
    PasswordsQuery,
    TermsQuery,
    EducationQuery,
    RestrictionsQuery,
    CertificatesQuery,
    ThresholdsQuery,
):
    """All queries."""

    @root(SIGNED_IN, description="Вы.", of=Viewer | None)
    async def viewer(self, info: Info) -> Any:
        return info.context.person.account

    @root(
        SIGNED_IN,
        description="Что угодно по идентификатору; чужое и несуществующее неотличимы.",
        of=Node | None,
    )
    async def node(self, info: Info, id: strawberry.ID) -> Any:  # noqa: A002 - the schema's word
        prefix = id.rpartition("_")[0]
        finder = FINDERS.get(prefix)
        found = await finder(info.context, parse_id(prefix, id, "id")) if finder else None
        if found is None:
            raise not_found()
        return found


@strawberry.type(description="Изменения; каждое отвечает данными и списком ошибок.")
class Mutation(
    RegistrationMutation,
    RecoveryMutation,
    SupportMutation,
    ApplicationsMutation,
    SigninMutation,
    PersonalDataMutation,
    NotificationsMutation,
    ContactChangesMutation,
    FirstLoginMutation,
    PrivacyMutation,
    SecondFactorMutation,
    SessionsMutation,
    ActivitiesMutation,
    AttendanceMutation,
    ActivityChangesMutation,
    PortfolioMutation,
    ProgressMutation,
    ElementsMutation,
    ExportsMutation,
    DashboardsMutation,
    RestrictionsMutation,
    CertificatesMutation,
    ThresholdsMutation,
    PlanMutation,
    LinkingMutation,
):
    """All mutations."""


@strawberry.type(description="Живые потоки.")
class Subscription(
    PersonalDataSubscription,
    NotificationsSubscription,
    ProgressSubscription,
    PortfolioSubscription,
    ActivitiesSubscription,
    ElementsSubscription,
    ExportsSubscription,
    ProbeSubscription,
):
    """All subscriptions."""


schema = strawberry.Schema(
    query=Query,
    mutation=Mutation,
    subscription=Subscription,
    types=[*ERROR_TYPES, Grade],
    config=StrawberryConfig(scalar_map=SCALARS, disable_field_suggestions=True),
)
