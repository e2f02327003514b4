"""Which tools there are, and the one way a model reaches them.

A model sees a tool's name, its description and the fields of `arguments`; never the context, never a customer's id.
Fields it makes up are dropped. Whatever goes wrong becomes an instruction to the model, never an exception.
"""

import inspect
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tools.calls import ToolCall
from tools.context import ToolContext
from tools.conversations import get_conversation_history
from tools.customers import get_customer_profile
from tools.orders import get_order_status, get_purchase_history
from tools.policies import DestinationKind, find_destination, search_policies
from tools.ports import PortUnavailable
from tools.proposals import ActionType, Team, ask_customer, hand_over, propose_action
from tools.results import ToolResult

_logger = logging.getLogger(__name__)


class Arguments(BaseModel):
    """What a model passes to a tool."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True, coerce_numbers_to_str=True, frozen=True)


class NoArguments(Arguments):
    """A tool that reads the context alone."""


class OrderArguments(Arguments):
    """One order."""

    order_id: str = Field(min_length=1, max_length=100, description='the order\'s number, such as "FH-10423"')


class QueryArguments(Arguments):
    """One question to the policies."""

    query: str = Field(min_length=2, max_length=2000, description="what you want to know, in a few words")


class KindArguments(Arguments):
    """One kind of place."""

    kind: DestinationKind


class ProposalArguments(Arguments):
    """An action for a person to approve."""

    type: ActionType
    arguments: dict[str, Any] = Field(default_factory=dict, description='such as {"order": "FH-10423"}')
    reason: str = Field(min_length=3, max_length=500)
    evidence: tuple[str, ...] = Field(description='the numbers it rests on, such as ["E3"]')


class QuestionArguments(Arguments):
    """One question to the customer."""

    question: str = Field(min_length=3, max_length=500)


class HandOverArguments(Arguments):
    """Who takes over, and why."""

    team: Team
    reason: str = Field(min_length=3, max_length=500)


@dataclass(frozen=True, slots=True)
class Tool:
    """A function that a model may call. `effect` is "read" or "propose": nothing here changes a record or sends."""

    name: str
    function: Callable[..., Awaitable[ToolResult]]
    arguments: type[Arguments]
    effect: Literal["read", "propose"]

    @property
    def description(self) -> str:
        """What the model is told of it: the function's docstring."""
        return inspect.getdoc(self.function) or self.name


TOOLS = (
    Tool("get_customer_profile", get_customer_profile, NoArguments, "read"),
    Tool("get_purchase_history", get_purchase_history, NoArguments, "read"),
    Tool("get_order_status", get_order_status, OrderArguments, "read"),
    Tool("get_conversation_history", get_conversation_history, NoArguments, "read"),
    Tool("search_policies", search_policies, QueryArguments, "read"),
    Tool("find_destination", find_destination, KindArguments, "read"),
    Tool("propose_action", propose_action, ProposalArguments, "propose"),
    Tool("ask_customer", ask_customer, QuestionArguments, "propose"),
    Tool("hand_over", hand_over, HandOverArguments, "propose"),
)
_BY_NAME = {tool.name: tool for tool in TOOLS}


async def call(tool_name: str, arguments: Mapping[str, Any], context: ToolContext) -> ToolResult:
    """Call the tool of this name as a model does; a failure comes back as an instruction, `failed` set.

    The call is noted in the context, whatever became of it.
    """
    began = time.perf_counter()
    result = await _called(tool_name, arguments, context)
    took = (time.perf_counter() - began) * 1000
    asked = dict(arguments) if isinstance(arguments, Mapping) else {}  # a model may pass anything
    error = result.words if result.failed and result.outage is None else None
    context.calls.append(ToolCall(tool_name, asked, result=result.words, outage=result.outage, error=error, ms=took))
    return result


async def _called(tool_name: str, arguments: Mapping[str, Any], context: ToolContext) -> ToolResult:
    tool = _BY_NAME.get(tool_name)
    if tool is None:
        return _failure(f"There is no tool of that name. The tools are: {', '.join(_BY_NAME)}.")
    try:
        checked = tool.arguments.model_validate(dict(arguments))
    except (ValidationError, TypeError, ValueError) as error:
        return _failure(f"{tool.name} was called wrongly: {_say_mistakes(error)}. Call it again with these corrected.")
    try:
        return await tool.function(context, **{name: getattr(checked, name) for name in type(checked).model_fields})
    except PortUnavailable as outage:
        return _failure(
            f"The {outage.port} cannot be read at the moment. Say nothing that would rest on them and do not call "
            f"{tool.name} again; say that you will have to check, or hand over.",
            outage=str(outage),
        )
    except Exception:
        _logger.exception("tool %s failed", tool.name)
        return _failure(
            f"{tool.name} did not work. Do not call it again; answer from what you have, or hand over to a colleague."
        )


def _failure(words: str, *, outage: str | None = None) -> ToolResult:
    return ToolResult(words, failed=True, outage=outage)


def _say_mistakes(error: Exception) -> str:
    if not isinstance(error, ValidationError):
        return "the arguments must be an object"
    return "; ".join(f"{'.'.join(map(str, item['loc'])) or 'arguments'}: {item['msg']}" for item in error.errors())
