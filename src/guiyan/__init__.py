"""Guiyan: HR whose every step is lawful and can be proved."""

__version__ = "0.1.0"
