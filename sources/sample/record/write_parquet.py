"""Writes one Parquet file in the form of Open-SWE-Traces, from rows as JSON lines on standard input.

pyarrow, because the real files are Snappy, data page V1, without a page index; hyparquet-writer writes data
page V2 only. The real files have 2,500 rows and pages of 1 MiB, so that a leaf of theirs is a dictionary page
followed by many data pages, and text leaves outgrow their dictionary and go on in plain pages. With some
thirty rows a file, as in the sample, pages of 32 KiB keep that shape.
"""

import argparse
import json
import sys

import pyarrow as pa
import pyarrow.parquet as pq

string = pa.string()
strings = pa.list_(string)
call = pa.struct(
    [
        ("function", pa.struct([("arguments", string), ("name", string)])),
        ("id", string),
        ("type", string),
    ]
)
messages = pa.list_(
    pa.struct(
        [
            ("role", string),
            ("content", string),
            ("reasoning_content", string),
            ("tool_calls", pa.list_(call)),
        ]
    )
)
patch = pa.struct(
    [("patch", string), ("num_modified_files", pa.int64()), ("num_modified_lines", pa.int64())]
)
metadata = pa.struct(
    [
        ("category", string),
        (
            "teacher_model",
            pa.struct([("name", string), ("enable_thinking", pa.bool_()), ("reasoning_effort", string)]),
        ),
        ("reference_patch", patch),
        ("model_patch", patch),
    ]
)

SCHEMAS = {
    "current": pa.schema(
        [
            ("instance_id", string),
            ("repo", string),
            ("license", string),
            ("language", string),
            ("trajectory_id", string),
            ("messages", messages),
            ("tools", strings),
            ("resolved", pa.int32()),
            ("metadata", metadata),
            ("hf_dataset_name", string),
        ]
    ),
    "old": pa.schema(
        [
            ("trajectory_id", string),
            ("instance_id", string),
            ("repo", string),
            ("license", string),
            ("trajectory", messages),
            ("tools", strings),
            ("model_patch", string),
            ("resolved", pa.int32()),
            ("language", string),
            ("hf_dataset_name", string),
        ]
    ),
}


CHUNK_ROWS = 128


def read_table(schema: pa.Schema) -> pa.Table:
    """The rows on standard input, a chunk at a time, so that no more than a chunk of them are Python objects."""
    batches = []
    rows = []
    for line in sys.stdin.buffer:
        rows.append(json.loads(line))
        if len(rows) == CHUNK_ROWS:
            batches.append(pa.RecordBatch.from_pylist(rows, schema=schema))
            rows = []
    if rows:
        batches.append(pa.RecordBatch.from_pylist(rows, schema=schema))
    return pa.Table.from_batches(batches, schema=schema)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("layout", choices=SCHEMAS)
    parser.add_argument("path")
    parser.add_argument("--page-bytes", type=int, default=32 * 1024)
    parser.add_argument("--codec", default="snappy")
    parser.add_argument("--page-index", action="store_true")
    options = parser.parse_args()
    table = read_table(SCHEMAS[options.layout])
    pq.write_table(
        table,
        options.path,
        row_group_size=max(1, len(table)),
        compression=options.codec,
        data_page_version="1.0",
        data_page_size=options.page_bytes,
        dictionary_pagesize_limit=options.page_bytes,
        write_batch_size=16,
        write_page_index=options.page_index,
    )


main()
