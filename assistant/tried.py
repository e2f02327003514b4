"""What a customer has already done about it, so that nobody advises it again."""

from collections.abc import Sequence

import regex

from assistant.case import Role, Thread
from assistant.sentences import split_sentences
from tools.records import PastPost

_ENGLISH = r"""
    (?:already|have|i'?ve|we'?ve|i|just)\s+(?:already\s+)?
        (?:tried|restarted|reset|reinstalled|updated|deleted|called|emailed|e-mailed|contacted|cleared|rebooted
          |unplugged|checked|followed|done|did|sent|filled|raised|opened)
    | tried\s+(?:to|that|this|it|everything|all|\w+ing)
    | (?:did|done)\s+(?:that|this|all|it)
    | no\s+luck
    | still\s+(?:not|no|nothing|doesn'?t|isn'?t|can'?t|won'?t)
"""
_GERMAN = r"""
    (?:schon|bereits)\s+(?:\w+\s+){0,4}
        (?:probiert|versucht|gemacht|neu\s?gestartet|zurückgesetzt|installiert|angerufen|geschrieben|gemeldet
          |kontaktiert)
    | immer\s+noch\s+(?:nicht|kein\w*|nichts)
"""
_SPANISH = r"""
    ya\s+(?:he|lo|la|hemos|probé|intenté|hice|reinicié|llamé|escribí)
    | (?:he|hemos)\s+(?:probado|intentado|reiniciado|llamado|escrito)
    | sigue\s+sin
"""
_FRENCH = r"""
    (?:j'?ai|on\s+a|nous\s+avons)\s+(?:déjà\s+)?
        (?:essayé|tenté|redémarré|réinstallé|réinitialisé|appelé|écrit|contacté|fait)
    | toujours\s+(?:pas|rien|aucun\w*)
"""
_SAYS_TRIED = regex.compile(rf"\b(?:{_ENGLISH}|{_GERMAN}|{_SPANISH}|{_FRENCH})\b", regex.VERBOSE | regex.IGNORECASE)


def steps_tried(thread: Thread, earlier: Sequence[PastPost] = ()) -> tuple[str, ...]:
    """What was tried or advised: the customer's own sentences, then our posts in this thread and in earlier cases."""
    own = [
        sentence for post in thread.spoken for sentence in split_sentences(post.text) if _SAYS_TRIED.search(sentence)
    ]
    advised = [post.text for post in thread.posts if post.role is Role.BRAND]
    before = [post.text for post in earlier if post.role == Role.BRAND.value]
    return tuple(dict.fromkeys([*own, *advised, *before]))
