"""Tool calls from JSON Lines, each for the customer its line names, as a model would make them for that customer."""

from collections.abc import AsyncIterator, Iterable
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from assistant.guidance import Guidance
from assistant.regions import region_of
from server.drafts.writing import evidence_as_json
from server.json_lines import parse_line
from tools.context import ToolContext
from tools.plain import plain
from tools.ports import Identity, Ports, PortUnavailable
from tools.records import Customer, Known
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
    lines: Iterable[str], ports: Ports, guidance: Guidance, *, now: datetime, region: str | None = None
) -> AsyncIterator[dict[str, Any]]:
    """One answer for each line that is not blank, in order: `{id, result, evidence}`, or `{id, error}`.

    `region` stands in for customers whose own is not known.

    A line that cannot be read, a customer that is not in the shop and a call that failed give an error; that a
    customer has no such order is an answer.
    """
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        name: str | None = None
        try:
            raw = parse_line(line)
            if isinstance(raw, dict) and isinstance(raw.get("id"), str | int):
                name = str(raw["id"])
            asked = ToolCall.model_validate(raw)
            customer = await ports.customers.get(asked.customer)
            if customer is None:
                yield _error(name, number, f"there is no customer {asked.customer}")
            else:
                yield await _run(asked, number, _context(customer, asked.channel, ports, guidance, now, region))
        except ValidationError as error:
            yield _error(name, number, "; ".join(_say_mistake(mistake) for mistake in error.errors()[:5]))
        except (ValueError, RecursionError) as error:
            yield _error(name, number, f"not JSON: {error}")
        except PortUnavailable as outage:
            yield _error(name, number, str(outage))


def _context(
    customer: Customer, channel: str, ports: Ports, guidance: Guidance, now: datetime, region: str | None
) -> ToolContext:
    brand = guidance.brand(customer.brand) if customer.brand else None
    language = (customer.language or _DEFAULT_LANGUAGE).split("-")[0]
    return ToolContext(
        identity=Identity(Known.VERIFIED, customer.id),
        brand=brand.id if brand else customer.brand,
        channel=channel,
        language=language,
        region=region_of(customer, brand, language) or region,
        now=now,
        ports=ports,
    )


async def _run(asked: ToolCall, number: int, context: ToolContext) -> dict[str, Any]:
    result = await call(asked.tool, asked.arguments, context)
    if result.failed:
        return _error(asked.id, number, result.words)
    return {
        "id": asked.id,
        "result": {"words": result.words, **result.data},
        "evidence": [plain(evidence_as_json(item)) for item in result.evidence],
    }


def _error(name: str | None, number: int, words: str) -> dict[str, Any]:
    return {"id": name, "line": number, "error": words}


def _say_mistake(mistake: ErrorDetails) -> str:
    return f"{'.'.join(map(str, mistake['loc'])) or 'the line'}: {mistake['msg']}"
