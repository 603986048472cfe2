"""Reads Parquet files as one of several readers, and prints what measure.py says of it.

    python read_rows.py pyarrow|pyarrow-tuned|pyarrow-tuned-arrow|datasets FILE.parquet...

`tuned` reads pages as they are needed and not a row group ahead; `arrow` stops at Arrow's columns, the others make
plain objects. Imports are not timed.
"""

import sys

from measure import measure

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


measure(batches())
