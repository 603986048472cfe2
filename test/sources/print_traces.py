"""Prints the rows of Parquet files of traces, as pyarrow reads them, in the shape of TraceRow: a JSON a line."""

import json
import sys

import pyarrow.parquet as pq


def member(given, *path):
    for name in path:
        given = None if given is None else given.get(name)
    return given


def call(given):
    function = {name: member(given, "function", name) for name in ("name", "arguments")}
    return {"id": member(given, "id"), "type": member(given, "type"), "function": function}


def message(given):
    calls = member(given, "tool_calls")
    texts = {name: member(given, name) for name in ("role", "content", "reasoning_content", "tool_call_id")}
    return {**texts, "tool_calls": None if calls is None else [call(each) for each in calls]}


def trace(row):
    messages = row.get("messages", row.get("trajectory"))
    metadata = row.get("metadata")
    teacher = ("name", "enable_thinking", "reasoning_effort")
    return {
        **{name: row.get(name) for name in ("instance_id", "repo", "license", "language", "trajectory_id")},
        "messages": None if messages is None else [message(each) for each in messages],
        "tools": row.get("tools"),
        "resolved": row.get("resolved"),
        "metadata": {
            "category": member(metadata, "category"),
            "teacher_model": {name: member(metadata, "teacher_model", name) for name in teacher},
            "reference_patch": {"patch": member(metadata, "reference_patch", "patch")},
            "model_patch": {"patch": member(metadata, "model_patch", "patch")},
        },
        "hf_dataset_name": row.get("hf_dataset_name"),
        "model_patch": row.get("model_patch"),
    }


for path in sys.argv[1:]:
    for row in pq.ParquetFile(path).read().to_pylist():
        print(json.dumps(trace(row)))
