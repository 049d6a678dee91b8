"""Messages to people: the in-app inbox and mail, each attempt with what it honestly proves."""
