"""Checks a knowledge folder before customers are told what it says. docs/knowledge.md says how each thing is judged.

A name is checked against the file that defines it, if the folder has that file: documents of other origin, without
brands or intents beside them, are judged by themselves.
"""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import TypeVar

from assistant.guidance import LANGUAGES, Guidance
from assistant.screening.patterns import CATEGORIES
from server.policies import document_checks
from server.policies.action_checks import check_actions
from server.policies.files import document_files, load_destinations, load_guidance
from server.policies.front_matter import DocumentFile, read_document
from server.policies.knowledge import Knowledge
from server.policies.offer_checks import check_offers
from server.policies.problems import Problem
from server.policies.question_checks import check_questions
from server.policies.rule_checks import check_accounts, check_review
from server.policies.saved_reply_checks import check_saved_replies
from server.policies.scorecard_checks import check_scorecards
from server.policies.voice_checks import check_voices
from server.policies.yaml_files import BadKnowledgeFile
from tools.records import Destination

_Read = TypeVar("_Read")


def check_knowledge(directory: Path, *, today: date) -> list[Problem]:
    """Everything in `directory` that would make a draft wrong or poorer, sorted by file and line."""
    problems: list[Problem] = []
    knowledge = Knowledge(
        directory=directory,
        today=today,
        guidance=_read(lambda: load_guidance(directory), Guidance(brands=()), problems),
        destinations=_read(lambda: load_destinations(directory), (), problems),
        documents=_readable_documents(directory, problems),
    )
    problems.extend(document_checks.check_documents(knowledge))
    if knowledge.guidance.brands:
        for check in (_check_brands, check_voices, _check_holdings, _check_destinations):
            problems.extend(check(knowledge))
    problems.extend(_check_intents(knowledge))
    problems.extend(_check_asked(knowledge))
    problems.extend(check_accounts(knowledge))
    problems.extend(check_review(knowledge))
    problems.extend(check_actions(knowledge))
    problems.extend(check_offers(knowledge))
    problems.extend(check_scorecards(knowledge))
    problems.extend(check_questions(knowledge))
    problems.extend(check_saved_replies(knowledge))
    return sorted(problems, key=lambda problem: (str(problem.file), problem.line, problem.words))


def _read(load: Callable[[], _Read], otherwise: _Read, problems: list[Problem]) -> _Read:
    try:
        return load()
    except BadKnowledgeFile as error:
        problems.append(Problem.unreadable(error))
        return otherwise


def _readable_documents(directory: Path, problems: list[Problem]) -> tuple[DocumentFile, ...]:
    documents: dict[str, DocumentFile] = {}
    files = document_files(directory)
    if not files:
        problems.append(Problem(directory, 1, "error", "holds no documents; add them as Markdown files in policies/"))
    for file in files:
        try:
            document = read_document(file)
        except BadKnowledgeFile as error:
            problems.append(Problem.unreadable(error))
            continue
        twin = documents.setdefault(document.id, document)
        if twin is not document:
            words = f"the id `{document.id}` is also that of {twin.file.name}; rename one"
            problems.append(Problem(file, document.line_of("id"), "error", words))
    return tuple(documents.values())


def _check_brands(knowledge: Knowledge) -> Iterator[Problem]:
    file = knowledge.directory / "brands.yaml"
    defaults = [brand.id for brand in knowledge.guidance.brands if brand.default]
    if len(defaults) != 1:
        words = f"{len(defaults)} brands are the default; mark exactly one with `default: true`"
        yield Problem(file, 1, "error", words)
    for position, brand in enumerate(knowledge.guidance.brands):
        if brand.home_region is not None and brand.home_region not in brand.regions:
            line = knowledge.line(file, "brands", position, "home_region")
            words = f"home_region {brand.home_region} is not among the regions of {brand.id}; add it there"
            yield Problem(file, line, "error", words)


def _check_holdings(knowledge: Knowledge) -> Iterator[Problem]:
    file = knowledge.directory / "holding.yaml"
    for position, holding in enumerate(knowledge.guidance.holdings):
        line = knowledge.line(file, "holdings", position, "category")
        if holding.category not in CATEGORIES:
            known = ", ".join(CATEGORIES)
            yield Problem(
                file, line, "error", f"`{holding.category}` is not a danger the screen finds; use one of {known}"
            )
        if holding.brand is not None and holding.brand not in knowledge.brands:
            yield Problem(file, line, "error", f"brand `{holding.brand}` is not in brands.yaml; correct or add it")
        for language in LANGUAGES:
            if language not in holding.text:
                words = f"`{holding.category}` has no text in `{language}`; a post in it would get no holding text"
                yield Problem(file, line, "error", words)
        unheard = [f"`{language}`" for language in LANGUAGES if language not in holding.between_two]
        if unheard:
            words = f"`{holding.category}` has no `between_two` in {', '.join(unheard)}; a caller would be told nothing"
            yield Problem(file, line, "warning", words)
    for brand in knowledge.guidance.brands:
        for category in CATEGORIES:
            if knowledge.guidance.holding(category, brand.id) is None:
                words = f"no holding text for `{category}` at {brand.id}; add an approved one"
                yield Problem(file, 1, "error", words)


def _check_destinations(knowledge: Knowledge) -> Iterator[Problem]:
    file = knowledge.directory / "destinations.yaml"
    for position, place in enumerate(knowledge.destinations):
        if place.brand is not None and place.brand not in knowledge.brands:
            line = knowledge.line(file, "destinations", position, "brand")
            words = f"brand `{place.brand}` of `{place.id}` is not in brands.yaml; correct or add it"
            yield Problem(file, line, "error", words)
        for region in set(place.regions) - knowledge.regions:
            line = knowledge.line(file, "destinations", position, "regions")
            words = f"region `{region}` of `{place.id}` belongs to no brand; correct it"
            yield Problem(file, line, "error", words)
        if not _can_be_reached(place):
            line = knowledge.line(file, "destinations", position, "target")
            words = (
                f"`{place.target}` is neither an https address nor a phone number; correct the target of `{place.id}`"
            )
            yield Problem(file, line, "error", words)


def _can_be_reached(place: Destination) -> bool:
    if place.kind == "phone":
        return sum(character.isdigit() for character in place.target) >= 7
    return place.target.startswith("https://")


def _check_intents(knowledge: Knowledge) -> Iterator[Problem]:
    file = knowledge.directory / "intents.yaml"
    answered = {answer.intent for document in knowledge.live_documents for answer in document.front.answers}
    for position, intent in enumerate(knowledge.guidance.intents):
        if intent.destination is not None:
            line = knowledge.line(file, "intents", position, "destination")
            yield from _check_destination_of(intent.id, intent.destination, knowledge, file, line)
        for category in set(intent.policies) - knowledge.categories_in_use:
            line = knowledge.line(file, "intents", position, "policies")
            words = f"no document has the category `{category}` that answers `{intent.id}`; write one or remove it"
            yield Problem(file, line, "warning", words)
        helpless = intent.id not in answered and not (intent.destination or intent.asks or intent.team)
        if helpless and intent.group != "praise":
            line = knowledge.line(file, "intents", position, "id")
            words = f"`{intent.id}` has no answer in any document, no destination, no question and no team; give it one"
            yield Problem(file, line, "warning", words)


def _check_destination_of(intent: str, kind: str, knowledge: Knowledge, file: Path, line: int) -> Iterator[Problem]:
    for brand in knowledge.guidance.brands:
        reached = {place.language for place in knowledge.destinations if (place.kind, place.brand) == (kind, brand.id)}
        if not reached:
            words = f"`{intent}` sends people to `{kind}`, and {brand.id} has none in destinations.yaml; add it"
            yield Problem(file, line, "error", words)
        for language in set(brand.languages) - reached if reached else ():
            words = f"`{kind}` of {brand.id} is missing in `{language}`; English is used instead"
            yield Problem(file, line, "warning", words)


def _check_asked(knowledge: Knowledge) -> Iterator[Problem]:
    file = knowledge.directory / "asked.yaml"
    documents = {document.id: document for document in knowledge.documents}
    for position, asked in enumerate(knowledge.guidance.asked):
        if knowledge.guidance.intent(asked.intent) is None:
            line = knowledge.line(file, "asked", position, "intent")
            yield Problem(file, line, "error", f"`{asked.intent}` is not in intents.yaml; correct or add it")
        document = documents.get(asked.document or "")
        if asked.document is not None and (document is None or not document.answers):
            line = knowledge.line(file, "asked", position, "document")
            words = f"`{asked.document}` is no document with answers; correct it, or write the answers"
            yield Problem(file, line, "error", words)
