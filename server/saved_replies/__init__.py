"""Replies that teams keep ready for what is asked every day: written, checked, offered, filled in and counted."""
