"""Work that is done later: a table in the same database, claimed with a lease."""
