"""Checks of the replies that teams keep ready: saved_replies.yaml says nothing that could not be sent.

What their promises and amounts rest on is asked of the index when one is saved; a folder by itself has none.
"""

from collections.abc import Iterator

from server.policies.knowledge import Knowledge
from server.policies.problems import Problem
from server.policies.yaml_files import BadKnowledgeFile
from server.saved_replies.entries import SavedReplyEntry
from server.saved_replies.faults import Known, faults_of
from server.saved_replies.seeding import FILE, load_entries


def check_saved_replies(knowledge: Knowledge) -> Iterator[Problem]:
    """What would be refused if somebody saved it, and what is offered no more."""
    file = knowledge.directory / FILE
    try:
        entries = load_entries(knowledge.directory)
    except BadKnowledgeFile as error:
        yield Problem.unreadable(error)
        return
    shortcuts: dict[tuple[str, str], str] = {}
    for position, entry in enumerate(entries):
        known = _known(knowledge, entry)
        for fault in faults_of(entry, known):
            if fault.field == "expires_on":
                words = f"`{entry.id}` is offered no more: {fault.words}"
                yield Problem(file, knowledge.line(file, "saved_replies", position, "expires_on"), "info", words)
                continue
            line = knowledge.line(file, "saved_replies", position, *fault.field.split("."))
            yield Problem(file, line, "error", f"`{entry.id}`: {fault.words}")
        if entry.shortcut is None:
            continue
        other = shortcuts.setdefault((entry.brand, entry.shortcut), entry.id)
        if other != entry.id:
            line = knowledge.line(file, "saved_replies", position, "shortcut")
            yield Problem(file, line, "error", f"`{entry.shortcut}` stands for `{other}` already; choose another")


def _known(knowledge: Knowledge, entry: SavedReplyEntry) -> Known:
    return Known(
        knowledge.guidance.brands,
        knowledge.today,
        {brand.id: frozenset(brand.accounts) for brand in knowledge.guidance.brands},
        knowledge.destinations,
        {(entry.brand, language): knowledge.avoided_words(entry.brand, language) for language in entry.texts},
    )
