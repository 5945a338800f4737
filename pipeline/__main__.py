"""``python -m pipeline`` is ``baosong``."""

import sys

from pipeline.cli import main

sys.exit(main())
