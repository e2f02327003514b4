"""Where the API is: for whatever tells an address of it."""

PREFIX = "/api/v1"
