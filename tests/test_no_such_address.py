"""Where nothing answers, or not to this method, the answer is Russian as well."""

import pytest

from tests.api import Api

pytestmark = pytest.mark.anyio


async def test_an_address_that_there_is_not_and_a_method_that_does_not_fit_are_told_in_russian(
    api: Api,
) -> None:
    nowhere = await api.http.get("/nowhere")
    assert (nowhere.status_code, nowhere.text) == (404, "Нет такой страницы.\n")
    posted = await api.http.post("/readyz")
    assert (posted.status_code, {*posted.headers["allow"].split(", ")}) == (405, {"GET", "HEAD"})
    assert posted.text == "Этот адрес так не открывают: способы перечислены в заголовке Allow.\n"
