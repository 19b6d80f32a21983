"""Puts this folder on the path, so that its made-up country can be imported."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
