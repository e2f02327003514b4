"""What brands have decided about themselves, version by version, in place of what the knowledge folder says."""
