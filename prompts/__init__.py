"""Templates as files, rendered strictly."""
