"""The page is served with its security headers, caching and compression; paths cannot leave its folder."""

import gzip
from pathlib import Path

import anyio
import httpx
import pytest
from starlette.applications import Starlette

from web.pages import page_routes


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "static" / "assets").mkdir(parents=True)
    (tmp_path / "static" / "index.html").write_text("<title>Кабинет НМО</title>")
    (tmp_path / "static" / "graphiql.html").write_text("<title>GraphiQL</title>")
    (tmp_path / "static" / "assets" / "index-1.js").write_text("export const x = 1;\n" * 100)
    (tmp_path / "secret.txt").write_text("secret")
    return tmp_path / "static"


def get(
    folder: Path,
    path: str,
    *,
    graphiql: bool = False,
    upload_origin: str | None = None,
    accept_encoding: str = "gzip",
) -> httpx.Response:
    routes = page_routes(folder, graphiql=graphiql, upload_origin=upload_origin)
    transport = httpx.ASGITransport(Starlette(routes=list(routes)))

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=transport, base_url="http://nmo.test") as client:
            return await client.get(path, headers={"accept-encoding": accept_encoding})

    return anyio.run(ask)


@pytest.mark.parametrize("path", ["/", "/signin", "/cabinet", "/cabinet/activities"])
def test_3_1_4_every_address_of_the_cabinet_opens_the_page(folder: Path, path: str) -> None:
    answer = get(folder, path)
    assert answer.status_code == 200
    assert "Кабинет НМО" in answer.text
    assert answer.headers["cache-control"] == "no-cache"


def test_the_cabinet_allows_no_inline_code_and_no_foreign_origin(folder: Path) -> None:
    policy = get(folder, "/").headers["content-security-policy"]
    assert policy.startswith("default-src 'self';")
    assert "unsafe" not in policy
    assert "http" not in policy


def test_uploads_may_go_to_the_object_store_and_nowhere_else(folder: Path) -> None:
    policy = get(folder, "/", upload_origin="https://s3.example.org").headers["content-security-policy"]
    assert policy.endswith("connect-src 'self' https://s3.example.org")


def test_hashed_files_are_kept_forever_and_compressed(folder: Path) -> None:
    answer = get(folder, "/assets/index-1.js")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["vary"] == "Accept-Encoding"
    assert int(answer.headers["content-length"]) == len(gzip.compress(answer.content, 9, mtime=0))
    plain = get(folder, "/assets/index-1.js", accept_encoding="identity")
    assert "content-encoding" not in plain.headers
    assert plain.content == answer.content


@pytest.mark.parametrize(
    "path", ["/assets/..%2f..%2fsecret.txt", "/assets/..%2findex.html", "/assets/none.js", "/none"]
)
def test_nothing_outside_the_built_page_is_served(folder: Path, path: str) -> None:
    answer = get(folder, path)
    assert answer.status_code == 404
    assert "secret" not in answer.text


def test_graphiql_is_served_only_where_it_is_allowed(folder: Path) -> None:
    assert get(folder, "/graphiql").status_code == 404
    answer = get(folder, "/graphiql", graphiql=True)
    assert answer.status_code == 200
    assert "script-src" not in answer.headers["content-security-policy"]


def test_without_a_built_page_one_line_says_how_to_build_it(tmp_path: Path) -> None:
    answer = get(tmp_path, "/")
    assert answer.status_code == 503
    assert "python hatch_build.py" in answer.text
