"""Knowledge: documents and what they lack, questions to customers, places to send them, replies kept ready."""

from fastapi import APIRouter

from server.pages.knowledge import changing, destinations, documents, missing, questions, replies, searching

router = APIRouter(include_in_schema=False)
for part in (documents, changing, searching, missing, questions, destinations, replies):
    router.include_router(part.router)
