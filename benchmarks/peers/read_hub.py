"""Reads a dataset of the Hub at HF_ENDPOINT as one of several readers, and prints what measure.py says.

    python read_hub.py datasets|pyarrow-tuned OWNER/NAME PATH...

`tuned` reads ranges of a megabyte as pages are needed, through the file system of huggingface_hub. Imports are not
timed.
"""

import sys

from measure import measure

reader, dataset, *paths = sys.argv[1:]
if reader == "datasets":
    import datasets
else:
    import huggingface_hub
    import pyarrow.parquet as pq


def batches():
    if reader == "datasets":
        for row in datasets.load_dataset(dataset, split="train", streaming=True):
            yield [row]
        return
    files = huggingface_hub.HfFileSystem()
    for path in paths:
        with files.open(f"datasets/{dataset}/{path}", block_size=1 << 20) as file:
            for batch in pq.ParquetFile(file, pre_buffer=False, buffer_size=1 << 20).iter_batches(16):
                yield batch.to_pylist()


measure(batches())
