"""What a run draws by chance, drawn the same way each time: two runs killed at one point leave the same bytes.

In a child that ends by `_exit` or by the kill: ids, salts, nonces and hidden names come from a seed, the time inside ids from
a count. So what two kills left can be compared, and what is the same need not be mended twice.
"""

from __future__ import annotations

import itertools
import os
import random
import time

_STEP_NS = 1_000_000


def stand_still(seed: int, since_ns: int) -> None:
    """Draw everything from `seed`; ids are later than those made before `since_ns`."""
    draw = random.Random(seed)
    os.urandom = random._urandom = draw.randbytes
    time.time_ns = itertools.count(since_ns, _STEP_NS).__next__
