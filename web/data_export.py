"""The file behind the link to a copy of one's data, which opens once (P06)."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from models.errors import Unavailable, UserError
from models.objects import ObjectMissing, ObjectsUnavailable
from resolvers.data_export import PATH, open_copy
from storage.patience import unavailable_after
from web.answers import COME_AGAIN
from web.course_files import HEADERS, plain
from web.doorkeeper import Doorkeeper
from web.limits import Limits

NAMED = {**HEADERS, "Content-Disposition": 'attachment; filename="nmo-my-data.zip"'}


def data_export_route(doorkeeper: Doorkeeper, limits: Limits) -> Route:
    """`/copies/<token>`, for whoever was given the link."""

    async def data_export(request: Request) -> Response:
        if request.method != "GET":  # a look at the link does not spend it
            raise HTTPException(405, headers={"Allow": "GET"})
        try:
            async with unavailable_after(limits.deadline_seconds):
                context = await doorkeeper.enter(request, None, None)
                content = await open_copy(context, request.path_params["token"])
        except (UserError, ObjectMissing):
            return plain("Ссылка уже использована или устарела. Запросите новую копию в настройках.", 410)
        except (Unavailable, ObjectsUnavailable):
            return plain("Хранилище не отвечает. Повторите в течение минуты.", 503, COME_AGAIN)
        return StreamingResponse(content, media_type="application/zip", headers=NAMED)

    return Route(f"{PATH}/{{token}}", data_export)
