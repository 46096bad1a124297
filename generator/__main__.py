"""`python -m generator`."""

import gc

# Quick commands spend a tenth of their time collecting garbage among classes that are never freed.
gc.set_threshold(50_000)

from generator.cli import main  # noqa: E402  # after the line above, which is for what this imports

raise SystemExit(main())
