"""Tool calls from JSON Lines, each for the customer its line names, as a model would make them for that customer."""

import json
from collections.abc import AsyncIterator, Iterable
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tools.context import ToolContext
from tools.plain import plain
from tools.ports import Identity, Ports, PortUnavailable
from tools.records import Known
from tools.registry import call

_DEFAULT_LANGUAGE = "en"


class ToolCall(BaseModel):
    """One line: who the conversation is with, and what the model calls."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)

    id: str
    customer: str = Field(min_length=1)
    tool: str
    arguments: dict[str, Any] = Field(default_factory=dict)
    channel: str = "x"


async def run_calls(
    lines: Iterable[str], ports: Ports, *, now: datetime, region: str | None = None
) -> AsyncIterator[dict[str, Any]]:
    """One answer for each line that is not blank, in order: `{id, result, evidence}`, or `{id, error}`.

    A line that cannot be read, a customer that is not in the shop and a call that failed give an error; that a
    customer has no such order is an answer.
    """
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        name: str | None = None
        try:
            raw = json.loads(line)
            if not isinstance(raw, dict):
                raise ValueError(f"expected an object, found {type(raw).__name__}")
            name = str(raw["id"]) if isinstance(raw.get("id"), str | int) else None
            yield await _run(ToolCall.model_validate(raw), number, ports, now, region)
        except ValidationError as error:
            words = "; ".join(f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors()[:5])
            yield {"id": name, "line": number, "error": words}
        except (ValueError, RecursionError) as error:
            yield {"id": name, "line": number, "error": str(error)}


async def _run(asked: ToolCall, number: int, ports: Ports, now: datetime, region: str | None) -> dict[str, Any]:
    try:
        customer = await ports.customers.get(asked.customer)
    except PortUnavailable as outage:
        return {"id": asked.id, "line": number, "error": str(outage)}
    if customer is None:
        return {"id": asked.id, "line": number, "error": f"there is no customer {asked.customer}"}
    context = ToolContext(
        identity=Identity(Known.VERIFIED, customer.id),
        brand=customer.brand,
        channel=asked.channel,
        language=(customer.language or _DEFAULT_LANGUAGE).split("-")[0],
        region=region,
        now=now,
        ports=ports,
    )
    result = await call(asked.tool, asked.arguments, context)
    if result.failed:
        return {"id": asked.id, "line": number, "error": result.words}
    return {
        "id": asked.id,
        "result": {"words": result.words, **result.data},
        "evidence": [plain(item) for item in result.evidence],
    }
