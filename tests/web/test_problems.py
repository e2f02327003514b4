import json
import logging
from urllib.parse import quote

import httpx
import pytest

from server.web.logging import JsonLine
from tests.web.conftest import SECRET_WORDS, client

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def expect_problem(answer: httpx.Response, status: int, code: str) -> dict:
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert (told["status"], told["code"], told["type"]) == (status, code, f"urn:deskside:{code}")
    assert told["request_id"] == answer.headers["x-request-id"]
    return told


async def test_a_refusal_of_ours_tells_its_words_and_how_it_stands(http):
    told = expect_problem(await http.post("/things", json={"name": "taken"}), 409, "taken")
    assert told["detail"] == "it is taken"
    assert told["details"] == {"by": "somebody"}


async def test_wrong_fields_are_named_and_what_was_given_is_not_repeated(http):
    answer = await http.post("/things", json={"name": "", "count": SECRET_WORDS})
    told = expect_problem(answer, 422, "wrong_fields")
    assert {item["where"]: item["words"] for item in told["errors"]} == {
        "body.name": "must not be empty",
        "body.count": "must be a whole number",
    }
    assert SECRET_WORDS not in answer.text


async def test_a_body_that_is_no_json(http):
    answer = await http.post("/things", content=b"{", headers={"Content-Type": "application/json"})
    expect_problem(answer, 400, "not_json")


async def test_nothing_there_and_another_method(http):
    expect_problem(await http.get("/nothing"), 404, "not_found")
    answer = await http.delete("/things")
    expect_problem(answer, 405, "method_not_allowed")
    assert answer.headers["allow"] == "POST"


async def test_nobody_is_told_how_to_sign_in(app):
    async with client(app) as nobody:
        answer = await nobody.post("/things", json={"name": "a"})
    expect_problem(answer, 401, "not_signed_in")
    assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_a_body_too_large_is_refused_whether_it_says_so_or_not(http):
    async def stream():
        for _ in range(10):
            yield b"x" * 1_000

    expect_problem(await http.post("/things", content=b"x" * 2_001), 413, "body_too_large")
    expect_problem(await http.post("/things", content=stream()), 413, "body_too_large")


async def test_another_host_name_is_refused(http):
    expect_problem(await http.get("/things", headers={"Host": "evil.example"}), 400, "unknown_host")


@pytest.mark.parametrize("sign", ["\x00", "\x08", "\x0c", "\x1f", "\x7f"])
async def test_control_characters_are_refused_wherever_they_stand(http, sign):
    wrong = f"a{sign}b"
    expect_problem(await http.post("/things", json={"name": wrong}), 422, "control_characters")
    expect_problem(await http.post("/things", json={"name": "a", wrong: 1}), 422, "control_characters")
    expect_problem(await http.get("/things", params={"q": wrong}), 422, "control_characters")
    expect_problem(await http.get(f"/drafts/{quote(wrong)}"), 422, "control_characters")


async def test_texts_may_have_lines_and_speak_of_control_characters(http):
    for name in ("two\nlines and\ta tab\r\n", r"\u0000 is how JSON writes it, \\\b another", "über 😀"):
        assert (await http.post("/things", json={"name": name})).status_code == 201


async def test_what_networks_deliver_is_cleaned_and_not_refused(http):
    answer = await http.post("/webhooks/nobody", json={"text": "a\x00b"})
    assert answer.json()["code"] != "control_characters"


async def test_a_fault_names_its_line_in_the_log_and_nothing_else(http, caplog):
    with caplog.at_level(logging.INFO):
        answer = await http.get("/things/broken")
    told = expect_problem(answer, 500, "fault")
    assert SECRET_WORDS not in answer.text
    assert "Traceback" not in answer.text
    lines = [JsonLine().format(line) for line in caplog.records if line.name.startswith("server")]
    [fault] = [json.loads(line)["fault"] for line in lines if "fault" in json.loads(line)]
    assert fault["kind"] == "builtins.ValueError"
    assert any("broken" in place for place in fault["at"])
    assert not any(SECRET_WORDS in line for line in lines)
    assert told["request_id"]


async def test_the_log_of_a_request_has_its_id_and_not_its_words(http, caplog):
    with caplog.at_level(logging.INFO):
        answer = await http.post("/things?q=furious", json={"name": SECRET_WORDS})
    [line] = [line for line in caplog.records if line.name == "server.web.requests"]
    assert (line.status, line.route, line.caller) == (201, "/api/v1/things", "staff_ada")
    assert "furious" not in JsonLine().format(line)
    assert answer.headers["x-request-id"].startswith("req_")


async def test_every_answer_carries_the_security_headers(http):
    for answer in (await http.get("/nothing"), await http.post("/things", json={"name": "a"})):
        assert answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
        assert "strict-transport-security" not in answer.headers
    answer = await http.get("https://127.0.0.1/api/v1/nothing")
    assert "max-age" in answer.headers["strict-transport-security"]
