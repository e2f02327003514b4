"""Invents the demo shop's people and orders, from a fixed seed, in the import format's words."""
