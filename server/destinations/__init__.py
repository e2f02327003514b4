"""The places that customers may be sent to: changed by people, seeded from the knowledge folder."""
