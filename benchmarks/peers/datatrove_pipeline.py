"""datatrove: ParquetReader, a step that measures and filters, JsonlWriter, under its local executor.

usage: datatrove_pipeline.py ENCODING RANKS.json OUT WORKERS FOLDER
"""

import json
import sys
import time
from pathlib import Path

from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.base import PipelineStep
from datatrove.pipeline.readers import ParquetReader
from datatrove.pipeline.writers import JsonlWriter

from work import Counter, keep, measure, report, training_row


def as_document(reader, row, path, index):
    return {"text": "-", "id": f"{path}/{index}", "metadata": row}


class Curate(PipelineStep):
    name = "curate"

    def __init__(self, encoding, ranks, measured):
        super().__init__()
        self.encoding, self.ranks, self.measured = encoding, ranks, measured

    def run(self, data, rank=0, world_size=1):
        counter = Counter(self.encoding, self.ranks)
        with open(f"{self.measured}/{rank:05}.jsonl", "w") as out:
            for document in data:
                row = document.metadata
                measured = measure(row, counter)
                out.write(json.dumps(measured) + "\n")
                if keep(measured):
                    document.metadata = training_row(row)
                    yield document


if __name__ == "__main__":
    start = time.perf_counter()
    encoding, ranks, out, workers, folder = sys.argv[1:]
    files = sum(1 for _ in Path(folder).rglob("*.parquet"))
    measured = Path(out, "measured")
    measured.mkdir(parents=True)
    executor = LocalPipelineExecutor(
        pipeline=[
            ParquetReader(folder, adapter=as_document, glob_pattern="**/*.parquet", batch_size=16, doc_progress=False),
            Curate(encoding, ranks, str(measured)),
            JsonlWriter(f"{out}/data", compression=None),
        ],
        tasks=files,
        workers=int(workers),
        logging_dir=f"{out}/logs",
        skip_completed=False,
    )
    begun = time.perf_counter()
    executor.run()
    end = time.perf_counter()
    rows = [json.loads(line) for path in sorted(measured.iterdir()) for line in path.open()]
    report(rows, end - begun, begun - start)
