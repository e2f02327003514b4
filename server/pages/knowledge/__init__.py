"""Knowledge: the documents, what is asked of them and missing in them, questions to customers, places to send them."""

from fastapi import APIRouter

from server.pages.knowledge import changing, destinations, documents, missing, questions, searching

router = APIRouter(include_in_schema=False)
for part in (documents, changing, searching, missing, questions, destinations):
    router.include_router(part.router)
