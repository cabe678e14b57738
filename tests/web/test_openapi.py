"""The API against its own description: schemathesis on a real application with a real document, in local mode."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.core.errors import SchemathesisError
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from extractor.web import roles
from tests.web.serving import Site

# The stream never ends; the first account would end local mode; both are tested elsewhere.
LEFT_OUT = {"GET /api/documents/{document_id}/stream", "POST /api/users"}
OPERATIONS = sorted(key for key in roles.TABLE if " /api/" in key and key not in LEFT_OUT)
# A request may be well formed and ask for what makes no sense here: a record that is not there, a file that is no
# workbook, an empty file, a password where there are no accounts.
MAY_REFUSE = {
    "operations",
    "preview",
    "import",
    "export",
    "bulk",
    "send",
    "text",
    "dossiers",
    "{number}.png",
    "password",
    "decisions",
}


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site of its own: among what is sent are settings with a tiny limit, which other tests' documents would meet."""
    site = Site(tmp_path_factory.mktemp("described"))
    yield site
    site.stop()


@pytest.fixture(scope="module")
def notice(local: Site) -> str:
    return local.notice()


@pytest.fixture(scope="module")
def pdf(local: Site) -> str:
    return local.pdf()


@pytest.fixture(scope="module")
def schema(local: Site, notice: str, pdf: str) -> Any:
    described = schemathesis.openapi.from_dict(local.app.openapi())
    described.config.update(base_url=local.url)
    return described


@pytest.mark.parametrize("key", OPERATIONS)
def test_every_answer_is_as_described(schema: Any, key: str, notice: str, pdf: str) -> None:
    method, path = key.split(" ")
    operation = schema[path][method]
    ways = []
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
        try:
            operation.as_strategy(generation_mode=mode).validate()
        except SchemathesisError:
            continue
        ways.append(operation.as_strategy(generation_mode=mode))
    refuses = path.rsplit("/", 1)[-1] in MAY_REFUSE or key == "POST /api/documents"
    known = {
        parameter["name"] for parameter in operation.definition.raw.get("parameters", ()) if parameter["in"] == "query"
    }
    asked = 0

    @given(case=st.one_of(ways), which=st.sampled_from([notice, pdf, None]))
    @settings(
        max_examples=40, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    def ask(case: schemathesis.Case, which: str | None) -> None:
        nonlocal asked
        asked += 1
        if which is not None and "document_id" in (case.path_parameters or {}) and method != "DELETE":
            case.path_parameters["document_id"] = which
        nul = "\\u0000" in json.dumps(case.body, default=str)  # no text of ours holds one: refused wherever it stands
        left_out: list[Any] = [positive_data_acceptance] if refuses or nul else []
        if set(case.query or ()) - known:  # a parameter that we do not know is left aside, as browsers' tools expect
            left_out.append(negative_data_rejection)
        case.call_and_validate(excluded_checks=left_out)

    ask()
    assert asked >= 1


def test_the_description_names_every_refusal(local: Site) -> None:
    described = local.app.openapi()["paths"]
    assert len(described) > 30
    for path, operations in described.items():
        for method, operation in operations.items():
            answers = operation["responses"]
            assert {"400", "401", "403", "422"} <= set(answers), (method, path)
            if "{document_id}" in path:
                assert "404" in answers, (method, path)
            for status, answer in answers.items():
                if int(status) >= 400:
                    ref = answer["content"]["application/json"]["schema"]["$ref"]
                    assert ref.rsplit("/", 1)[-1] in {"ErrorAnswer", "ConflictAnswer"}


def test_the_description_is_served(local: Site) -> None:
    assert local.api.get("/openapi.json").json() == local.app.openapi()


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/nowhere", 404, "not_found"),
        ("PATCH", "/api/documents", 405, "method_not_allowed"),
        ("GET", "/api/documents?limit=0", 422, "invalid"),
        ("GET", "/api/documents?sort=drop", 422, "invalid"),
        ("GET", "/api/documents/none", 404, "not_found"),
        ("GET", "/api/documents/none/records", 404, "not_found"),
        ("DELETE", "/api/documents/none", 404, "not_found"),
        ("GET", "/api", 404, "not_found"),
    ],
)
def test_every_refusal_has_the_one_shape(local: Site, method: str, path: str, status: int, code: str) -> None:
    answer = local.api.request(method, path)
    assert answer.status_code == status
    error = answer.json()["error"]
    assert error["code"] == code
    assert " / " in error["message"]
    if status == 405:
        assert answer.headers["allow"] == "GET, POST"


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[" * 100_000,
        b'{"name": NaN}',
        b'{"name": "\\ud800"}',
        b'{"name": "a\\u0000b"}',
        b"\xff\xfe",
        b'{"name": 1e999}',
    ],
    ids=["cut", "deep", "nan", "surrogate", "nul", "no utf-8", "infinite"],
)
def test_what_is_no_json_is_refused_in_the_one_shape(local: Site, body: bytes) -> None:
    answer = local.api.post("/api/dossiers", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "bad_request"


def test_a_backslash_u_in_words_is_no_character(local: Site) -> None:
    answer = local.api.post("/api/dossiers", json={"name": "a\\u0000 \\ud800 😀"})
    assert answer.status_code == 201
