"""Reads Parquet files as one of several readers and prints, as JSON, rows, seconds, time to the first row, peak memory.

    python read_rows.py pyarrow|pyarrow-tuned|pyarrow-tuned-arrow|datasets FILE.parquet...

`tuned` reads pages as they are needed and not a row group ahead; `arrow` stops at Arrow's columns, the others make
plain objects. Imports are not timed.
"""

import json
import resource
import sys
import time

reader, *paths = sys.argv[1:]
if reader == "datasets":
    import datasets
else:
    import pyarrow.parquet as pq


def batches():
    if reader == "datasets":
        for row in datasets.load_dataset("parquet", data_files=paths, split="train", streaming=True):
            yield [row]
        return
    tuned = dict(pre_buffer=False, buffer_size=1 << 20) if "tuned" in reader else {}
    for path in paths:
        for batch in pq.ParquetFile(path, **tuned).iter_batches(16):
            yield batch if reader.endswith("arrow") else batch.to_pylist()


started, rows, first = time.perf_counter(), 0, None
for batch in batches():
    rows += len(batch)
    first = first or time.perf_counter() - started
seconds = time.perf_counter() - started
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
print(json.dumps({"rows": rows, "seconds": seconds, "firstRowMs": first * 1000, "peakMb": peak}))
