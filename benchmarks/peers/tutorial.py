"""The tutorial's pipeline: datasets streaming, tiktoken, pandas, in one process.

usage: tutorial.py ENCODING RANKS.json OUT FILE.parquet...
"""

import json
import sys
import time

start = time.perf_counter()

import pandas
from datasets import load_dataset

from work import Counter, keep, measure, report, training_row

encoding, ranks, out, *files = sys.argv[1:]
counter = Counter(encoding, ranks)
begun = time.perf_counter()
rows = []
with open(f"{out}/train.jsonl", "w") as train:
    for row in load_dataset("parquet", data_files=files, split="train", streaming=True):
        measured = measure(row, counter)
        rows.append(measured)
        if keep(measured):
            train.write(json.dumps(training_row(row), ensure_ascii=False) + "\n")
pandas.DataFrame(rows).to_csv(f"{out}/analysis.csv")
end = time.perf_counter()
report(rows, end - begun, begun - start)
