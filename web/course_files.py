"""Files of courses: each link is asked for anew, so it opens nothing once the element is gone (3.2-7, 3.2-11)."""

from collections.abc import Mapping
from urllib.parse import quote
from uuid import UUID

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from models.errors import ErrorCode, Refusal, Unavailable
from models.objects import ObjectMissing, ObjectsUnavailable
from resolvers.elements import open_material
from storage.patience import unavailable_after
from web.answers import COME_AGAIN
from web.door import Doorstep
from web.doorkeeper import Doorkeeper
from web.limits import Limits
from web.pages import COMMON_HEADERS

HEADERS = {
    **COMMON_HEADERS,
    "Cache-Control": "private, no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "sandbox; default-src 'none'",
}
STATUSES = {ErrorCode.UNAUTHENTICATED: 401, ErrorCode.NOT_FOUND: 404}


def course_file_route(doorkeeper: Doorkeeper, doorstep: Doorstep, limits: Limits) -> Route:
    """`/materials/<element>/<material>` for the signed-in owner of the element."""

    async def course_file(request: Request) -> Response:
        element: UUID = request.path_params["element"]
        material: UUID = request.path_params["material"]
        try:
            async with unavailable_after(limits.deadline_seconds):
                context = await doorkeeper.enter(request, doorstep.token_of_link(request), None)
                found, content = await open_material(context, element, material)
        except Refusal as refusal:
            return plain(refusal.message, STATUSES.get(refusal.code, 403))
        except ObjectMissing:
            return plain("Не найдено.", 404)
        except (Unavailable, ObjectsUnavailable):
            return plain("Хранилище не отвечает. Повторите позже.", 503, COME_AGAIN)
        name = f"attachment; filename*=UTF-8''{quote(found.file_name, safe='')}"
        return Response(content, media_type=found.mime_type, headers={**HEADERS, "Content-Disposition": name})

    return Route("/materials/{element:uuid}/{material:uuid}", course_file)


def plain(message: str, status: int, headers: Mapping[str, str] = {}) -> Response:
    return PlainTextResponse(f"{message}\n", status, {**HEADERS, **headers})
