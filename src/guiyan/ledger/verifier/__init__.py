"""What goes into every evidence pack so that a stranger can check it: verify.py, verify.html and the guide."""
