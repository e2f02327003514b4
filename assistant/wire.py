"""The wire format of chat endpoints: LangChain's client with its stream watched, and its errors in our words.

LangChain takes a stream that stops without a finish reason for a success, loses a streamed refusal and reads a text
without end to its end; each is a failure here.
"""

import json
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import cast

import httpx
import openai
from langchain_core.callbacks import AsyncCallbackManagerForLLMRun
from langchain_core.exceptions import ContextOverflowError
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGenerationChunk
from langchain_openai import ChatOpenAI
from pydantic import Field, SecretStr

from assistant.failures import (
    ContentFiltered,
    ContextTooLong,
    ModelBusy,
    ModelFailure,
    ModelUnavailable,
    OutputCutOff,
    OutputEndless,
)
from assistant.outcome import Tokens

_PASSING_STATUS = frozenset({408, 429})
_OVERFLOW_WORDS = ("context_length", "context length", "context size", "context window", "too many tokens")
# What a token is about, for endpoints that do not count them.
_CHARACTERS_PER_TOKEN = 4


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """One endpoint and how it is asked.

    `base_url` None is OpenAI's own. Prices are per 1,000,000 tokens; `daily_cost_cap` is in the same currency, None for
    no cap. `timeout_s` bounds the silence between two pieces of an answer; the turn's deadline bounds everything.
    `longest_text` is in characters: whatever goes beyond it is no reply. `use_tools` false leaves the tools out of the
    request, for models that cannot call them: everything that is usually needed has been gathered before.
    """

    model: str
    base_url: str | None = None
    api_key: str | None = None
    temperature: float = 0.2
    timeout_s: float = 20.0
    longest_answer: int = 700
    longest_text: int = 6_000
    use_tools: bool = True
    most_calls: int = 4
    price_prompt: float = 0.0
    price_completion: float = 0.0
    daily_cost_cap: float | None = None
    concurrency: int = 4
    attempts: int = 3
    first_pause_s: float = 0.5
    breaker_failures: int = 5
    breaker_pause_s: float = 30.0

    def __repr__(self) -> str:
        return f"ModelSettings(model={self.model!r}, base_url={self.base_url!r})"  # never the key


class Wire(ChatOpenAI):
    """LangChain's client: refusals are kept, unfinished and endless texts are failures.

    It also completes JSON that is cut off, so that half an order number passes for a whole one: the ids of calls whose
    arguments are not JSON as they came stand in `additional_kwargs["broken_calls"]`.
    """

    longest_text: int = Field(default=6_000, exclude=True)

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        *,
        stream_usage: bool | None = None,
        **kwargs: object,
    ) -> AsyncIterator[ChatGenerationChunk]:
        length, finished = 0, False
        calls = _Calls()
        stream = super()._astream(messages, stop, run_manager, stream_usage=stream_usage, **kwargs)
        async with aclosing(cast("AsyncGenerator[ChatGenerationChunk]", stream)) as chunks:
            async for chunk in chunks:
                length += _length(chunk)
                if length > self.longest_text:
                    raise OutputEndless(f"cut after {length} characters")
                calls.add(chunk)
                if (chunk.generation_info or {}).get("finish_reason"):
                    finished = True
                    if broken := calls.broken():
                        chunk.message.additional_kwargs["broken_calls"] = broken
                yield chunk
        if not finished:
            raise OutputCutOff("the stream stopped without a finish reason")

    def _convert_chunk_to_generation_chunk(
        self, chunk: dict[str, object], default_chunk_class: type, base_generation_info: dict[str, object] | None
    ) -> ChatGenerationChunk | None:
        generation = super()._convert_chunk_to_generation_chunk(chunk, default_chunk_class, base_generation_info)
        if generation is not None and (refusal := _refusal(chunk)):
            generation.message.additional_kwargs["refusal"] = refusal
        return generation


@dataclass(slots=True)
class _Calls:
    """The tool calls of a stream as they came."""

    ids: dict[int, str] = field(default_factory=dict)
    arguments: dict[int, str] = field(default_factory=dict)

    def add(self, chunk: ChatGenerationChunk) -> None:
        for call in chunk.message.tool_call_chunks if isinstance(chunk.message, AIMessageChunk) else ():
            index = call["index"] or 0
            self.ids[index] = self.ids.get(index) or call["id"] or ""
            self.arguments[index] = self.arguments.get(index, "") + (call["args"] or "")

    def broken(self) -> list[str]:
        return [self.ids[index] for index, arguments in self.arguments.items() if not _is_object(arguments)]


def _is_object(arguments: str) -> bool:
    try:
        return isinstance(json.loads(arguments or "{}"), dict)
    except ValueError:
        return False


def _length(chunk: ChatGenerationChunk) -> int:
    calls = chunk.message.tool_call_chunks if isinstance(chunk.message, AIMessageChunk) else ()
    return len(chunk.text) + sum(len(call.get("args") or "") for call in calls)


def _refusal(chunk: Mapping[str, object]) -> str | None:
    match chunk.get("choices"):
        case [{"delta": {"refusal": str(refusal)}}, *_]:
            return refusal
    return None


def connect(settings: ModelSettings, http: httpx.AsyncClient) -> Wire:
    """The client. Everything is passed, because it would look into the environment for what is missing."""
    return Wire(
        longest_text=settings.longest_text,
        model=settings.model,
        base_url=settings.base_url or "https://api.openai.com/v1",
        api_key=SecretStr(settings.api_key or "none"),
        openai_proxy=None,
        temperature=settings.temperature,
        max_completion_tokens=settings.longest_answer,
        timeout=settings.timeout_s,
        stream_chunk_timeout=settings.timeout_s,
        streaming=True,
        stream_usage=True,
        use_responses_api=False,
        max_retries=0,
        http_async_client=http,
    )


def is_passing(error: BaseException) -> bool:
    """Whether asking again may help: nobody answered, or the answer says so."""
    if isinstance(error, openai.APIStatusError):
        return error.status_code in _PASSING_STATUS or error.status_code >= 500
    return isinstance(error, openai.APIConnectionError | httpx.TransportError | TimeoutError)


def retry_after(error: BaseException | None) -> float | None:
    """The seconds that the endpoint asked us to wait."""
    if not isinstance(error, openai.APIStatusError):
        return None
    asked = error.response.headers.get("retry-after", "")
    with suppress(ValueError):
        return max(0.0, float(asked))
    with suppress(ValueError, TypeError):  # not a number of seconds: a date, or nothing that can be read
        return max(0.0, (parsedate_to_datetime(asked) - datetime.now(UTC)).total_seconds())
    return None


def explain(error: Exception) -> ModelFailure:
    """Our word for what the client raised. Bodies are left out: they may repeat the prompt or the key."""
    said = f"{error} {error.body if isinstance(error, openai.APIError) else ''}".casefold()
    if isinstance(error, ContextOverflowError) or any(words in said for words in _OVERFLOW_WORDS):
        return ContextTooLong("the prompt does not fit into the model's context")
    if "content_filter" in said or "content management policy" in said:
        return ContentFiltered("the endpoint's filter refused the prompt")
    if isinstance(error, openai.APIStatusError):
        status = error.status_code
        if status == 413:
            return ContextTooLong("the endpoint calls the request too large")
        if status == 429 and "insufficient_quota" not in said:
            return ModelBusy("the endpoint asks us to wait")
        words = {401: "does not accept the key", 403: "forbids it", 404: "does not know the model", 429: "has no quota"}
        return ModelUnavailable(f"the endpoint {words.get(status, 'failed')} ({status})")
    if isinstance(error, openai.APITimeoutError | httpx.TimeoutException):
        return ModelUnavailable("no answer in time")
    if isinstance(error, openai.APIConnectionError | httpx.TransportError):
        return ModelUnavailable("no connection, or it broke off")
    return ModelUnavailable("the endpoint reported an error in its answer")


def counted_tokens(answer: AIMessage) -> Tokens | None:
    """What the endpoint counted, if it did."""
    usage = answer.usage_metadata
    return Tokens(usage["input_tokens"], usage["output_tokens"]) if usage else None


def guess_tokens(requests: Sequence[bytes], answer: str = "") -> Tokens:
    """For endpoints that do not count, and for answers that never came whole: rather too much than too little."""
    prompt = sum(len(request) for request in requests)
    return Tokens(prompt // _CHARACTERS_PER_TOKEN, -(-len(answer) // _CHARACTERS_PER_TOKEN))
