"""The examples of the README, run as they stand there against a running server."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.node_runners import FOLDER as CLIENTS
from tests.node_runners import installed_node
from tests.product import Json, Product, environment, live
from tests.uploading import pdf

README = (Path(__file__).resolve().parent.parent / "README.md").read_text("utf-8")


def example(language: str, word: str) -> str:
    """The example in this language that has the word, which no other has."""
    blocks: list[str] = re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)
    [found] = [block for block in blocks if word in block]
    return found


def asked(product: Product, word: str, **variables: object) -> Json:
    answer = product.ask(example("graphql", word), product.token("demo-1"), **variables)
    assert "errors" not in answer, answer
    data: Json = answer["data"]
    return data


def shell(product: Product, command: str) -> subprocess.CompletedProcess[str]:
    """What a command says when it is typed into a shell of the project's folder."""
    assert "http://127.0.0.1:8000" in command
    command = command.replace("http://127.0.0.1:8000", product.origin)
    return subprocess.run(
        ["sh", "-c", command.replace(".venv/bin/nmo", f"{sys.executable} -m web")],
        env=environment(product.settings),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def typed(product: Product, command: str) -> object:
    """The answer to a command, which is JSON."""
    done = shell(product, command)
    assert done.returncode == 0, done.stderr
    answer: object = json.loads(done.stdout)
    return answer


def run_script(script: str) -> subprocess.CompletedProcess[str]:
    """A script of a page, in Node, beside the packages that the clients' tests use."""
    return subprocess.run(
        [str(installed_node() / "node"), "--input-type=module", "-e", script],
        cwd=CLIENTS,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_curl_command_answers(product: Product) -> None:
    answer = typed(product, example("sh", "nextSteps"))
    assert isinstance(answer, dict)
    assert answer["data"] == {"viewer": {"nextSteps": ["BUILD_PORTFOLIO"]}}


def test_the_ids_of_reports_are_those_that_the_questions_before_them_answer(product: Product) -> None:
    questions = shell(product, example("sh", "ask()"))
    assert questions.stdout.count('"data"') == 2, questions.stderr
    statement, report = example("sh", "xapi"), example("json", "statementId")
    [registration] = re.findall(r'"registration": "([0-9a-f-]{36})"', statement)
    named = re.findall(r"[a-z]+_[0-9a-f]{32}", statement + report)
    assert {"element_" + registration.replace("-", ""), *named} <= {
        *re.findall(r'"id":"(\w+)"', questions.stdout)
    }
    assert typed(product, statement) == re.findall(r'"id": "([0-9a-f-]{36})"', statement)
    answer = product.ask(
        example("graphql", "mutation Report"), product.token("provider-6"), **json.loads(report)
    )
    assert answer["data"]["recordResults"] == {"accepted": 1, "repeated": 0, "errors": []}


def test_the_query_shows_events_and_progress(product: Product) -> None:
    viewer = asked(product, "query Cabinet")["viewer"]
    assert len(viewer["activities"]["edges"]) == 3
    assert len(viewer["progress"]["courses"]["edges"]) == 3


def test_the_export_is_a_file_of_the_same_rows(product: Product) -> None:
    export = asked(product, "mutation Export")["requestExport"]
    assert export["errors"] == []
    table = httpx.get(export["job"]["downloadUrl"]).content.decode("utf-8-sig")
    assert len(table.splitlines()) > export["job"]["rows"] > 0


@pytest.mark.anyio
async def test_the_subscription_begins_with_a_snapshot_and_goes_on_after_its_cursor(
    product: Product,
) -> None:
    token, query = product.token("demo-1"), example("graphql", "subscription Live")
    async with live(product.url, token) as connection:
        await connection.subscribe(query)
        first = await connection.event("progress")
        assert first["__typename"] == "ProgressSnapshot"
        await connection.subscribe(query, after="0")
        assert (await connection.event("progress"))["__typename"] in ("ProgressDelta", "Heartbeat")


def test_the_curl_command_listens(product: Product) -> None:
    command = example("sh", "text/event-stream").replace("curl -NG", "curl -sNG --max-time 2")
    lines = shell(product, command).stdout.splitlines()
    [told, *_] = [json.loads(line[6:]) for line in lines if line.startswith("data: ")]
    assert told["data"]["progress"]["__typename"] == "ProgressSnapshot"
    assert told["data"]["progress"]["courses"]


def test_the_curl_command_goes_on_after_the_last_event_it_saw(product: Product) -> None:
    command = example("sh", "text/event-stream").replace("curl -NG", "curl -sNG --max-time 2")
    again = shell(product, command.replace("-H 'Accept", "-H 'Last-Event-ID: 0' -H 'Accept")).stdout
    assert "ProgressSnapshot" not in again
    assert again.count("ProgressDelta") == len(set(re.findall(r"^id: (\w+)$", again, re.MULTILINE))) > 3


def test_the_script_listens_and_keeps_the_cursor(product: Product) -> None:
    script = example("js", "createClient").replace("127.0.0.1:8000", product.origin.partition("//")[2])
    done = run_script(
        f"""
        import WebSocket from "ws";
        globalThis.WebSocket = WebSocket;
        const token = {json.dumps(product.token("demo-1"))};
        const query = {json.dumps(example("graphql", "subscription Live"))};
        let cursor = null;
        {script.replace("data.progress.cursor;", "data.progress.cursor; break;")}
        console.log(Number(cursor) > 0);
        process.exit(0);
        """
    )
    assert done.stdout == "true\n", done.stderr


def test_the_script_comes_back_with_its_cursor_and_is_told_nothing_twice(product: Product) -> None:
    report = {
        "query": example("graphql", "mutation Report"),
        "variables": json.loads(example("json", "statementId").replace("player-42", "player-43")),
    }
    script = example("js", "createClient")
    done = run_script(
        f"""
        import net from "node:net";
        import WebSocket from "ws";
        globalThis.WebSocket = WebSocket;
        const sockets = [], seen = [];
        const cut = () => sockets.splice(0).forEach((socket) => socket.destroy());
        const report = () => fetch("{product.url}", {{
          method: "POST",
          headers: {{
            "Content-Type": "application/json",
            Authorization: "Bearer {product.token("provider-6")}",
          }},
          body: {json.dumps(json.dumps(report))},
        }});
        let connections = 0;
        const proxy = net.createServer((client) => {{
          const server = net.connect({product.port}, "127.0.0.1");
          for (const socket of [client, server]) sockets.push(socket.on("error", () => {{}}).on("close", cut));
          client.pipe(server).pipe(client);
          if (++connections === 2) setTimeout(report, 500);
        }});
        await new Promise((listening) => proxy.listen(0, "127.0.0.1", listening));
        const told = ({{ __typename, cursor }}) => {{
          if (__typename !== "ProgressDelta") return;
          const fresh = connections === 2 && Number(cursor) > Math.max(...seen.map(Number));
          if (seen.push(cursor) === 1) setTimeout(cut, 1000);
          if (!fresh) return;
          console.log(seen.length > 3, seen.length - new Set(seen).size);
          process.exit(0);
        }};
        const token = {json.dumps(product.token("demo-1"))};
        const query = {json.dumps(example("graphql", "subscription Live"))};
        let cursor = "0";
        {
            script.replace(
                '"ws://127.0.0.1:8000/graphql"', "`ws://127.0.0.1:${proxy.address().port}/graphql`"
            ).replace("data.progress.cursor;", "data.progress.cursor; told(data.progress);")
        }
        """
    )
    assert done.stdout == "true 0\n", done.stderr


def test_the_upload_of_the_three_examples_ends_in_a_saved_document(product: Product, tmp_path: Path) -> None:
    content = pdf()
    about = json.loads(example("json", "fileName"))["input"]
    leave = asked(product, "mutation Leave", input={**about, "sizeBytes": len(content)})
    ticket = leave["requestDocumentUpload"]["ticket"]
    (tmp_path / "file").write_bytes(content)
    done = run_script(
        f"""
        import {{ openAsBlob }} from "node:fs";
        const ticket = {json.dumps(ticket)};
        const file = await openAsBlob({json.dumps(str(tmp_path / "file"))}, {{ type: "application/pdf" }});
        {example("js", "FormData").replace("await fetch", "const answer = await fetch")}
        console.log(answer.status);
        """
    )
    assert done.stdout == "204\n", done.stderr
    given = {**json.loads(example("json", "uploadId"))["input"], "uploadId": ticket["id"]}
    assert asked(product, "mutation Save", input=given)["saveDocument"]["errors"] == []
