"""Writes one Parquet file of the sample: rows as JSON lines on standard input, `current` or `old`, a path.

pyarrow, because the real files are Snappy, data page V1, without a page index; hyparquet-writer writes data
page V2 only. The real files have 2,500 rows and pages of 1 MiB, so that a leaf of theirs is a dictionary page
followed by many data pages, and text leaves outgrow their dictionary and go on in plain pages. With some
thirty rows a file, pages of 32 KiB keep that shape.
"""

import json
import sys

import pyarrow as pa
import pyarrow.parquet as pq

PAGE_BYTES = 32 * 1024

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


def main(layout: str, path: str) -> None:
    rows = [json.loads(line) for line in sys.stdin.buffer.read().decode("utf-8").split("\n") if line]
    table = pa.Table.from_pylist(rows, schema=SCHEMAS[layout])
    pq.write_table(
        table,
        path,
        row_group_size=len(rows),
        compression="snappy",
        data_page_version="1.0",
        data_page_size=PAGE_BYTES,
        dictionary_pagesize_limit=PAGE_BYTES,
        write_batch_size=16,
    )


main(sys.argv[1], sys.argv[2])
