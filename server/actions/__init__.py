"""Changes to the shop's records: proposed, approved by people, carried out once."""
