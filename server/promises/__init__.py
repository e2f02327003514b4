"""Promises: every commitment that was sent, until it is kept or withdrawn."""
