"""Which of the documents' words answer a rep: no approved sentence stands before a passage that says more of it."""

from dataclasses import replace

from assistant.asked import read_question
from assistant.rep_rules import RuleQuestion, find_rules
from tests.fakes.desk import VERIFIED, desk, policy
from tests.fakes.material import context_for, small_ports
from tests.fakes.policies import MemoryPassages
from tools.records import Answer, Passage


async def rules(question: str, *passages: Passage, intents: str = "product_fault", matter: str = "") -> list[str]:
    context = context_for(replace(small_ports(), passages=MemoryPassages(passages)), VERIFIED)
    material = replace(desk(question, intents, identity=VERIFIED), choices=())
    claims = await find_rules(RuleQuestion(question, read_question(question), matter), material, context)
    return [claim.sentence for claim in claims]


def document(name: str, text: str, *answers: str, intent: str = "product_fault", **more: str) -> Passage:
    told = tuple(Answer(intent, "en", answer) for answer in answers)
    return replace(policy(name, intent, "", category=more.pop("category", "care")), text=text, answers=told, **more)


SOLES = document(
    "boots",
    "Boots with worn soles can be resoled twice; the price of new soles is on the list.",
    "Footwear has a warranty of two years on material.",
    "Worn boots: new soles cost money, and most models can be resoled.",
    product="boots",
)


async def test_of_the_approved_answers_the_one_that_is_closest_to_the_question_is_told() -> None:
    [told] = await rules("what do new soles for the boots cost?", SOLES)
    assert told == "Boots: Worn boots: new soles cost money, and most models can be resoled."


async def test_a_passage_that_says_more_of_it_goes_before_an_approved_answer_to_something_else() -> None:
    washing = document(
        "boots-care", "Brush mud off the boots, clean the leather with warm water and dry them slowly.",
        "Sizes run small: measure your feet.", category="care",
    )  # fmt: skip
    [told] = await rules("how do I clean mud off the leather boots with warm water?", washing)
    assert "Brush mud off" in told
    assert "measure" not in told


async def test_of_two_documents_of_a_category_that_of_another_product_is_left_out() -> None:
    warranty = "{} have a warranty on material."
    boots = document("w-boots", "Warranty.", warranty.format("Boots"), category="warranty", product="boots")
    jackets = document("w-jackets", "Warranty.", warranty.format("Jackets"), category="warranty", product="jackets")
    told = await rules("is there a warranty on material?", boots, jackets, matter="boots")
    assert told == ["W Boots: Boots have a warranty on material."]
