"""What somebody told us alone is not to be heard in what everybody reads, by its words or by what follows from them."""

from dataclasses import replace

from assistant.outcome import Claim, ClaimKind, Clarify, Draft, Finding, Outcome, Part, Reply
from prompts.phrases import load_phrases


def keep_private(outcome: Outcome, open_text: str | None, *, language: str, seed: str) -> Outcome:
    """The outcome of a thread of which some was said in private, fit to be answered where everybody reads.

    Args:
        outcome: What all of it comes to.
        open_text: The public text that it would come to without the private posts. Only that gives nothing away;
            another one is told in private, and a public one says no more than that.
        language: Of the texts.
        seed: Chooses among wordings.
    """
    reply = outcome.reply
    if reply.public_text in (None, open_text):
        return outcome
    told = reply.in_private()
    moved = replace(told, findings=tuple(replace(finding, part=Part.PRIVATE) for finding in _kept(reply)))
    if not isinstance(outcome, Draft | Clarify):
        return replace(outcome, reply=moved)
    words = load_phrases(language).pick("public.answered", seed=seed)
    pointer = Claim(Part.PUBLIC, words, ClaimKind.COURTESY)
    return replace(outcome, reply=replace(moved, public_text=words, claims=(pointer, *moved.claims)))


def _kept(reply: Reply) -> list[Finding]:
    """The findings of the text that stays: the private one, or the public one in its place."""
    part = Part.PRIVATE if reply.private_text is not None else Part.PUBLIC
    return [finding for finding in reply.findings if finding.part is part]
