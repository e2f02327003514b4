"""Each kind of mistake is found in a folder that has it, and none in one that has not."""

from datetime import date
from pathlib import Path

import pytest

from server.policies.checking import check_knowledge
from server.policies.problems import Problem
from tests.unit.server.policies.conftest import (
    BRANDS,
    DESTINATIONS,
    HOLDINGS,
    INTENTS,
    OLD_RETURNS,
    RETURNS,
    VOICES,
    Folder,
)

SHIPPED = Path(__file__).parents[4] / "knowledge"
TODAY = date(2026, 11, 20)
NEW, OLD = "policies/returns-2.md", "policies/returns-1.md"
EXTRA = "policies/returns-eu.md"


def _extra(body: str, front: str = "") -> str:
    begun = RETURNS.split("answers:")[0].replace("returns-2", "returns-eu").replace("supersedes: returns-1\n", "")
    return f"{begun.replace('help/returns', 'help/eu')}{front}---\n\n{body}\n"


def test_nothing_is_wrong_in_a_good_folder(folder: Folder) -> None:
    problems = check_knowledge(folder(), today=TODAY)
    assert [(problem.file.name, problem.severity) for problem in problems] == [("returns-1.md", "info")]


def test_nothing_is_wrong_in_a_folder_of_documents_alone(folder: Folder) -> None:
    documents_alone = dict.fromkeys(("brands.yaml", "voice.yaml", "holding.yaml", "destinations.yaml", "intents.yaml"))
    without_link = RETURNS.replace("https://www.oak.example/en/form", "https://www.oak.example/help/returns")
    assert _errors(folder({**documents_alone, NEW: without_link})) == []


def test_the_shipped_knowledge_has_no_errors() -> None:
    assert [str(problem) for problem in check_knowledge(SHIPPED, today=TODAY) if problem.severity == "error"] == []


ASKED = """asked:
  - document: returns-2
    intent: return_policy
    posts: {en: ["can I send it back"]}
"""

WRONG: dict[str, tuple[dict[str, str | None], str, int, str]] = {
    # what is asked
    "asked of nothing": ({"asked.yaml": ASKED.replace("returns-2", "returns-9")}, "asked.yaml", 2, "no document with"),
    "asked for nothing": (
        {"asked.yaml": ASKED.replace("return_policy", "cake")},
        "asked.yaml",
        3,
        "not in intents.yaml",
    ),
    # front matter
    "no front matter": ({EXTRA: "# Returns\n"}, EXTRA, 1, "has no front matter"),
    "missing field": ({NEW: RETURNS.replace("owner: Returns team\n", "")}, NEW, 2, "owner is missing"),
    "empty field": ({NEW: RETURNS.replace("owner: Returns team", "owner:")}, NEW, 9, "owner is missing"),
    "unknown field": ({NEW: RETURNS.replace("owner:", "ownr: x\nowner:")}, NEW, 9, "ownr is not a known field"),
    "id unlike the file": ({EXTRA: _extra("x").replace("id: returns-eu", "id: eu")}, EXTRA, 2, "not the file's name"),
    "unreadable": ({EXTRA: "---\nid: [\n---\n"}, EXTRA, 3, "not valid YAML"),
    "id twice": ({EXTRA: RETURNS.replace("supersedes: returns-1\n", "")}, EXTRA, 2, "also that of returns-2.md"),
    "no text": ({EXTRA: _extra("")}, EXTRA, 2, "has no text"),
    "no page": ({EXTRA: _extra("x").replace("public_url", "# public_url")}, EXTRA, 2, "public_url is missing"),
    "page twice": ({EXTRA: _extra("x").replace("help/eu", "help/returns")}, EXTRA, 9, "is also the page of"),
    "unknown brand": ({NEW: RETURNS.replace("brand: oak", "brand: elm")}, NEW, 4, "brand `elm`"),
    "unknown region": ({EXTRA: _extra("x", "region: Mars\n")}, EXTRA, 10, "region `Mars`"),
    "unknown category": ({EXTRA: _extra("x").replace("category: returns", "category: fun")}, EXTRA, 5, "`fun`"),
    # versions
    "superseded and still in effect": (
        {OLD: OLD_RETURNS.replace("effective_to: 2025-12-31\n", "")},
        OLD,
        7,
        "is superseded by `returns-2` and has no end",
    ),
    "versions overlap": ({OLD: OLD_RETURNS.replace("2025-12-31", "2026-06-30")}, OLD, 8, "let them not overlap"),
    "gap between versions": ({OLD: OLD_RETURNS.replace("2025-12-31", "2025-11-30")}, OLD, 8, "close the gap"),
    "ends before it begins": ({OLD: OLD_RETURNS.replace("2025-12-31", "2024-12-31")}, OLD, 8, "before it begins"),
    "supersedes nothing": ({NEW: RETURNS.replace("supersedes: returns-1", "supersedes: x")}, NEW, 8, "no document"),
    "supersedes itself": ({NEW: RETURNS.replace("supersedes: returns-1", "supersedes: returns-2")}, NEW, 8, "itself"),
    "ended without successor": ({EXTRA: _extra("x", "effective_to: 2026-03-01\n")}, EXTRA, 10, "nothing supersedes it"),
    "not yet in effect": ({EXTRA: _extra("x").replace("2026-01-01", "2027-01-01")}, EXTRA, 7, "not in effect before"),
    # text
    "template mark": ({EXTRA: _extra("Within {{days}} days.")}, EXTRA, 12, "`{{days}}` was never filled in"),
    "TBD": ({EXTRA: _extra("Within TBD days.")}, EXTRA, 12, "never filled in"),
    "XX days": ({EXTRA: _extra("Within XX days.")}, EXTRA, 12, "never filled in"),
    "lorem ipsum": ({EXTRA: _extra("Lorem ipsum dolor.")}, EXTRA, 12, "never filled in"),
    "insert here": ({EXTRA: _extra("Call [insert number].")}, EXTRA, 12, "never filled in"),
    "template mark in the title": ({NEW: RETURNS.replace("title: Returns", "title: TBD")}, NEW, 3, "never filled in"),
    "dead link": ({EXTRA: _extra("See https://www.oak.example/gone.")}, EXTRA, 12, "oak.example/gone is neither"),
    "link to an ended page": (
        {
            OLD: OLD_RETURNS.replace("owner:", "public_url: https://www.oak.example/old\nowner:"),
            EXTRA: _extra("See <https://www.oak.example/old>"),
        },
        EXTRA,
        12,
        "neither a destination nor the page",
    ),
    "link to a missing file": ({EXTRA: _extra("See [this](gone.md).")}, EXTRA, 12, "links to gone.md"),
    "contradiction": (
        {EXTRA: _extra("Unused items can come back within 45 days.")},
        NEW,
        23,
        "says 60 where returns-eu.md:12 says 45 (day)",
    ),
    # answers
    "number not in the text": ({NEW: RETURNS.replace('within 60 days."', 'within 61 days."')}, NEW, 13, "61 does not"),
    "answer too long": ({NEW: RETURNS.replace("Unbenutztes", "Unbenutztes " * 20)}, NEW, 14, "shorten it to 200"),
    "answer with a word to avoid": ({NEW: RETURNS.replace("Unbenutztes", "Leider")}, NEW, 14, "says `leider`"),
    "answer with a link": ({NEW: RETURNS.replace("sous 60 jours.", "https://a.example 60")}, NEW, 16, "holds a link"),
    "answer with a template mark": ({NEW: RETURNS.replace("Lo no", "{{x}}")}, NEW, 15, "never filled in"),
    "answer in too few languages": (
        {NEW: RETURNS.replace('    fr: "Un article non utilisé se rend sous 60 jours."\n', "")},
        NEW,
        12,
        "no answer in `fr`",
    ),
    "answer to an unknown intent": (
        {NEW: RETURNS.replace("intent: return_policy", "intent: x")},
        NEW,
        12,
        "intent `x`",
    ),
    "answers in an internal document": ({NEW: RETURNS.replace("public\n", "internal\n")}, NEW, 12, "is internal"),
    # guidance
    "unreadable guidance": ({"voice.yaml": "voices: 3\n"}, "voice.yaml", 1, "must be a list"),
    "no default brand": (
        {"brands.yaml": BRANDS.replace("default: true", "default: false")},
        "brands.yaml",
        1,
        "exactly one",
    ),
    "home region elsewhere": (
        {"brands.yaml": BRANDS.replace("home_region: UK", "home_region: US")},
        "brands.yaml",
        6,
        "US",
    ),
    "no voice": ({"voice.yaml": VOICES.replace("language: de", "language: en")}, "voice.yaml", 1, "no voice in `de`"),
    "voice that runs into the answer": (
        {"voice.yaml": VOICES.replace("language: de", "language: de, greeting: Hallo")},
        "voice.yaml",
        3,
        "greeting: runs into the answer",
    ),
    "voice where we are not": (
        {"voice.yaml": VOICES.replace("language: fr", "language: fr, channel: myspace")},
        "voice.yaml",
        5,
        "no account on “myspace”",
    ),
    "voice of nobody": ({"voice.yaml": VOICES.replace("oak", "elm", 1)}, "voice.yaml", 2, "brand `elm`"),
    "no holding text": (
        {"holding.yaml": HOLDINGS.replace("category: press", "category: legal")},
        "holding.yaml",
        1,
        "`press`",
    ),
    "holding text in too few languages": (
        {"holding.yaml": HOLDINGS.replace(", de: Danke.", "", 1)},
        "holding.yaml",
        2,
        "`de`",
    ),
    "a caller who is told nothing": (
        {"holding.yaml": HOLDINGS.replace("between_two: {en: Thanks., de: Danke., ", "between_two: {", 1)},
        "holding.yaml",
        2,
        "no `between_two` in `en`, `de`",
    ),
    "holding text for nothing": ({"holding.yaml": HOLDINGS.replace("press", "rain")}, "holding.yaml", 30, "`rain`"),
    "destination of nobody": (
        {"destinations.yaml": DESTINATIONS.replace("brand: oak", "brand: elm", 1)},
        "destinations.yaml",
        4,
        "`elm`",
    ),
    "destination without address": (
        {"destinations.yaml": DESTINATIONS.replace("https://www.oak.example/de/form", "our form")},
        "destinations.yaml",
        13,
        "neither an https address",
    ),
    "destination in too few languages": (
        {"destinations.yaml": DESTINATIONS.replace("language: fr", "language: en")},
        "intents.yaml",
        6,
        "missing in `fr`",
    ),
    "intent sent nowhere": ({"intents.yaml": INTENTS.replace("secure_form", "phone")}, "intents.yaml", 6, "has none"),
    "intent of no category": (
        {"intents.yaml": INTENTS.replace("[returns]", "[gift]")},
        "intents.yaml",
        5,
        "category `gift`",
    ),
    "helpless intent": (
        {"intents.yaml": INTENTS + "  - {id: rain, title: Rain, group: other}\n"},
        "intents.yaml",
        7,
        "`rain` has no answer",
    ),
}


@pytest.mark.parametrize("mistake", WRONG)
def test_a_mistake_is_found_where_it_stands(folder: Folder, mistake: str) -> None:
    changed, name, line, words = WRONG[mistake]
    directory = folder(changed)
    found = [problem for problem in check_knowledge(directory, today=TODAY) if words in problem.words]
    assert [(problem.file, problem.line) for problem in found][:1] == [(directory / name, line)]


def test_different_numbers_are_fine_where_nobody_is_told_both(folder: Folder) -> None:
    apart = {
        "another region": _extra("Unused items can come back within 45 days.", "region: EU\n"),
        "another product": _extra("Unused items can come back within 45 days.", "product: boots\n"),
    }
    directory = folder({EXTRA: apart["another region"], NEW: RETURNS.replace("owner:", "region: UK\nowner:")})
    assert _errors(directory) == []
    (directory / EXTRA).write_text(apart["another product"])
    (directory / NEW).write_text(RETURNS.replace("owner:", "product: tents\nowner:"))
    assert _errors(directory) == []


ACCOUNTS = """accounts:
  - id: oak-x
    brand: oak
    channel: x
    adapter: simulated
    handle: OakHelp
    hours:
      on_call:
        - {team: people, contact: "+44 20 7946 0000"}
"""
REVIEW = """review:
  amounts:
    - {role: rep, most: {GBP: 2500}}
    - {role: admin, unlimited: true}
  danger_words: {en: [lawyer], de: [anwalt], es: [abogado], fr: [avocat]}
"""
WRONG_RULES: dict[str, tuple[str, str, int, str]] = {
    "unknown brand": ("accounts.yaml", ACCOUNTS.replace("brand: oak", "brand: elm"), 3, "brand `elm` of `oak-x`"),
    "unknown team": ("accounts.yaml", ACCOUNTS.replace("people", "nobody"), 9, "handed over to `nobody`"),
    "unknown adapter": ("accounts.yaml", ACCOUNTS.replace("simulated", "telex"), 5, "accounts[0].adapter"),
    "bad hours": (
        "accounts.yaml",
        ACCOUNTS.replace("on_call:", "time_zone: Mars/Base\n      on_call:"),
        8,
        "time zone",
    ),
    "role twice": (
        "review.yaml",
        REVIEW.replace("admin, unlimited: true", "rep, most: {EUR: 1}"),
        4,
        "of `rep` stands",
    ),
    "no currency": ("review.yaml", REVIEW.replace("GBP", "pounds"), 3, "`pounds` is no currency"),
    "unknown rule": ("review.yaml", REVIEW + "  readers: 5\n", 6, "review.readers"),
    "a language left out": ("review.yaml", REVIEW.replace(", de: [anwalt]", ""), 5, "no danger words in `de`"),
}


def test_nothing_is_wrong_in_good_rules(folder: Folder) -> None:
    directory = folder({"accounts.yaml": ACCOUNTS, "review.yaml": REVIEW})
    assert [problem.file.name for problem in check_knowledge(directory, today=TODAY)] == ["returns-1.md"]


@pytest.mark.parametrize("mistake", WRONG_RULES)
def test_a_mistake_in_accounts_or_review_is_found_where_it_stands(folder: Folder, mistake: str) -> None:
    name, text, line, words = WRONG_RULES[mistake]
    directory = folder({"accounts.yaml": ACCOUNTS, "review.yaml": REVIEW, name: text})
    (problem,) = [problem for problem in check_knowledge(directory, today=TODAY) if problem.severity != "info"]
    assert (problem.file, problem.line) == (directory / name, line)
    assert words in problem.words


def test_an_empty_folder_is_named(tmp_path: Path) -> None:
    (problem,) = check_knowledge(tmp_path, today=TODAY)
    assert (problem.file, problem.severity) == (tmp_path, "error")


def _errors(directory: Path) -> list[Problem]:
    return [problem for problem in check_knowledge(directory, today=TODAY) if problem.severity == "error"]
