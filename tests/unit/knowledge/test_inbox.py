"""The demo inbox keeps to what the drafts are judged by: its mix, its formats and names that exist elsewhere."""

import json
import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.guidance import LANGUAGES, Brand, Intent, Question

KNOWLEDGE = Path(__file__).parents[3] / "knowledge"
OUTCOMES = {"draft", "clarify", "hand_over", "no_reply", "hold"}
REASONS = {
    "clarify": {"vague", "missing_detail", "missing_order", "identity", "already_tried"},
    "hand_over": {
        "danger_self_harm", "danger_threat", "danger_injury", "danger_product", "minor", "legal", "regulator", "press",
        "discrimination", "data_breach", "named_employee", "language", "abstained", "authority", "fraud", "not_ours",
    },
    "no_reply": {"spam", "impersonation", "thanks", "rant", "not_addressed", "resolved"},
    "hold": {"incident"},
}  # fmt: skip
TEAMS = {
    "on_call_safety", "on_call_legal", "on_call_press", "privacy", "fraud", "people", "orders", "payments", "repairs",
    "accounts", "community", "languages",
}  # fmt: skip
NOT_COMPLAINTS = {"danger", "praise", "noise", "language"}
SHARES = {
    "account": (0.24, 0.32),
    "fault": (0.22, 0.3),
    "money": (0.1, 0.17),
    "policy": (0.08, 0.12),
    "wish": (0.02, 0.08),
}


def _yaml(name: str) -> Any:
    return yaml.safe_load((KNOWLEDGE / name).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def inbox() -> list[dict[str, Any]]:
    lines = (KNOWLEDGE / "demo" / "inbox.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.fixture(scope="module")
def shop() -> dict[str, Any]:
    return _yaml("demo/shop.yaml")


@pytest.fixture(scope="module")
def brands() -> list[Brand]:
    return [Brand.model_validate(entry) for entry in _yaml("brands.yaml")["brands"]]


def _target(case: dict[str, Any]) -> dict[str, Any]:
    return [post for post in case["posts"] if post["role"] == "customer"][-1]


def _handles(shop: dict[str, Any]) -> set[tuple[str, str, str]]:
    return {
        (customer["brand"], handle["channel"], handle["handle"].casefold())
        for customer in shop["customers"]
        for handle in customer["handles"]
    }


def test_there_are_eighty_posts_and_sixty_are_from_strangers(inbox: list[dict[str, Any]], shop: dict[str, Any]) -> None:
    known = _handles(shop)
    strangers = [
        case for case in inbox if (case["brand"], case["channel"], _target(case)["author"].casefold()) not in known
    ]

    assert len(inbox) == 80
    assert len({case["id"] for case in inbox}) == 80
    assert len(strangers) == 60


def test_the_mix_is_that_of_real_inboxes(inbox: list[dict[str, Any]]) -> None:
    kinds = Counter(case["kind"] for case in inbox if case["kind"] not in NOT_COMPLAINTS)
    languages = Counter(case["language"] for case in inbox)

    for kind, (least, most) in SHARES.items():
        assert least <= kinds[kind] / kinds.total() <= most, (kind, kinds[kind])
    assert 0.55 <= languages["en"] / 80 <= 0.65
    assert all(languages[language] >= 8 for language in LANGUAGES)
    assert {"x", "bluesky", "mastodon", "instagram"} == {case["channel"] for case in inbox}
    assert 0.55 <= sum(case["brand"] == "fernhollow" for case in inbox) / 80 <= 0.65


def test_posts_are_well_formed_and_within_the_days_of_the_demo(
    inbox: list[dict[str, Any]], brands: list[Brand]
) -> None:
    accounts = {(brand.id, channel): handle for brand in brands for channel, handle in brand.accounts.items()}
    for case in inbox:
        times = [datetime.fromisoformat(post["created_at"]) for post in case["posts"]]
        assert times == sorted(set(times)), case["id"]
        assert datetime(2026, 11, 18, tzinfo=UTC) <= times[0], case["id"]
        assert times[-1] <= datetime(2026, 11, 20, 12, tzinfo=UTC), case["id"]
        for post in case["posts"]:
            assert post["role"] in {"customer", "brand"}
            if post["role"] == "brand":
                assert post["author"] == accounts[case["brand"], case["channel"]], case["id"]


def test_expectations_name_what_exists(inbox: list[dict[str, Any]]) -> None:
    intents = {entry["id"] for entry in _yaml("intents.yaml")["intents"]}
    policies = {path.stem for path in (KNOWLEDGE / "policies").glob("*.md")}
    for case in inbox:
        want = case["expect"]
        assert want["outcome"] in OUTCOMES
        assert want["intent"] is None or want["intent"] in intents, case["id"]
        assert set(want["policy"]) <= policies, (case["id"], set(want["policy"]) - policies)
        if want["outcome"] == "draft":
            assert "reason" not in want, case["id"]
        else:
            assert want["reason"] in REASONS[want["outcome"]], case["id"]
        assert ("team" in want) == (want["outcome"] == "hand_over"), case["id"]
        assert want.get("team") in {*TEAMS, None}


def test_facts_of_an_order_are_wanted_in_private_and_of_verified_customers_only(
    inbox: list[dict[str, Any]], shop: dict[str, Any]
) -> None:
    verified = {
        (customer["brand"], handle["channel"], handle["handle"]): customer["id"]
        for customer in shop["customers"]
        for handle in customer["handles"]
        if handle["known"] == "verified"
    }
    owners = {order["id"]: order["customer"] for order in shop["orders"]}
    for case in inbox:
        writer = verified.get((case["brand"], case["channel"], _target(case)["author"]))
        for wanted in case["expect"]["must_appear"]:
            assert wanted["part"] in {"public", "private", "any"}
            assert wanted["any_of"]
            assert wanted["part"] != "private" or writer is not None, case["id"]
            for order in re.findall(r"\b(?:FH|TL)-\d+\b", " ".join(wanted["any_of"])):
                assert owners[order] == writer, case["id"]
                assert wanted["part"] == "private", case["id"]


def test_a_wanted_fact_is_not_forbidden_at_the_same_time(inbox: list[dict[str, Any]]) -> None:
    for case in inbox:
        for banned in case["expect"]["must_not"]:
            part, text = (banned["part"], banned["text"]) if isinstance(banned, dict) else ("any", banned)
            for wanted in case["expect"]["must_appear"]:
                if part == "any" or wanted["part"] == part:
                    assert any(text.casefold() not in words.casefold() for words in wanted["any_of"]), case["id"]


def test_every_intent_has_examples_words_and_a_public_question_in_each_language() -> None:
    without_question = {"thanks", "its_fine", "smalltalk"}
    personal = re.compile(
        r"order number|bestellnummer|número de pedido|numéro de commande|your (email|name|phone)", re.I
    )
    for intent in (Intent.model_validate(entry) for entry in _yaml("intents.yaml")["intents"]):
        for language in LANGUAGES:
            assert len(intent.examples[language]) >= 4, (intent.id, language)
            assert intent.words[language], (intent.id, language)
            assert all(word == word.lower() for word in intent.words[language])
            if intent.id not in without_question:
                assert intent.asks[language].endswith("?"), (intent.id, language)
                assert not personal.search(intent.asks[language]), (intent.id, language)


def test_a_question_is_never_put_during_a_complaint_or_twice() -> None:
    questions = [Question.model_validate(entry) for entry in _yaml("questions.yaml")["questions"]]

    assert len({question.id for question in questions}) == len(questions) >= 6
    for question in questions:
        assert set(question.text) == set(LANGUAGES)
        assert {"open_complaint", "asked_lately", "known", "refused"} <= set(question.never_when)
