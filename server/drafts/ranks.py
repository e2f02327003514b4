"""A draft's rank in the queue: what goes before what, whenever it is due."""

DANGER, OVERDUE, ORDINARY = 0, 1, 2
"""Danger first; then the drafts of a case in which something that was promised is overdue; then the rest."""
