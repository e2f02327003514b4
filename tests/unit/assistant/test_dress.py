from assistant.dress import dress, undress
from assistant.guidance import Voice
from assistant.outcome import Claim, ClaimKind, Part, Reply

VOICE = Voice(brand="fernhollow", language="fr", channel="*", greeting="Bonjour.", sign_off="L'équipe Fernhollow")


def said(text: str) -> Reply:
    return Reply(public_text=text, claims=(Claim(Part.PUBLIC, text, ClaimKind.POLICY, ("E1",)),))


def test_greeting_and_sign_off_are_the_brands_and_come_off_again() -> None:
    plain = said("Le retour est gratuit pendant 60 jours.")

    dressed = dress(plain, VOICE, "instagram")

    assert dressed.public_text == "Bonjour. Le retour est gratuit pendant 60 jours. L'équipe Fernhollow"
    assert " ".join(claim.sentence for claim in dressed.claims) == dressed.public_text
    assert dressed.private_text is None
    assert undress(dressed, VOICE) == list(plain.claims)
    assert dress(dressed, VOICE, "instagram").public_text == dressed.public_text


def test_who_greets_already_greets_once() -> None:
    claims = tuple(
        Claim(Part.PUBLIC, words, ClaimKind.COURTESY) for words in ("Coucou !", "Merci à toi, c'est gentil.")
    )
    dressed = dress(Reply(public_text="Coucou ! Merci à toi, c'est gentil.", claims=claims), VOICE, "instagram")

    assert dressed.public_text == "Coucou ! Merci à toi, c'est gentil. L'équipe Fernhollow"


def test_a_text_without_room_stays_as_it_is() -> None:
    full = said("Le retour est gratuit. " * 10 + "C'est tout.")

    assert dress(full, VOICE, "instagram") == full
    assert dress(full, None, "instagram") == full
