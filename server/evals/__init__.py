"""Measurements of the product on cases with known answers."""
