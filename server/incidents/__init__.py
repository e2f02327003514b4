"""Many posts about one thing, answered with one approved text."""
