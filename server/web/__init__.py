"""The HTTP side: the application, what every request goes through, and what every endpoint shares."""
