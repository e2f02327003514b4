"""The command line, the database and everything that reaches the outside world."""
