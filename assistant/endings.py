"""Texts that an endpoint reports as finished and that are not a reply: a refusal in words, a stop in mid-sentence."""

import regex

_WRITE = r"assist|help\ with\ (?:that|this)|comply|fulfil|provide|generate|create|write|draft|do\ that|continue"
_REFUSAL = regex.compile(
    rf"""
    \b(?:i(?:['’]m|\ am)\ (?:sorry|afraid|unable)\b.{{0,30}}\b(?:can(?:['’]t|not)|(?:un|not\ )able\ to)
        | i\ (?:can(?:['’]t|not)|am\ (?:un|not\ )able\ to) | as\ an\ ai(?:\ language)?\ model)\W.{{0,40}}\b(?:{_WRITE})
    | \b(?:ich\ kann|dabei\ kann\ ich|als\ KI).{{0,60}}\bnicht\ (?:helfen|unterstützen|erstellen|schreiben)\b
    | \bno\ puedo\ (?:ayudar|asistir|cumplir|generar|escribir|redactar) | \bcomo\ (?:modelo|una\ IA)\b
    | \bje\ ne\ (?:peux|puis)\ pas\ (?:vous\ |t['’])?(?:aider|assister|écrire|rédiger|générer)
    | \ben\ tant\ qu['’](?:IA|assistant)\b
    """,
    regex.VERBOSE | regex.IGNORECASE | regex.DOTALL,
)
_END = regex.compile(
    r"""(?:
        [.!?…:)\]】>"”“»'’`*_~\p{So}\p{Sk}\uFE0F\u200D]    # closed, or an emoji
        | (?:https?://|www\.)\S+ | [\p{L}\p{N}.-]+\.\p{L}{2,}(?:/\S*)? | @[\w.]+    # a link or a name
        | \^\p{Lu}{1,4} | -\p{Lu}\p{L}*    # initials
    )\s*\Z""",
    regex.VERBOSE,
)
_NO_MORE = regex.compile(r"^\W*priv\w*\b[^:\n]{0,20}:\W*\p{L}[\p{L}/]{0,8}\W*\Z", regex.MULTILINE | regex.IGNORECASE)
_IN_FORM = regex.compile(r"\[E\d+\b|\b(?:PUBLIC|PRIVATE)\b")
_LONGEST_REFUSAL = 400


def is_refusal(text: str) -> bool:
    """Whether a text declines to write instead of answering; a reply that says what cannot be done is none.

    A text with a source or a private part is a reply, whatever it says.
    """
    return len(text) <= _LONGEST_REFUSAL and _IN_FORM.search(text) is None and _REFUSAL.search(text) is not None


def is_unfinished(text: str) -> bool:
    """Whether a text stops in the middle of a sentence or a word; "PRIVATE: none" is an end."""
    return _END.search(text) is None and _NO_MORE.search(text) is None
