"""Finds the words of danger, law, press and the like in a text. The words themselves are the YAML files beside this."""
