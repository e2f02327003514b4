"""Checks policy documents: front matter, versions, links, marks left from a template, answers, contradictions."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import combinations

import regex

from server.policies.figures import Statement, contradiction, numbers, statements
from server.policies.front_matter import DocumentFile, PreparedAnswer
from server.policies.knowledge import CATEGORIES, Knowledge
from server.policies.problems import Problem, Severity
from server.policies.yaml_files import name_field

LONGEST_ANSWER = 200
_REQUIRED = ("id", "title", "category", "audience", "effective_from", "owner")
_TEMPLATE_MARK = regex.compile(
    r"\{\{.*?\}\}|\{%.*?%\}|<<.*?>>|(?i:\[(?:insert|todo|tbd|your|xx+)\b[^\]]*\])|(?i:\blorem ipsum\b)"
    r"|\b(?:TBD|TBC|TODO|FIXME)\b|\bX{2,}\b(?=\s*(?:%|\p{L}))|[£€$]\s?X+\b|\?{3,}"  # "todo" is a Spanish word
)
_LINK = regex.compile(r"https?://[^\s<>()\[\]\"'`|]+")
_FILE_LINK = regex.compile(r"\]\((?!\w+:|#|/)([^)\s#]+)")


def check_documents(knowledge: Knowledge) -> Iterator[Problem]:
    """Everything wrong with the documents by themselves and with one another."""
    for document in knowledge.documents:
        yield from _check_alone(document, knowledge)
    yield from _check_versions(knowledge)
    yield from _check_pages(knowledge)
    yield from _check_contradictions(knowledge)


def check_among_others(document: DocumentFile, knowledge: Knowledge) -> Iterator[Problem]:
    """Everything wrong with one of the documents, by itself and beside the others; it stands last among them."""
    yield from _check_alone(document, knowledge)
    touched = {document.id, *document.front.supersedes}
    files = {other.file for other in knowledge.documents if other.id in touched}
    yield from (problem for problem in _check_versions(knowledge) if problem.file in files)
    yield from (problem for problem in _check_pages(knowledge) if problem.file == document.file)
    if document.in_effect(knowledge.today):
        yield from _check_against(document, knowledge)


def _check_alone(document: DocumentFile, knowledge: Knowledge) -> Iterator[Problem]:
    yield from _check_front_matter(document, knowledge)
    yield from _check_marks(document)
    yield from _check_links(document, knowledge)
    for position, answer in enumerate(document.front.answers):
        yield from _check_answer(document, position, answer, knowledge)


def _at(document: DocumentFile, severity: Severity, words: str, *field: str | int) -> Problem:
    return Problem(document.file, document.line_of(*field), severity, words, name_field(field))


def _check_front_matter(document: DocumentFile, knowledge: Knowledge) -> Iterator[Problem]:
    front = document.front
    if document.source is None:
        yield _at(document, "error", f"has no front matter; begin with `---` and {', '.join(_REQUIRED)}")
        return
    for field in _REQUIRED:
        if field not in front.model_fields_set or getattr(front, field) in (None, ""):
            yield _at(document, "error", f"{field} is missing; add it to the front matter", field)
    for field in front.model_extra or {}:
        yield _at(document, "warning", f"{field} is not a known field; remove or correct it", field)
    if front.id is not None and front.id != document.file.stem:
        yield _at(document, "error", f"the id `{front.id}` is not the file's name; make them the same", "id")
    if front.audience == "public" and not front.pages and document.in_effect(knowledge.today):
        yield _at(document, "warning", "public_url is missing, so that drafts cannot link to this page; add it")
    if not document.body.strip():
        yield _at(document, "error", "has no text; write it or delete the file")
    yield from _check_names(document, knowledge)


def _check_names(document: DocumentFile, knowledge: Knowledge) -> Iterator[Problem]:
    if not knowledge.guidance.brands:
        return
    front = document.front
    for brand in set(front.brand) - knowledge.brands:
        yield _at(document, "error", f"brand `{brand}` is not in brands.yaml; correct or add it", "brand")
    for region in set(front.region) - knowledge.regions:
        yield _at(document, "error", f"region `{region}` belongs to no brand; correct it", "region")
    if front.category is not None and front.category not in CATEGORIES:
        words = f"category `{front.category}` is unknown; use one of {', '.join(CATEGORIES)}"
        yield _at(document, "error", words, "category")


def _check_marks(document: DocumentFile) -> Iterator[Problem]:
    for offset, line in enumerate(document.body.splitlines()):
        for match in _TEMPLATE_MARK.finditer(line):
            words = f"`{match.group()}` was never filled in; write what belongs there"
            yield Problem(document.file, document.body_line + offset, "error", words)
    if mark := _TEMPLATE_MARK.search(document.title):
        yield _at(document, "error", f"`{mark.group()}` was never filled in; write what belongs there", "title")


def _check_links(document: DocumentFile, knowledge: Knowledge) -> Iterator[Problem]:
    for offset, line in enumerate(document.body.splitlines()):
        for match in _LINK.finditer(line) if knowledge.addresses else ():
            address = match.group().rstrip(".,;:!?*_")
            if address.rstrip("/") not in {known.rstrip("/") for known in knowledge.addresses}:
                words = f"{address} is neither a destination nor the page of a document in effect; correct the link"
                yield Problem(document.file, document.body_line + offset, "error", words)
        for match in _FILE_LINK.finditer(line):
            if not (document.file.parent / match[1]).exists():
                words = f"links to {match[1]}, which does not exist; correct the link"
                yield Problem(document.file, document.body_line + offset, "error", words)


def _check_answer(
    document: DocumentFile, position: int, answer: PreparedAnswer, knowledge: Knowledge
) -> Iterator[Problem]:
    place = ("answers", position)
    front = document.front
    if front.audience == "internal" and front.category != "statements":
        words = "answers are published, and this document is internal; move them to a public document"
        yield _at(document, "error", words, *place)
    if knowledge.guidance.intents and knowledge.guidance.intent(answer.intent) is None:
        yield _at(
            document, "error", f"intent `{answer.intent}` is not in intents.yaml; correct or add it", *place, "intent"
        )
    brands = [brand for brand in knowledge.guidance.brands if not front.brand or brand.id in front.brand]
    spoken: set[str] = {language for brand in brands for language in brand.languages}
    for missing in sorted(spoken - set(answer.texts)):
        yield _at(document, "warning", f"`{answer.intent}` has no answer in `{missing}`; add it", *place)
    stated = numbers(document.body) | numbers(document.title)
    for language, text in answer.texts.items():
        for severity, words in _wrong_in(text, stated):
            yield _at(document, severity, f"answer in `{language}`: {words}", *place, language)
        avoided = {word for brand in brands for word in knowledge.avoided_words(brand.id, language)}
        for word in sorted(avoided):
            if regex.search(rf"(?<!\w){regex.escape(word)}(?!\w)", text, regex.IGNORECASE):
                words = f"answer in `{language}` says `{word}`, which the voice avoids; rephrase it"
                yield _at(document, "error", words, *place, language)


def _wrong_in(text: str, stated: set[str]) -> Iterator[tuple[Severity, str]]:
    if len(text) > LONGEST_ANSWER:
        yield "error", f"has {len(text)} characters; shorten it to {LONGEST_ANSWER}"
    for number in sorted(numbers(text) - stated):
        yield "error", f"{number} does not stand in the document's text; make them agree"
    if _LINK.search(text):
        yield "error", "holds a link; drafts add the page and the destination themselves"
    if mark := _TEMPLATE_MARK.search(text):
        yield "error", f"`{mark.group()}` was never filled in; write what belongs there"


def _check_versions(knowledge: Knowledge) -> Iterator[Problem]:
    by_id = {document.id: document for document in knowledge.documents}
    replaced = {earlier for document in knowledge.documents for earlier in document.front.supersedes}
    for document in knowledge.documents:
        yield from _check_period(document, knowledge.today, is_replaced=document.id in replaced)
        for earlier in document.front.supersedes:
            if earlier == document.id or earlier not in by_id:
                which = "itself" if earlier == document.id else "no document"
                words = f"supersedes `{earlier}`, which is {which}; correct it"
                yield _at(document, "error", words, "supersedes")
            else:
                yield from _check_succession(document, by_id[earlier])


def _check_period(document: DocumentFile, today: date, *, is_replaced: bool) -> Iterator[Problem]:
    begins, ends = document.front.effective_from, document.front.effective_to
    if begins and ends and ends < begins:
        yield _at(document, "error", f"ends on {ends}, before it begins on {begins}; correct the dates", "effective_to")
    elif begins and begins > today:
        yield _at(
            document, "info", f"not in effect before {begins}; nothing of it is said until then", "effective_from"
        )
    elif ends and ends < today and is_replaced:
        yield _at(document, "info", f"ended on {ends} and was replaced; it is kept and never told", "effective_to")
    elif ends and ends < today:
        words = f"ended on {ends} and nothing supersedes it; delete it, extend it or write its successor"
        yield _at(document, "warning", words, "effective_to")


def _check_succession(later: DocumentFile, earlier: DocumentFile) -> Iterator[Problem]:
    begins, ended = later.front.effective_from, earlier.front.effective_to
    if ended is None:
        words = f"is superseded by `{later.id}` and has no end; set effective_to to the day before {begins}"
        yield _at(earlier, "error", words, "effective_from")
    elif begins is None or ended >= begins:
        words = f"holds until {ended}, and `{later.id}`, which supersedes it, from {begins}; let them not overlap"
        yield _at(earlier, "error", words, "effective_to")
    elif ended + timedelta(days=1) < begins:
        words = f"ends on {ended}, and `{later.id}` begins on {begins}; nothing holds in between, close the gap"
        yield _at(earlier, "warning", words, "effective_to")
    if earlier.front.effective_from and begins and begins <= earlier.front.effective_from:
        words = f"begins on {begins}, not after `{earlier.id}`, which it supersedes; correct the dates"
        yield _at(later, "error", words, "effective_from")


def _check_pages(knowledge: Knowledge) -> Iterator[Problem]:
    first: dict[str, DocumentFile] = {}
    for document in knowledge.live_documents:
        for page in document.front.pages:
            if first.setdefault(page, document) is not document:
                words = f"{page} is also the page of `{first[page].id}`; each document in effect has its own"
                yield _at(document, "warning", words, "public_url")


def _check_contradictions(knowledge: Knowledge) -> Iterator[Problem]:
    by_category: dict[str | None, list[tuple[DocumentFile, tuple[Statement, ...]]]] = {}
    for document in knowledge.live_documents:
        said = tuple(statements(document.body, document.body_line))
        by_category.setdefault(document.front.category, []).append((document, said))
    for documents in by_category.values():
        for (one, said), (other, said_there) in combinations(documents, 2):
            if _same_scope(one, other):
                yield from _first_contradiction(one, said, other, said_there)


def _check_against(document: DocumentFile, knowledge: Knowledge) -> Iterator[Problem]:
    """Whether one document contradicts another that is in effect."""
    said = tuple(statements(document.body, document.body_line))
    for other in knowledge.live_documents:
        same_matter = other.id != document.id and other.front.category == document.front.category
        if same_matter and _same_scope(document, other):
            yield from _first_contradiction(document, said, other, tuple(statements(other.body, other.body_line)))


def _same_scope(one: DocumentFile, other: DocumentFile) -> bool:
    """Whether one customer could be told both: brand, region, product and audience meet."""
    a, b = one.front, other.front
    return (
        (not a.brand or not b.brand or bool(set(a.brand) & set(b.brand)))
        and (not a.region or not b.region or bool(set(a.region) & set(b.region)))
        and (a.product is None or b.product is None or a.product == b.product)
    )


def _first_contradiction(
    one: DocumentFile, said: tuple[Statement, ...], other: DocumentFile, said_there: tuple[Statement, ...]
) -> Iterator[Problem]:
    for here in said:
        for there in said_there:
            unit = contradiction(here, there)
            if unit is None:
                continue
            mine, theirs = ("/".join(sorted(statement.values[unit])) for statement in (here, there))
            words = (
                f"says {mine} where {other.file.name}:{there.line} says {theirs} ({unit}), and both are in effect: "
                f"“{here.text}” / “{there.text}”; correct one, or set them apart by brand, region, product or date"
            )
            yield Problem(one.file, here.line, "error", words)
            return
