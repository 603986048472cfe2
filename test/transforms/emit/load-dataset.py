"""Prints the rows of JSON Lines or Parquet files as TRL's SFTTrainer gets them, one JSON a line."""

import json
import sys
import tempfile

import datasets

datasets.disable_progress_bars()
with tempfile.TemporaryDirectory() as cache:
    form = "parquet" if sys.argv[1].endswith(".parquet") else "json"
    rows = datasets.load_dataset(form, data_files=sys.argv[1:], split="train", cache_dir=cache)
    for row in rows:
        tools = row.get("tools")
        row["tools"] = json.loads(tools) if isinstance(tools, str) else tools
        print(json.dumps(row))
