"""What a reader takes, as JSON on standard output: rows, seconds, time to the first row, peak memory."""

import json
import resource
import time


def measure(batches):
    """Reads all batches, which have lengths. The clock starts when the first is asked for."""
    started, rows, first = time.perf_counter(), 0, None
    for batch in batches:
        rows += len(batch)
        first = first or time.perf_counter() - started
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print(json.dumps({"rows": rows, "seconds": seconds, "firstRowMs": first * 1000, "peakMb": peak}))
