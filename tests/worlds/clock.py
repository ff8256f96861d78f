"""The clock in tests: no ordinary test is wrong because its machine is slow.

What is waited for may take many times as long as here; what ends by itself only has to end. What a promise in seconds
is worth is measured by the long forms (`make faults`, `make soak`, `make bench`), on a machine that does nothing else.
"""

import os

# A test that waits for an event fails when it never comes, not when it comes late.
SLOWEST_MACHINE = 6


def soak() -> bool:
    """Whether the long forms of the tests are asked for (`make faults`, `make soak`)."""
    return bool(os.environ.get("SOAK"))


def promised(seconds: float) -> float:
    """How many seconds something may take: as promised in the long forms, else as long as no hanging one would."""
    return seconds if soak() else seconds * SLOWEST_MACHINE
