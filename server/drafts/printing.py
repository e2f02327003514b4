"""A draft for a person to read in a terminal: the post, what everyone and what only the customer would see, sources."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest

from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from assistant.case import Thread
from assistant.outcome import Claim, Clarify, Draft, HandOver, NoReply, Outcome, Part, Severity, TurnRecord, Writer
from server.drafts.writing import outcome_name
from tools.context import Proposal
from tools.evidence import Evidence, EvidenceKind
from tools.records import Money

_OUTCOME_STYLE = {"draft": "green", "clarify": "cyan", "hand_over": "yellow", "no_reply": "dim", "hold": "magenta"}
_TITLES = {"draft": "DRAFT", "clarify": "QUESTION", "hand_over": "PASS ON", "no_reply": "NO REPLY", "hold": "HOLD"}
_SEVERITY_STYLE = {Severity.BLOCK: "bold red", Severity.WARN: "yellow", Severity.INFO: "dim"}
_KNOWN_WORDS = {
    "verified": "verified customer",
    "linked": "linked by staff, not proved",
    "possible": "possibly a customer",
    "unknown": "not known to us",
}


def print_record(console: Console, thread: Thread, record: TurnRecord) -> None:
    """Print one case."""
    console.print(Panel(Group(*_post(thread, record), *_answer(record)), title=_title(record), title_align="left"))


def print_summary(console: Console, records: Sequence[TurnRecord], seconds: float) -> None:
    """Print what became of all of them."""
    table = Table(title=f"{len(records)} cases in {seconds:.1f} s", title_justify="left")
    table.add_column("outcome")
    table.add_column("cases", justify="right")
    table.add_column("ready for one click", justify="right")
    for name in _OUTCOME_STYLE:
        found = [record for record in records if outcome_name(record.outcome) == name]
        ready = [r for r in found if isinstance(r.outcome, Draft | Clarify) and r.outcome.reply.one_click]
        table.add_row(
            _TITLES[name].casefold(), str(len(found)), str(len(ready)) if name in {"draft", "clarify"} else ""
        )
    console.print(table)


def _title(record: TurnRecord) -> Text:
    name = outcome_name(record.outcome)
    known = record.identity.known.value
    who = f"{record.identity.customer}, {_KNOWN_WORDS[known]}" if record.identity.customer else _KNOWN_WORDS[known]
    return Text.assemble(
        (_TITLES[name], _OUTCOME_STYLE[name]),
        f"  {record.id}  {record.brand or 'no brand'} on {record.channel}, {record.language}  ·  {who}",
    )


def _post(thread: Thread, record: TurnRecord) -> list[RenderableType]:
    lines: list[RenderableType] = []
    for post in thread.posts:
        style = "bold" if post.id == record.target_post else "dim"
        pictures = "".join(f"  [{item.type}: {item.alt or 'no description'}; not seen]" for item in post.attachments)
        lines.append(Text.assemble((f"@{post.author}  ", "blue"), (post.text, style), (pictures, "italic dim")))
    return lines


def _answer(record: TurnRecord) -> list[RenderableType]:
    outcome, reply = record.outcome, record.outcome.reply
    lines: list[RenderableType] = [Text(_verdict(record), style="italic")]
    public = "Could be said" if isinstance(outcome, NoReply) else "Everyone sees"
    for part, label in ((Part.PUBLIC, public), (Part.PRIVATE, "Only the customer sees")):
        if reply.text(part):
            sentences = [claim for claim in reply.claims if claim.part is part]
            lines.append(Text.assemble((f"{label}: ", "bold green"), *_sentences(sentences)))
    lines.extend(Text(f"Note: {outage.words(record.started_at)}", style="yellow") for outage in record.outages)
    lines.extend(_sources(record))
    lines.extend(
        Text(f"Problem ({finding.severity.value}): {finding.reason}", style=_SEVERITY_STYLE[finding.severity])
        for finding in reply.findings
    )
    lines.extend(Text(f"To approve: {words}", style="magenta") for words in _offers(outcome))
    return lines


def _verdict(record: TurnRecord) -> str:
    outcome = record.outcome
    label = "draft without AI" if record.written_by is Writer.COMPOSER else "draft"
    if isinstance(outcome, Draft):
        return label
    team = f"pass to {_team(outcome.team)}: " if isinstance(outcome, HandOver) else ""
    return f"{team}{outcome.reason.words}"


def _team(name: str) -> str:
    """`on_call_safety` as "safety (on call)", `payments` as "payments"."""
    words = name.removeprefix("on_call_").replace("_", " ")
    return f"{words} (on call)" if name.startswith("on_call_") else words


def _sentences(claims: Sequence[Claim]) -> Iterator[Text]:
    """Each with its sources, which are named once for sentences in a row that share them."""
    for claim, following in zip_longest(claims, claims[1:]):
        last = following is None or following.evidence != claim.evidence
        numbers = f" [{', '.join(claim.evidence)}]" if claim.evidence and last else ""
        yield Text.assemble(claim.sentence, (numbers, "dim cyan"), " ")


def _sources(record: TurnRecord) -> list[RenderableType]:
    """One line for each source that a sentence names."""
    claims = record.outcome.reply.claims
    cited = {number for claim in claims for number in claim.evidence}
    shown = [item for item in record.evidence if item.id in cited and item.kind is not EvidenceKind.POST]
    said = [
        (item, " ".join(claim.sentence for claim in claims if item.id in claim.evidence))  # one answer, cut up
        for item in shown
    ]
    return [
        Text.assemble((f"  {item.id} ", "cyan"), (_shorten(_say_source(item, words)), "dim")) for item, words in said
    ]


def _say_source(item: Evidence, said: str) -> str:
    """The source with what it says; without it where the draft says the same, word for word, or gives the link."""
    if item.kind is EvidenceKind.DESTINATION:
        return item.source
    if item.kind is not EvidenceKind.POLICY:
        return item.text if item.text.startswith(item.source) else f"{item.source}: {item.text}"
    place, words = split_policy(item)
    if any(answer and answer in said for answer in words.split("\nApproved answer: ")[1:]):
        return f"{item.source}: approved answer"
    if item.text.strip() in said:
        return item.source
    return f"{place}: {words.split(chr(10) + 'Public page:')[0]}"


def split_policy(item: Evidence) -> tuple[str, str]:
    """Where it stands, as title, headings and dates; and its words. A title may hold a colon itself."""
    below, _, words = item.text.removeprefix(item.source).partition(": ")
    return f"{item.source}{below}", words


def _shorten(text: str, limit: int = 160) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= limit else f"{one_line[: limit - 1]}…"


def _offers(outcome: Outcome) -> list[str]:
    if not isinstance(outcome, Draft | Clarify):
        return []
    return [_offer(action) for action in outcome.actions]


def _offer(action: Proposal) -> str:
    return f"{action.type.replace('_', ' ')} ({_details(action.arguments)}): {action.reason}"


def _details(arguments: Mapping[str, object]) -> str:
    """The order and what is to happen with it, money in words."""
    amount, currency = arguments.get("amount"), arguments.get("currency")
    money = [str(Money(amount, currency))] if isinstance(amount, int) and isinstance(currency, str) else []
    others = [
        f"{name.removesuffix('_id').replace('_', ' ')} {value}"
        for name, value in arguments.items()
        if not (money and name in {"amount", "currency"})
    ]
    return ", ".join([*money, *others])
