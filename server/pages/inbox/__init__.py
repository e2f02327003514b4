"""The inbox: the queue, the case in the middle as it looks on its network, the draft below, the customer beside it."""

from fastapi import APIRouter

from server.pages.inbox import replies, routes, shift, unanswered

router = APIRouter()
router.include_router(routes.router)
router.include_router(replies.router)
router.include_router(unanswered.router)
router.include_router(shift.router)
