"""Results as a provider reports them, and how learning stands after them, for tests of everything that follows from it."""

from resolvers.demo_catalog import demo_id
from tests.api import Api, Json

COURSES = """
{ viewer { progress {
  summary { modulesCompleted modulesTotal creditsEarned }
  courses(first: 50) { edges { node {
    id percent score exam examLabel topicsCompleted topicsTotal lessonsLeft modulesCompleted modulesTotal version
    course { id title difficulty courseType provider { name } }
    modules { title completed completedAt score }
    certificate { status statusLabel number }
  } } }
  grades(first: 50) { totalCount edges { node { id course { title } assessmentTitle kind score maxScore passed attempt } } }
} } }
"""
RECORD = """
mutation ($results: [ResultInput!]!) { recordResults(input: {results: $results}) {
  accepted repeated errors { code path }
} }
"""


def element(person: int, course: int) -> str:
    return f"element_{demo_id('element', demo_id('account', person), course).hex}"


def lesson(course: int, module: int, topic: int, place: int) -> str:
    return f"lesson_{demo_id('lesson', course, module, topic, place).hex}"


def result(statement: str, person: int, course: int, **given: object) -> Json:
    return {
        "statementId": statement,
        "elementId": element(person, course),
        "verb": "COMPLETED",
        "happenedAt": "2026-11-24T08:00:00+00:00",
        **given,
    }


async def progress(doctor: Api) -> Json:
    found: Json = (await doctor.data(COURSES))["viewer"]["progress"]
    return found


async def course(doctor: Api, person: int, number: int) -> Json:
    edges = (await progress(doctor))["courses"]["edges"]
    found: Json = next(edge["node"] for edge in edges if edge["node"]["id"] == element(person, number))
    return found


async def record(provider: Api, *results: Json) -> Json:
    receipt: Json = (await provider.data(RECORD, results=list(results)))["recordResults"]
    return receipt


def exam(course: int) -> str:
    return f"assessment_{demo_id('exam', course).hex}"


def all_but_the_exam() -> list[Json]:
    """Every lesson and every module's test of course 5."""
    lessons = [
        result(f"l{module}{topic}{place}", 1, 5, lessonId=lesson(5, module, topic, place))
        for module in range(3)
        for topic in range(2)
        for place in range(3)
    ]
    tests = [
        result(
            f"t{n}",
            1,
            5,
            assessmentId=f"assessment_{demo_id('assessment', 5, n).hex}",
            scaled=0.8,
            verb="PASSED",
        )
        for n in range(3)
    ]
    return lessons + tests
