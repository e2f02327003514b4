"""What one would write first: LangChain's agent with the same tools, and nothing read before it is asked."""

import time
from dataclasses import dataclass
from typing import Any

from langchain.agents import create_agent
from langchain_core.messages import AIMessage, AIMessageChunk
from langchain_core.tools import StructuredTool
from langchain_openai import ChatOpenAI

from tools.context import ToolContext
from tools.registry import TOOLS, Tool, call

PROMPT = (
    "You answer customers of a shop on social media. Look up what you need with the tools: what the customer bought, "
    "how the order stands, what the policies say, where to send people. Then write a short reply that says only that."
)


@dataclass(frozen=True)
class Timing:
    """Seconds from the question to the first word and to the end, and the model calls in between."""

    first_words: float
    whole: float
    calls: int


async def answer(post: str, context: ToolContext, base_url: str) -> Timing:
    """Let the plain agent answer a post."""
    chat = ChatOpenAI(
        model="scripted", base_url=base_url, api_key="none", use_responses_api=False, max_retries=0, streaming=True
    )
    agent = create_agent(chat, [_bind(tool, context) for tool in TOOLS], system_prompt=PROMPT)
    began = time.monotonic()
    first, calls = 0.0, 0
    question = {"messages": [("user", f"customer (answer this): {post}")]}
    async for mode, item in agent.astream(question, stream_mode=["messages", "updates"]):
        if mode == "updates":
            calls += sum(
                isinstance(message, AIMessage) for update in item.values() for message in update.get("messages", ())
            )
        elif isinstance(item[0], AIMessageChunk) and item[0].text and not first:
            first = time.monotonic() - began
    return Timing(first, time.monotonic() - began, calls)


def _bind(tool: Tool, context: ToolContext) -> StructuredTool:
    async def run(**arguments: Any) -> str:
        return (await call(tool.name, arguments, context)).words

    return StructuredTool(name=tool.name, description=tool.description, args_schema=tool.arguments, coroutine=run)
