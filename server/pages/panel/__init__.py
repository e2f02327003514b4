"""The side panel: one customer at a time, beside a helpdesk or in a window of its own."""

from server.pages.panel.routes import router as router
