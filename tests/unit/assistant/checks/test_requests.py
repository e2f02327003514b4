import pytest

from assistant.outcome import ClaimKind, Part
from tests.unit.assistant.checks.sentences import rules

ASKED = [
    "Could you send us your order number?",
    "What's the best number to reach you on?",
    "Which email did you sign up with?",
    "Drop your mobile below.",
    "Can we have your surname and house number?",
    "Comment below with your date of birth.",
    "Your IBAN, please.",
    "Where do you live?",
    "Email me at ann at example dot com.",
    "Schick uns bitte deine E-Mail-Adresse.",
    "Kannst du uns deine Telefonnummer verraten?",
    "Wo wohnst du?",
    "Schreib mir an ann punkt wood ät example punkt de.",
    "¿Cuál es su número de pedido?",
    "¿Y dónde vives?",
    "Escríbeme a ann arroba example punto es.",
    "Quel est votre code postal ?",
    "Où habitez-vous ?",
    "Écris-moi à ann arobase example point fr.",
]
SECRETS = [
    "What's the long number on your card?",
    "DM us your mother's maiden name.",
    "Send us a DM with your password.",
    "Reply with the code we texted you.",
    "Wie lautet die lange Nummer auf deiner Karte?",
    "Schick uns deine PIN per DM.",
    "¿Cuál es el número largo de tu tarjeta?",
    "Envíanos tu contraseña por MD.",
    "Quel est le nom de jeune fille de votre mère ?",
    "Envoyez-nous votre code secret en MP.",
]


@pytest.mark.parametrize("kind", [ClaimKind.QUESTION, ClaimKind.COURTESY])
@pytest.mark.parametrize("sentence", [*ASKED, *SECRETS])
def test_personal_data_is_not_asked_for_in_public(sentence, kind):
    assert {"asks_private_data", "private_data"} & rules(sentence, part=Part.PUBLIC, kind=kind)


@pytest.mark.parametrize("sentence", SECRETS)
def test_a_secret_is_asked_for_nowhere(sentence):
    assert "asks_private_data" in rules(sentence, part=Part.PRIVATE, kind=ClaimKind.QUESTION)


@pytest.mark.parametrize(
    "sentence",
    [
        "Please send us your order number by DM.",
        "Could you DM us your order number?",
        "Schick uns deine Bestellnummer bitte per PN.",
        "Envíanos tu número de pedido por mensaje privado.",
        "Envoyez-nous votre numéro de commande en MP.",
    ],
)
def test_personal_data_may_be_asked_for_by_private_message(sentence):
    assert rules(sentence, part=Part.PUBLIC, kind=ClaimKind.QUESTION) == set()


@pytest.mark.parametrize(
    "sentence",
    [
        "Never share your password with anyone.",
        "We'll never ask for your PIN.",
        "Please don't post your card number here.",
        "Please leave your order number out of public posts.",
        "Is the email perhaps in spam, and do you know which address you signed up with (without naming it here)?",
        "Was it a text, an email or a page?",
        "What happens when you type the password?",
        "Email address changes take 48 hours.",
        "Which phone model are you using?",
        "Teile nie dein Passwort.",
        "Nenne hier bitte keine Bestellnummer.",
        "Wie heißt die Fehlermeldung?",
        "Nunca compartas tu contraseña.",
        "¿Qué talla buscas?",
        "Ne donnez jamais votre mot de passe.",
        "Quelle taille cherchez-vous ?",
    ],
)
def test_speaking_of_data_is_not_asking_for_it(sentence):
    assert "asks_private_data" not in rules(sentence, part=Part.PUBLIC, kind=ClaimKind.QUESTION)
