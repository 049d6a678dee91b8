"""The pages about people: the list, one person's profile, and what is done about a person."""
