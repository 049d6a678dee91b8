"""Documents: letters and receipts, set as PDF/A from plain values."""
