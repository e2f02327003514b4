"""Settings: oneself, and what admins set up, section by section."""

from fastapi import APIRouter

from server.pages.settings import channels, limits, operating, people, steps, you

router = APIRouter(include_in_schema=False)
for section in (steps, you, people, channels, limits, operating):
    router.include_router(section.router)
