"""Checks of the files that say who speaks where, and when a second person must look."""

from collections.abc import Iterator

from server.channels import accounts
from server.drafts import rules
from server.policies.knowledge import Knowledge
from server.policies.problems import Problem
from server.policies.yaml_files import BadKnowledgeFile
from tools.proposals import TEAMS


def check_accounts(knowledge: Knowledge) -> Iterator[Problem]:
    """What accounts.yaml names that nobody knows."""
    file = knowledge.directory / accounts.FILE
    try:
        entries = accounts.load_accounts(knowledge.directory)
    except BadKnowledgeFile as error:
        yield Problem.unreadable(error)
        return
    for position, entry in enumerate(entries):
        if knowledge.brands and entry.brand not in knowledge.brands:
            line = knowledge.line(file, "accounts", position, "brand")
            words = f"brand `{entry.brand}` of `{entry.id}` is not in brands.yaml; correct or add it"
            yield Problem(file, line, "error", words)
        for place, on_call in enumerate(entry.hours.on_call):
            if on_call.team not in TEAMS:
                line = knowledge.line(file, "accounts", position, "hours", "on_call", place, "team")
                words = f"nothing is handed over to `{on_call.team}`; use one of {', '.join(TEAMS)}"
                yield Problem(file, line, "error", words)


def check_review(knowledge: Knowledge) -> Iterator[Problem]:
    """What review.yaml says in vain, or leaves out."""
    file = knowledge.directory / rules.FILE
    try:
        review = rules.load_rules(knowledge.directory)
    except BadKnowledgeFile as error:
        yield Problem.unreadable(error)
        return
    if not file.exists():
        return  # the shipped rules hold, and are checked where they stand
    seen = set()
    for position, limit in enumerate(review.amounts):
        line = knowledge.line(file, "review", "amounts", position, "role")
        if limit.role in seen:
            words = f"the limit of `{limit.role}` stands above already, and that one counts; keep one of the two"
            yield Problem(file, line, "error", words)
        seen.add(limit.role)
        for currency in limit.most:
            if len(currency) != 3 or not currency.isascii() or not currency.isupper():
                words = f"`{currency}` is no currency, so this limit never counts; write it like GBP"
                yield Problem(file, line, "error", words)
    languages = {language for brand in knowledge.guidance.brands for language in brand.languages}
    for language in sorted(languages - {name for name, words in review.danger_words.items() if words}):
        words = f"no danger words in `{language}`, which a brand speaks; add some"
        yield Problem(file, knowledge.line(file, "review", "danger_words"), "warning", words)
