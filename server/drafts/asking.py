"""A rep's answer on the command line."""

from typing import Any

from rich.console import Console
from rich.text import Text

from assistant.outcome import TurnRecord
from server.drafts.printing import split_policy
from server.drafts.writing import record_as_json
from tools.evidence import Evidence, EvidenceKind


def answer_as_json(record: TurnRecord) -> dict[str, Any]:
    """The record with its `answer`, which is for the rep and not for sending."""
    answer = record.outcome.reply.private_text
    return {**record_as_json(record), "answer": answer}


def print_answer(console: Console, record: TurnRecord) -> None:
    """The facts, each with its source where it does not name it itself; or that nothing was found."""
    claims = record.outcome.reply.claims
    if not claims and not record.outages:
        console.print("Nothing in the records or the policies answers this.")
    for note in record.notes:
        console.print(Text(f"Note: {note}", style="yellow"))
    sources = {item.id: _say_source(item) for item in record.evidence}
    for claim in claims:
        names = dict.fromkeys(sources[number] for number in claim.evidence)
        unsaid = ", ".join(name for name in names if name.casefold() not in claim.sentence.casefold())
        console.print(Text.assemble("• ", claim.sentence, (f"  [{unsaid}]" if unsaid else "", "dim cyan")))


def _say_source(item: Evidence) -> str:
    """Of a policy the section and since when it holds; its title stands in the sentence."""
    if item.kind is not EvidenceKind.POLICY:
        return item.source
    return split_policy(item)[0].removeprefix(f"{item.source} › ")
