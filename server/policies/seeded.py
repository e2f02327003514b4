"""What became of a knowledge folder's entries on their way into the database."""

import logging
from dataclasses import dataclass, field

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Seeded:
    """By their ids. `left`: the database says something else, because somebody changed it there, and stays."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    @property
    def anything(self) -> bool:
        """Whether the database says something else than before."""
        return bool(self.added or self.changed or self.gone)

    def tell_left(self, where: str) -> None:
        """Warn whoever runs this of what the folder says in vain."""
        if self.left:
            words = "%s says something else than the database of %s, which were changed there and stay"
            logger.warning(words, where, ", ".join(self.left))
