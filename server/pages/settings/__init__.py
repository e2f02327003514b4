"""Settings: oneself, and what admins set up, section by section."""

from fastapi import APIRouter

from server.pages.settings import channels, limits, operating, people, steps, voice, you

router = APIRouter(include_in_schema=False)
for section in (steps, you, people, channels, limits, voice, operating):
    router.include_router(section.router)
