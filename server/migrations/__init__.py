"""How the tables came to be what they are. `open_database` runs what is missing."""
