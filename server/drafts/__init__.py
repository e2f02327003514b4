"""Drafting on the command line: posts in, checked drafts out."""
