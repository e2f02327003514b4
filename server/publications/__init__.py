"""Approved text on its way to a network: sent at most once, stopped, withdrawn, corrected."""
