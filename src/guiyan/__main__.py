"""``python -m guiyan`` is the command line."""

from guiyan.config.cli import main

main()
