"""Guiyan: HR whose every step is lawful and can be proved."""
