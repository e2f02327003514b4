"""The agent's loop: LangChain's, with every model call guarded and every tool call made for the turn's customer.

A tool gets its context from the turn, never from arguments; its failures come back as instructions to the model. What
leaves is masked, in the prompt and in tool results alike; what a tool is called with is turned back first.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast
from uuid import uuid4

from langchain.agents import create_agent
from langchain.agents.middleware import AgentMiddleware, ModelRequest, ModelResponse
from langchain.agents.middleware.types import AgentState
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolCall, ToolMessage
from langchain_core.runnables import RunnableConfig
from langchain_core.tools import StructuredTool
from langchain_core.utils.function_calling import convert_to_openai_tool
from langgraph.errors import GraphRecursionError
from langgraph.graph.state import CompiledStateGraph
from langgraph.prebuilt.tool_node import ToolCallRequest
from langsmith import tracing_context

from assistant.chat_models import Endpoint, Meter, Priority
from assistant.failures import ContentFiltered, ModelLooped, ModelRefused, OutputCutOff, ToolCallUnreadable
from assistant.json_tool_calls import read_prose
from assistant.masking import Mask
from assistant.preview import Preview
from prompts.render import examples, render
from tools.calls import ToolCall as Called
from tools.context import ToolContext
from tools.registry import TOOLS, Tool, call

TOOL_NAMES = frozenset(tool.name for tool in TOOLS)
_UNREADABLE = "__unreadable__"


@dataclass(slots=True)
class Turn:
    """What one run of the agent works with; injected by LangGraph, out of the model's reach."""

    tools: ToolContext
    mask: Mask
    endpoint: Endpoint
    priority: Priority
    deadline: float
    meter: Meter
    on_text: Callable[[str], None] | None = None
    steps: int = 0
    unreadable: int = 0


async def run(turn: Turn, prompt: str, *, in_full: bool) -> str:
    """The text that the model ends with; empty if it handed over.

    Not `in_full` leaves the tools and most examples out, to fit a short context.

    Raises:
        ModelFailure: It did not come to an end that can be used.
    """
    config: RunnableConfig = {"recursion_limit": 4 * turn.endpoint.settings.most_calls + 8}
    if turn.on_text is not None:
        config["callbacks"] = [Preview(turn.mask, turn.on_text)]
    messages = [*_worked_examples()[: None if in_full else 2], HumanMessage(turn.mask.mask(prompt))]
    agent = _agent(turn.endpoint, in_full and turn.endpoint.settings.use_tools)
    try:
        with tracing_context(enabled=False):  # a tracing service would get the turn's context, unmasked
            state = await agent.ainvoke({"messages": messages}, config, context=turn)
    except GraphRecursionError as error:
        raise ModelLooped("asked for tools again and again") from error
    said = [message for message in state["messages"][len(messages) :] if isinstance(message, AIMessage)]
    return next((message.text for message in reversed(said) if message.text.strip()), "")


def _worked_examples() -> list[BaseMessage]:
    """Shown as turns of their own: small models follow what they seem to have done before."""
    return [message for given, written in examples() for message in (HumanMessage(given), AIMessage(written))]


@lru_cache(maxsize=8)
def _agent(endpoint: Endpoint, with_tools: bool) -> CompiledStateGraph[Any, Turn, Any, Any]:
    """Built once: the prompt's beginning, with the tools, is the same for every draft, so that it is cached."""
    agent = create_agent(
        endpoint.chat,
        [_declare(tool) for tool in TOOLS] if with_tools else [],
        system_prompt=render("system.md.j2", tools=with_tools),
        middleware=[Loop()],
        context_schema=Turn,
    )
    return cast("CompiledStateGraph[Any, Turn, Any, Any]", agent)


def _declare(tool: Tool) -> StructuredTool:
    """The tool as the model sees it. It is run by `Loop`, which knows the turn."""

    async def unreachable(**_: object) -> str:
        raise AssertionError(f"{tool.name} was called past the turn's context")

    return StructuredTool(
        name=tool.name, description=tool.description, args_schema=tool.arguments, coroutine=unreachable
    )


@lru_cache(maxsize=1)
def _as_sent() -> list[dict[str, Any]]:
    """The tools as they are sent: left to itself, the client works that out from their schemas at every call."""
    return [convert_to_openai_tool(_declare(tool)) for tool in TOOLS]


class Loop(AgentMiddleware[AgentState[Any], Turn]):
    """Between LangChain's loop and the world: guards each model call, runs each tool call for the turn's customer."""

    async def awrap_model_call(
        self,
        request: ModelRequest[Turn],
        handler: Callable[[ModelRequest[Turn]], Awaitable[ModelResponse[Any]]],
    ) -> AIMessage:
        """Ask the endpoint, under its guards; the last time without tools."""
        turn = request.runtime.context
        most = turn.endpoint.settings.most_calls
        if turn.tools.hand_overs:
            return AIMessage("")
        if turn.steps >= most:
            raise ModelLooped(f"asked for tools in each of {most} answers")
        turn.steps += 1
        if request.tools:
            request = request.override(tools=[*_as_sent()])
        if turn.steps == most and request.tools:
            request = request.override(tool_choice="none")

        async def ask() -> AIMessage:
            return cast("AIMessage", (await handler(request)).result[0])

        answer = await turn.endpoint.ask(ask, priority=turn.priority, deadline=turn.deadline, meter=turn.meter)
        return _judge(answer, turn)

    async def awrap_tool_call(
        self, request: ToolCallRequest, handler: Callable[[ToolCallRequest], Awaitable[Any]]
    ) -> ToolMessage:
        """Call the tool with the turn's context and what the model's tokens stand for; mask what comes back."""
        turn = cast("Turn", request.runtime.context)
        wanted = request.tool_call
        if _UNREADABLE in wanted["args"]:
            words, failed = (
                "The arguments were not valid JSON. Call it again with a JSON object, or write the reply.",
                True,
            )
            turn.tools.calls.append(Called(wanted["name"], result=words, error="the arguments could not be read"))
        else:
            result = await call(wanted["name"], turn.mask.unmask_all(wanted["args"]), turn.tools)
            words, failed = result.words, result.failed
        return ToolMessage(
            turn.mask.mask(words),
            tool_call_id=wanted["id"] or "",
            name=wanted["name"],
            status="error" if failed else "success",
        )


def refuse_unfinished(answer: AIMessage) -> None:
    """Refuse what the endpoint itself says is no answer.

    Raises:
        ModelFailure: The failure that it is.
    """
    ended = answer.response_metadata.get("finish_reason")
    if refusal := answer.additional_kwargs.get("refusal"):
        raise ModelRefused(str(refusal)[:200])
    if ended == "content_filter":
        raise ContentFiltered("the endpoint's filter stopped the text")
    if ended == "length":
        raise OutputCutOff("the answer was longer than the endpoint allows")


def _judge(answer: AIMessage, turn: Turn) -> AIMessage:
    """The answer with every call in the wire form, or the failure that it is."""
    refuse_unfinished(answer)
    broken = set(answer.additional_kwargs.get("broken_calls", ()))
    calls = [
        _call(c["name"], {_UNREADABLE: True} if c["id"] in broken else c["args"], c["id"]) for c in answer.tool_calls
    ]
    calls += [_call(c.get("name") or "unknown", {_UNREADABLE: True}, c.get("id")) for c in answer.invalid_tool_calls]
    prose = read_prose(answer.text, TOOL_NAMES)
    if any(_UNREADABLE in call["args"] for call in calls) or prose.unreadable:
        turn.unreadable += 1
        if turn.unreadable > 1:
            raise ToolCallUnreadable("asked for tools in a form that cannot be read")
    calls += [_call(written.name, dict(written.arguments)) for written in prose.calls]
    return AIMessage(prose.words, tool_calls=calls, response_metadata=answer.response_metadata, id=answer.id)


def _call(name: str, arguments: dict[str, Any], number: str | None = None) -> ToolCall:
    return ToolCall(name=name, args=arguments, id=number or f"call_{uuid4().hex[:12]}", type="tool_call")
