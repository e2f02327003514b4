"""The chat model of this installation: which one writes, what it has cost, and whether it answers."""
