"""Reads what a text says: its words, its values, and what each value is about. Four languages, no model."""
