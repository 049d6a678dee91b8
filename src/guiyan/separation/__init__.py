"""Separation: a resignation from its letter to its end, and its withdrawal with everything that goes back."""
