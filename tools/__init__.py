"""The functions a model may call, the records they read and the ports they need."""
