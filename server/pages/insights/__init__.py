"""Insights: each figure in words, beside what it was before, as a plot and as a table, down to what was counted."""

from fastapi import APIRouter

from server.pages.insights import figures, samples

router = APIRouter(include_in_schema=False)
router.include_router(samples.router)
# last, because a figure's address has any name
router.include_router(figures.router)
