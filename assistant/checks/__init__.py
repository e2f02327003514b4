"""What a draft may not say: each check reads sentences against evidence and returns findings."""
