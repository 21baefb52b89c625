"""Print a result as JSON, also into a pipe whose reader has seen enough."""

import json
import os
import sys
from collections.abc import Mapping


def print_json(result: Mapping[str, object]) -> None:
    """Print `result` in ASCII, indented, whole or up to where the reader went away."""
    try:
        print(json.dumps(result, indent=2, allow_nan=False), flush=True)
    except BrokenPipeError:
        # Python flushes once more at its end; what is left goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
