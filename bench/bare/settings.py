"""The product's settings with one more address: the bare view."""

from pathlib import Path

from guiyan.config.settings import *  # noqa: F403  everything but the addresses is the product's
from guiyan.config.settings import TEMPLATES

ROOT_URLCONF = "bare.urls"
TEMPLATES = [{**TEMPLATES[0], "DIRS": [str(Path(__file__).parent / "templates")]}]
