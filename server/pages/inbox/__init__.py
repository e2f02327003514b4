"""The inbox: the queue, the case in the middle as it looks on its network, the draft below, the customer beside it."""

from server.pages.inbox.routes import router as router
