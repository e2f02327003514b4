import pytest

from assistant.language import UNDETERMINED, detect_language

SHORT = {
    "en": [
        "tent arrived with a hole in it", "no answer for 9 days", "parcel stuck in Leeds??", "is this a scam",
        "boots too small", "hello? anybody home", "@FernhollowHelp u there", "stove won't light", "scam company",
        "so happy with the new pack ❤️",
    ],
    "de": [
        "Zelt undicht nach einer Nacht", "Seit 9 Tagen keine Antwort", "Paket hängt in Leipzig fest", "Ist das Betrug?",
        "Stiefel zu klein", "Hallo? Jemand da?", "Der Kocher zündet nicht", "Bin begeistert vom neuen Rucksack ❤️",
        "Ich warte noch immer!!!", "@FernhollowHelp Rechnung fehlt",
    ],
    "es": [
        "La tienda llegó con un agujero", "9 días sin respuesta", "el paquete parado en Madrid", "¿Es una estafa?",
        "botas demasiado pequeñas", "¿Hola? ¿Hay alguien?", "el hornillo no enciende", "Encantada con la mochila ❤️",
        "Menuda vergüenza de empresa", "@FernhollowHelp falta la factura",
    ],
    "fr": [
        "tente arrivée avec un trou", "9 jours sans réponse", "Colis bloqué à Lyon", "C'est une arnaque ?",
        "chaussures trop petites", "Allô ? Il y a quelqu'un ?", "le réchaud ne s'allume pas", "Ravie de mon sac ❤️",
        "Quelle honte cette entreprise", "@FernhollowHelp il manque la facture",
    ],
}  # fmt: skip
OTHERS = {
    "it": ["la tenda è arrivata con un buco", "da 9 giorni nessuna risposta", "vorrei un rimborso"],
    "nl": ["de tent kwam aan met een gat erin", "al 9 dagen geen antwoord", "ik wil mijn geld terug"],
    "pl": ["namiot przyszedł z dziurą", "od 9 dni brak odpowiedzi", "chcę zwrotu pieniędzy"],
    "pt": ["a tenda chegou com um buraco", "9 dias sem resposta nenhuma", "quero o meu dinheiro de volta"],
    "tr": ["çadır delik geldi", "9 gündür cevap yok", "paramı geri istiyorum"],
    "ja": ["テントに穴が開いていました", "9日間返事がありません", "返金してください"],
}


@pytest.mark.parametrize("language", SHORT)
def test_short_posts_are_told_apart_against_the_hint_of_another_language(language: str) -> None:
    hint = "de" if language == "en" else "en"
    wrong = [text for text in SHORT[language] if detect_language(text, hint) != language]
    assert len(wrong) <= 1, wrong


@pytest.mark.parametrize("language", SHORT)
def test_short_posts_in_the_hinted_language_are_never_taken_for_another(language: str) -> None:
    assert [text for text in SHORT[language] if detect_language(text, language) != language] == []


@pytest.mark.parametrize("language", OTHERS)
def test_languages_we_do_not_write_are_not_taken_for_one_we_do(language: str) -> None:
    assert [text for text in OTHERS[language] if detect_language(text, "en") != language] == []


@pytest.mark.parametrize("text", ["", "😡😡", "@FernhollowHelp", "https://www.fernhollow.example/help", "FH-10423"])
def test_a_text_without_words_is_in_the_hinted_language_or_undetermined(text: str) -> None:
    assert detect_language(text, "fr") == "fr"
    assert detect_language(text) == UNDETERMINED


def test_mentions_and_links_do_not_decide() -> None:
    assert detect_language("@AyudaDeLaTienda @SoporteTecnico where is it? https://ejemplo.example/donde/esta") == "en"
