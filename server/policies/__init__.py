"""Policies, destinations and guidance, from files to the index."""
