"""The queue as a whole: how much waits for whom, views that people keep, and what is left unanswered in one go."""
