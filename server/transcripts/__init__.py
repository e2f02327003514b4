"""Transcripts: everything a case or a panel session held, found again, commented, scored and taken along."""
