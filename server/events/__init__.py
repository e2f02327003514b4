"""What happened, kept in order and told to whoever watches."""
