"""What was said before: promises that stand, advice already given, and the customer's own words."""

import asyncio

from tools.context import ToolContext
from tools.evidence import Evidence, EvidenceKind, Visibility
from tools.plain import plain
from tools.records import PastPost, Promise
from tools.results import NO_CUSTOMER, ToolResult, report
from tools.saying import quote, say_date, say_days

_POSTS_READ = 20


async def get_conversation_history(context: ToolContext) -> ToolResult:
    """What this customer was promised and has not been given, and what they and we wrote in earlier cases.

    Takes no arguments. Call it before advising a step or making an offer: do not repeat advice that was tried and do
    not promise anew what is already owed. Example: get_conversation_history()
    """
    customer = context.identity.customer
    if customer is None:
        return ToolResult(NO_CUSTOMER)
    promises, posts = await asyncio.gather(
        context.ports.promises.open_for(customer),
        context.ports.conversations.earlier(customer, limit=_POSTS_READ),
    )
    evidence = [note_promise(context, promise) for promise in promises if promise.customer == customer]
    evidence += [note_past_post(context, post) for post in posts]
    data = {"promises": [plain(promise) for promise in promises], "posts": [plain(post) for post in posts]}
    notes = () if evidence else ("Nothing was said to this customer before and no promise is open.",)
    return report(context, evidence, data=data, notes=notes)


def note_promise(context: ToolContext, promise: Promise) -> Evidence:
    """Note a commitment that is still open, with how long it is overdue."""
    about = f" about order {promise.order}" if promise.order else ""
    due = f", due on {say_date(promise.due)}{_overdue(context, promise)}" if promise.due else ""
    return context.ledger.add(
        EvidenceKind.RECORD,
        source="Promise",
        ref=f"promise:{promise.id}",
        text=f"Promise{about} made on {say_date(promise.made_at)}: {quote(promise.what)}{due}, not kept yet",
        visibility=Visibility.CUSTOMER,
        as_of=context.now,
    )


def note_past_post(context: ToolContext, post: PastPost) -> Evidence:
    """Note a post of an earlier case, theirs or ours."""
    who = "we wrote" if post.role == "brand" else "the customer wrote"
    return context.ledger.add(
        EvidenceKind.POST,
        source=f"Earlier case on {post.channel}",
        ref=f"post:{post.id}",
        text=f"In an earlier case on {post.channel}, on {say_date(post.created_at)}, {who}: {quote(post.text)}",
        visibility=Visibility.CUSTOMER,
        as_of=post.created_at,
    )


def _overdue(context: ToolContext, promise: Promise) -> str:
    days = (context.now.date() - promise.due.date()).days if promise.due else 0
    return f" ({say_days(days)} overdue as of {say_date(context.now)})" if days > 0 else ""
