"""What an endpoint may answer, and the defined end of each."""

import json
from collections.abc import AsyncIterator

import httpx
import pytest

from assistant.failures import (
    ContentFiltered,
    ContextTooLong,
    ModelLooped,
    ModelRefused,
    OutputCutOff,
    OutputEmpty,
    OutputEndless,
    ToolCallUnreadable,
)
from assistant.outcome import ClaimKind, Part
from tests.fakes.material import UNKNOWN
from tests.fakes.models import Says, events, stream
from tests.integration.wire.conftest import asked, overflow, prompt_of

DRAFT = "Thanks for asking! We've sent you a private message.\nPRIVATE: Your order is late and held at depot. [E15]"


async def test_a_draft_takes_one_call_and_comes_without_headings_and_markers(completions, endpoint, write):
    completions.return_value = stream(DRAFT)
    written = await write(endpoint)
    assert written.failure is None
    assert written.reply.public_text == "Thanks for asking! We've sent you a private message."
    assert written.reply.private_text == "Your order is late and held at depot."
    assert [(claim.part, claim.kind, claim.evidence) for claim in written.reply.claims][-1] == (
        Part.PRIVATE,
        ClaimKind.FACT,
        ("E15",),
    )
    assert written.model_calls == 1


async def test_text_is_told_as_it_grows_and_never_shows_a_marker_or_a_heading(completions, endpoint, write):
    completions.return_value = stream(Says(DRAFT, piece=1))
    told: list[str] = []
    await write(endpoint, on_text=told.append)
    assert told[0] == "Th"  # "T" may still become a heading
    assert told[-1].endswith("held at depot.")
    assert not any("[" in text or "PUB" in text or "PRIV" in text for text in told)


async def test_parallel_tool_calls_are_all_answered_before_the_model_writes(completions, endpoint, write):
    calls = [("get_purchase_history", {}), ("find_destination", {"kind": "secure_form"})]
    completions.side_effect = [stream(Says(calls=calls)), stream(DRAFT)]
    written = await write(endpoint)
    answers = asked(completions)["messages"][-2:]
    assert [answer["tool_call_id"] for answer in answers] == ["call_0", "call_1"]
    assert "FH-9000" in answers[0]["content"]
    assert "https://www.fernhollow.example/secure" in answers[1]["content"]
    assert written.failure is None
    assert written.model_calls == 2


async def test_a_forged_customer_in_the_arguments_reads_nobody_else(completions, endpoint, write):
    forged = {"order_id": "FH-7777", "customer": "C-2", "context": {"identity": "C-2"}}
    completions.side_effect = [stream(Says(calls=[("get_order_status", forged)])), stream(DRAFT)]
    await write(endpoint)
    answer = asked(completions)["messages"][-1]["content"]
    assert "no order of that number" in answer
    assert "Rope" not in answer


async def test_arguments_cut_off_are_not_completed_by_guessing(completions, endpoint, write):
    broken = Says(calls=[("get_order_status", '{"order_id": "FH-104')])
    completions.side_effect = [stream(broken), stream(DRAFT)]
    written = await write(endpoint)
    assert "not valid JSON" in asked(completions)["messages"][-1]["content"]
    assert written.failure is None


async def test_arguments_that_stay_broken_end_the_draft(completions, endpoint, write):
    completions.side_effect = lambda request: stream(Says(calls=[("get_order_status", "{order")]))
    written = await write(endpoint)
    assert isinstance(written.failure, ToolCallUnreadable)


async def test_a_tool_call_written_as_json_is_carried_out_and_not_shown(completions, endpoint, write):
    text = 'Let me look.\n```json\n{"name": "get_purchase_history", "arguments": {}}\n```'
    completions.side_effect = [stream(text), stream(DRAFT)]
    told: list[str] = []
    written = await write(endpoint, on_text=told.append)
    assert "FH-9000" in asked(completions)["messages"][-1]["content"]
    assert written.reply.public_text.startswith("Thanks")
    assert not any("get_purchase_history" in text for text in told)


async def test_half_a_tool_call_in_the_text_is_no_reply(completions, endpoint, write):
    completions.side_effect = lambda request: stream('{"name": "get_order_status", "arguments": {"order_id": "FH-1"')
    written = await write(endpoint)
    assert isinstance(written.failure, ToolCallUnreadable)
    assert written.reply.public_text is None


async def test_a_model_that_only_calls_tools_is_stopped(completions, endpoint, write):
    completions.side_effect = lambda request: stream(Says(calls=[("get_purchase_history", {})]))
    written = await write(endpoint)
    assert isinstance(written.failure, ModelLooped)
    assert written.model_calls == endpoint.settings.most_calls
    assert asked(completions)["tool_choice"] == "none"


async def test_handing_over_ends_the_draft_without_another_call(completions, endpoint, write):
    wish = ("hand_over", {"team": "payments", "reason": "charged twice"})
    completions.return_value = stream(Says(calls=[wish]))
    written = await write(endpoint)
    assert written.hand_over is not None
    assert (written.hand_over.team, written.hand_over.reason.words) == ("payments", "charged twice")
    assert written.model_calls == 1
    assert written.reply.claims == ()


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        (Says(refusal="I can't help with that."), ModelRefused),
        (Says("I'm sorry, but I can't assist with that request."), ModelRefused),
        (Says("Dabei kann ich dir nicht helfen."), ModelRefused),
        (Says("PUBLIC: Your refund is", finish="content_filter"), ContentFiltered),
        (Says("PUBLIC: Your refund of 40", finish="length"), OutputCutOff),
        (Says("PUBLIC: Your refund of 40", finish=None), OutputCutOff),
        (Says("PUBLIC: Your refund of 40.00 GBP has been prom"), OutputCutOff),
        (Says(""), OutputEmpty),
        (Says("PUBLIC: \nPRIVATE: none"), OutputEmpty),
    ],
)
async def test_an_answer_that_is_no_reply_is_a_failure_with_a_name(completions, endpoint, write, answer, failure):
    completions.return_value = stream(answer)
    written = await write(endpoint)
    assert type(written.failure) is failure
    assert written.reply.claims == ()


async def test_a_stream_without_any_event_is_cut_off(completions, endpoint, write):
    completions.return_value = httpx.Response(200, headers={"content-type": "text/event-stream"}, content=b"")
    assert isinstance((await write(endpoint)).failure, OutputCutOff)


async def test_an_error_inside_the_stream_is_a_failure(completions, endpoint, write):
    content = b'data: {"error": {"message": "overloaded", "type": "server_error"}}\n\n'
    completions.return_value = httpx.Response(200, headers={"content-type": "text/event-stream"}, content=content)
    assert (await write(endpoint)).failure.code == "unavailable"


class Endless(httpx.AsyncByteStream):
    def __init__(self) -> None:
        self.sent = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for event in events(Says("All is well. " * 4000, piece=13)):
            self.sent += 1
            yield event


async def test_endless_text_is_cut_while_it_comes(completions, endpoint, write):
    body = Endless()
    completions.return_value = httpx.Response(200, headers={"content-type": "text/event-stream"}, stream=body)
    written = await write(endpoint)
    assert isinstance(written.failure, OutputEndless)
    assert body.sent * 13 < 7_000


async def test_a_prompt_too_long_is_cut_once_and_asked_without_tools(completions, endpoint, write):
    completions.side_effect = [overflow(), stream(DRAFT)]
    written = await write(endpoint, "where is it? " * 100)
    long, short = asked(completions, 0), asked(completions, 1)
    assert written.failure is None
    assert len(json.dumps(short)) < len(json.dumps(long)) / 2
    assert "tools" not in short


async def test_a_prompt_that_stays_too_long_is_a_failure(completions, endpoint, write):
    completions.side_effect = lambda request: overflow()
    written = await write(endpoint)
    assert isinstance(written.failure, ContextTooLong)
    assert len(completions.calls) == 2


async def test_a_filter_that_refuses_the_prompt_is_a_failure(completions, endpoint, write):
    completions.return_value = httpx.Response(400, json={"error": {"message": "no", "code": "content_filter"}})
    assert isinstance((await write(endpoint)).failure, ContentFiltered)


async def test_what_a_stranger_is_drafted_from_holds_no_record(completions, endpoint, write):
    completions.return_value = stream("PUBLIC: Could you send us a private message?\nPRIVATE: none")
    await write(endpoint, identity=UNKNOWN)
    prompt = prompt_of(asked(completions))
    assert "not known to us" in prompt
    assert "private:" not in prompt
