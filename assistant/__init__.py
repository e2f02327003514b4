"""From a customer's post or a rep's question to a checked draft: turn -> evidence -> draft -> checks -> outcome."""
