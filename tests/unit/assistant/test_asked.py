import pytest

from assistant.asked import read_question


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        ("where is it?", ["delivery"]),
        ("can you tell me where the parcel is?", ["delivery"]),
        ("what did she pay?", ["paid"]),
        ("which card did she use?", ["method"]),
        ("did we refund anything?", ["refund"]),
        ("how much is the refund and to which card?", ["refund"]),
        ("which address is it going to?", ["address"]),
        ("how much is left on her gift card?", ["balance"]),
        ("what size did she order?", ["items"]),
        ("is 43 in stock?", ["stock"]),
        ("what did we promise her?", ["promises"]),
        ("What have we committed to?", ["promises"]),
        ("Qu'avons-nous promis ?", ["promises"]),
        ("Quelles promesses avons-nous faites ?", ["promises"]),
        ("Avons-nous la taille M ?", ["stock"]),
        ("Was haben wir noch versprochen?", ["promises"]),
        ("Was wurde ihr zugesichert?", ["promises"]),
        ("¿Qué promesas tenemos?", ["promises"]),
        ("¿En qué quedamos con ella?", ["promises"]),
        ("what have we already tried?", ["earlier"]),
        ("why was the order cancelled?", ["status"]),
        ("why did he send it back?", ["return"]),
        ("what may I offer her for the delay?", ["offer"]),
        ("what's the order number?", ["order"]),
        ("has the order shipped?", ["delivery"]),
        ("which sizes do we have?", ["stock"]),
        ("when did we get the jacket back?", ["return"]),
        ("which size does he want instead?", ["exchange"]),
        ("Wie viele Punkte hat sie?", ["points"]),
        ("is the replacement on its way?", ["promises", "delivery"]),
        ("summary please", ["overview"]),
        ("Wo ist das Paket?", ["delivery"]),
        ("Wurde zweimal abgebucht?", ["paid"]),
        ("Seit wann ist sie Kundin?", ["person"]),
        ("¿le hemos reembolsado algo?", ["refund"]),
        ("combien a-t-elle payé ?", ["paid"]),
        ("quelle est son adresse ?", ["address"]),
    ],
)
def test_a_question_asks_for_kinds_of_fact(question: str, kinds: list[str]):
    assert [kind.name for kind in read_question(question).kinds] == kinds


@pytest.mark.parametrize(
    "question", ["can she still cancel?", "Kann er noch umtauschen?", "¿puede devolverlo?", "peut-elle annuler ?"]
)
def test_what_somebody_may_do_asks_for_a_rule(question: str):
    assert read_question(question).rule


@pytest.mark.parametrize("question", ["can you tell me where it is?", "Kannst du mir sagen, wo das Paket ist?"])
def test_a_polite_frame_asks_for_no_rule(question: str):
    assert not read_question(question).rule


def test_a_question_about_the_policy_asks_for_no_record():
    asked = read_question("what is the return policy?")
    assert asked.rule_alone
    assert asked.kinds == ()
