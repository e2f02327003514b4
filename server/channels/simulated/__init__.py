"""A social network to try things on, which behaves like the bad ones; never used where customers are."""
