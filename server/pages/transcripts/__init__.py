"""Transcripts: found by their words, read as one time line, scored, and talked about with whose work it is."""

from fastapi import APIRouter

from server.pages.transcripts import finding, reading, scoring

router = APIRouter(include_in_schema=False)
router.include_router(finding.router)
router.include_router(scoring.router)
# last, because a case's address has any name
router.include_router(reading.router)
