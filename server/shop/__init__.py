"""The shop's records: import, the demo shop, and the ports the tools read through."""
