"""Questions: what the company wants to learn, the one worth asking now, and what became of it."""
