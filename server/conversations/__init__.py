"""The panel: what a rep works on while a customer is on the line."""
