"""Fixtures of the S3 contract, a plugin of its test modules: one server of each kind for all of them."""

from collections.abc import AsyncGenerator, Generator

import httpx
import pytest

from storage.objects import ObjectStore, S3Settings
from tests.s3_servers import NAMES, PAGE, running


@pytest.fixture(scope="session", params=NAMES)
def s3_settings(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Generator[S3Settings]:
    name: str = request.param
    with running(name, tmp_path_factory.mktemp(name)) as s3_settings:
        yield s3_settings


@pytest.fixture(scope="module")
async def store(s3_settings: S3Settings) -> ObjectStore:
    store = ObjectStore(s3_settings)
    await store.ensure_bucket([PAGE])
    return store


@pytest.fixture
async def http() -> AsyncGenerator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False, timeout=10) as client:
        yield client
