"""What Python says of trace files: one JSON line a row, in the order of the files given.

usage: oracle.py ENCODING RANKS.json FILE.parquet...
Tokens by tiktoken's own regular expressions and merges, with the ranks that the npm package ships (the same as
tiktoken downloads); patch numbers by `git apply --numstat` in an empty folder outside any repository.
"""

import json
import subprocess
import sys
import tempfile

import pyarrow.parquet as parquet

from npm_tiktoken import open_encoding


def numstat(patch):
    """[files, added, removed], or None where git refuses the patch."""
    with tempfile.TemporaryDirectory() as empty:
        command = ["git", "apply", "--numstat", "-"]
        git = subprocess.run(command, input=patch.encode(), capture_output=True, cwd=empty)
    if git.returncode != 0:
        return None
    lines = [line.split(b"\t") for line in git.stdout.splitlines()]
    count = lambda column: sum(int(line[column]) for line in lines if line[column] != b"-")
    return [len(lines), count(0), count(1)]


def describe(row, count):
    tokens = calls = 0
    messages = row.get("messages") or row.get("trajectory") or []
    for message in messages:
        tokens += count(message["content"]) + count(message.get("reasoning_content"))
        for call in message.get("tool_calls") or []:
            calls += 1
            tokens += count(call["function"]["name"]) + count(call["function"]["arguments"])
    patch = ((row.get("metadata") or {}).get("model_patch") or {}).get("patch") or row.get("model_patch")
    return {
        "tokens": tokens,
        "turns": len(messages),
        "calls": calls,
        "has_patch": bool(patch and patch.strip()),
        "numstat": numstat(patch) if patch and patch.strip() else None,
    }


def main():
    encoding = open_encoding(sys.argv[1], sys.argv[2])
    count = lambda text: len(encoding.encode_ordinary(text)) if text else 0
    for path in sys.argv[3:]:
        for row in parquet.read_table(path).to_pylist():
            print(json.dumps(describe(row, count)))


main()
