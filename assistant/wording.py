"""How sentences that ask, promise or state something are worded, in the languages that drafts are written in."""

import regex


def _any(*phrases: str) -> regex.Pattern[str]:
    return regex.compile("|".join(rf"\b(?:{phrase})\b" for phrase in phrases), regex.IGNORECASE)


# The reader is asked for something without a question mark.
ASKS = _any(
    r"(?:could|can|would|will) you (?:please )?(?:tell|send|share|confirm|let|message|dm|give)",
    r"(?:please|pls) (?:tell|send|share|confirm|dm|message|give|reply with)|let us know",
    r"(?:teilen?|schicken?|senden?|schreiben?|nennen?|sagen?|bestätigen?|verraten?) (?:Sie|uns|mir|du)",
    r"(?:schick|sag|schreib|teil|nenn|verrat|send)e? uns",
    r"(?:envía|envíe|diga|di|escríbe|escríba|indíca|indíque|confírma|cuénta|mánda)nos|díganos|dinos",
    r"(?:dites|envoyez|indiquez|écrivez|précisez|confirmez|donnez|envoie|dis|écris|indique)-(?:nous|moi)",
    r"pouvez-vous|peux-tu|pourriez-vous",
)

# We commit ourselves, or somebody of ours.
PROMISES = _any(
    r"(?:we|i)(?:['’]ll| will| shall|['’](?:re|m) going to| (?:are|am) going to| promise| guarantee)",
    r"(?:our team|a colleague|someone|the team) (?:will|is going to)",
    r"(?:wir|ich) (?:werden?|kümmern?|melden?|senden?|schicken?|erstatten?|prüfen?|leiten?|versprechen?|garantieren?)",
    r"(?:werden|kümmern|melden) wir|(?:ein Kollege|eine Kollegin|unser Team) wird",
    r"(?:vamos|voy) a|\p{L}+(?:aremos|eremos|iremos)|prometemos|garantizamos|nos encargamos",
    r"nous allons|je vais|nous (?:vous )?\p{L}+rons|je (?:vous )?\p{L}+rai|notre équipe va",
    r"nous promettons|nous garantissons",
    # … or say what they will have of us
    r"you(?:['’]ll| will) (?:hear (?:back )?from|have (?:a reply|an answer|an update|news))",
    r"(?:hörst|hören|hört) (?:(?:du|sie|ihr) )?(?:[\p{L}\d.:]+ ){0,4}(?:von uns|von mir)",
    r"(?:wir|ich) (?:antworten?|informieren?|kontaktieren?|überweisen?|geben? (?:dir|ihnen|euch) bescheid)",
    r"tendr(?:ás?|éis) (?:noticias|una respuesta)|sabr(?:ás?|éis) (?:algo )?de nosotros",
    r"(?:nos|me) (?:pondremos|pondré) en contacto|(?:te|le|os) \p{L}+(?:aré|eré|iré)",
    r"(?:aurez|auras) (?:de nos|de mes) nouvelles|(?:nous|je|on) (?:revenons|reviens|revient) vers",
    r"nous (?:te |t['’]|le |la |les |l['’])\p{L}+rons|on (?:vous|te) (?:tient|recontacte|rembourse|rappelle|répond)",
)

_THINGS = (
    r"order|parcel|package|refund|return|payment|account|warranty|repair|delivery|points|item|replacement",
    r"Bestellung|Paket|Lieferung|Erstattung|Zahlung|Konto|Garantie|Rücksendung",
    r"pedido|paquete|reembolso|pago|cuenta|garantía|devolución",
    r"commande|colis|remboursement|paiement|compte|garantie|retour",
)
# What the customer wrote is taken up: the post itself is the source.
TAKES_UP = _any(
    r"sorry (?:to (?:hear|read|see|learn)|that you)|(?:that|this) (?:sounds|must (?:be|feel))",
    r"(?:das|es) (?:klingt|tut (?:uns|mir) leid)|schade,? dass|ärgerlich,? (?:dass|wenn)",
    r"(?:siento|sentimos|lamento|lamentamos) (?:leer|oír|saber|que)|(?:eso|esto) suena",
    r"désolée?s? (?:d['’]apprendre|de lire|que)|navrée?s? (?:d['’]apprendre|de lire|que)|quel dommage que",
)

# The public reads that a private message holds the rest.
ANNOUNCES = regex.compile(
    r"""\b(?:
      (?:is|are|it['’]s|sent|sending|wait(?:s|ing)|find|follows?)\b[^.!?:]*
        \b(?:an?|your|the)\ (?:direct|private)\ messages?
      | (?:direct|private)\ message\ (?:follows|is\ on\ its\ way|to\ you)
      | (?:steht|stehen|ist|sind|findest|finden|folgt|geschickt|gesendet)\b[^.!?:]*
        \b(?:Direktnachricht|privaten?\ Nachricht)
      | (?:Direktnachricht|private\ Nachricht)\b[^.!?:]*\b(?:an\ (?:dich|Sie)|geschickt|gesendet|folgt)
      | (?:está|están|va|van|encuentras|enviado|mandado)\b[^.!?:]*\bmensajes?\ (?:directo|privado)s?
      | (?:est|sont|figurent?|trouver\w*|trouvez|envoyé)\b[^.!?:]*\bmessages?\ (?:privé|direct)s?
    )\b""",
    regex.VERBOSE | regex.IGNORECASE,
)

# Something is stated that could be wrong.
STATES = regex.compile(
    r"\d|https?://|[\p{L}\p{N}._%+\-]+@[\p{L}\p{N}\-]+\.\p{L}{2,}|"
    + _any(
        r"(?:has|have|had|was|were|been) (?:been )?\p{L}+(?:ed|nt|ck|wn|en)",
        rf"your (?:{_THINGS[0]})\b[^.!?]*\b(?:is|are|has|was|can|will)",
        r"you (?:can|may|will|are (?:eligible|entitled)|have the right)",
        r"we (?:offer|ship|accept|refund|replace|cover|repair|have|can)",
        r"(?:Sie|du|ihr) (?:können|kannst|könnt|erhalten|erhältst|haben Anspruch|dürfen)|wurden?",
        r"wir (?:bieten|liefern|ersetzen|erstatten|haben|können)",
        rf"(?:Ihre?|deine?) (?:{_THINGS[1]})\b[^.!?]*\b(?:ist|sind|hat|wird|kann)",
        r"puedes?|podrás?|recibirás?|tienes derecho|(?:ha|han|fue|hemos) (?:sido )?\p{L}+(?:ado|ido)",
        r"ofrecemos|enviamos|aceptamos|cubrimos|reemplazamos",
        rf"(?:tu|su) (?:{_THINGS[2]})\b[^.!?]*\b(?:está|es|ha|será)",
        r"vous pouvez|tu peux|vous recevrez|vous avez droit|(?:a|ont|avons) (?:été )?\p{L}+(?:é|i|u)e?s?",
        r"nous (?:offrons|livrons|acceptons|remboursons|remplaçons|couvrons)",
        rf"(?:votre|ta|ton) (?:{_THINGS[3]})\b[^.!?]*\b(?:est|a|sera|peut)",
    ).pattern,
    regex.IGNORECASE,
)
