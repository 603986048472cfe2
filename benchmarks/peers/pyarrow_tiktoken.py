"""pyarrow and tiktoken, a process for each of N cores, a file at a time.

usage: pyarrow_tiktoken.py ENCODING RANKS.json OUT PROCESSES [--own-step] FILE.parquet...
"""

import json
import multiprocessing
import sys
import time

import pyarrow as pa
import pyarrow.parquet as parquet

from own_step import error_lines
from work import Counter, keep, measure, report, training_row

BATCH_ROWS = 16
counter = None


def open_counter(encoding, ranks):
    global counter
    counter = Counter(encoding, ranks)


def curate(job):
    path, out, own_step = job
    rows = []
    with open(out, "w") as train:
        # Without them a row group is read whole before its first row comes out.
        file = parquet.ParquetFile(path, pre_buffer=False, buffer_size=1 << 20)
        for batch in file.iter_batches(BATCH_ROWS):
            for row in batch.to_pylist():
                measured = measure(row, counter)
                if own_step:
                    measured["error_lines"] = error_lines(row)
                rows.append(measured)
                if keep(measured):
                    train.write(json.dumps(training_row(row), ensure_ascii=False) + "\n")
    return rows


if __name__ == "__main__":
    start = time.perf_counter()
    encoding, ranks, out, processes, *files = sys.argv[1:]
    own_step = "--own-step" in files
    files = [file for file in files if file != "--own-step"]
    with multiprocessing.Pool(int(processes), open_counter, (encoding, ranks)) as pool:
        pool.map(len, [""] * int(processes))
        begun = time.perf_counter()
        jobs = [(path, f"{out}/train-{index:05}.jsonl", own_step) for index, path in enumerate(files)]
        rows = [row for part in pool.imap(curate, jobs) for row in part]
    parquet.write_table(pa.Table.from_pylist(rows), f"{out}/analysis.parquet")
    end = time.perf_counter()
    report(rows, end - begun, begun - start)
