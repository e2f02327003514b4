"""Drafts without a model: reading the post, choosing what to say, saying it from prepared texts."""
