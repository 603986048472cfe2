"""What every pipeline does to a row: count its tokens exactly, read its patch, judge it, write it for a trainer."""

import json
import os
import re
import resource
import sys

sys.path.append(os.path.join(os.path.dirname(__file__), "../../test/support"))
from npm_tiktoken import open_encoding

MAX_TOKENS = 32_000
MAX_PATCH_LINES = 500
LANGUAGES = {"python", "go", "typescript"}
SPELLINGS = {"ts": "typescript", "js": "javascript", "c++": "cpp"}

HUNK = re.compile(r"@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@")


class Counter:
    def __init__(self, name, ranks):
        self.encoding = open_encoding(name, ranks)

    def count(self, text):
        return len(self.encoding.encode_ordinary(text)) if text else 0

    def tokens(self, messages):
        total = 0
        for message in messages:
            total += self.count(message["content"]) + self.count(message["reasoning_content"])
            for call in message["tool_calls"] or ():
                function = call["function"]
                total += self.count(function["name"]) + self.count(function["arguments"])
        return total


def patch_lines(patch):
    """(added, removed), or None for a patch that ends inside a hunk."""
    added = removed = old = new = 0
    for line in patch.split("\n"):
        if old > 0 or new > 0:
            if line.startswith("+"):
                added, new = added + 1, new - 1
            elif line.startswith("-"):
                removed, old = removed + 1, old - 1
            elif line.startswith(" "):
                old, new = old - 1, new - 1
            else:
                return None
        elif match := HUNK.match(line):
            old, new = (int(group or 1) for group in match.groups())
    return None if old > 0 or new > 0 else (added, removed)


def measure(row, counter):
    """The columns of the analysis that the filters need, and the sums that all sides must agree on."""
    patch = row["metadata"]["model_patch"]["patch"]
    lines = patch_lines(patch) if patch else None
    return {
        "trajectory_id": row["trajectory_id"],
        "resolved": row["resolved"],
        "language": SPELLINGS.get(row["language"], row["language"]),
        "turns": len(row["messages"]),
        "tokens": counter.tokens(row["messages"]),
        "has_patch": bool(patch),
        "added": lines[0] if lines else None,
        "removed": lines[1] if lines else None,
    }


def keep(measured):
    return (
        measured["resolved"] == 1
        and measured["tokens"] <= MAX_TOKENS
        and measured["has_patch"]
        and measured["language"] in LANGUAGES
        and measured["added"] is not None
        and 1 <= measured["added"] + measured["removed"] <= MAX_PATCH_LINES
    )


def training_row(row):
    """The row as a trainer wants it: messages with arguments as objects, tools as objects."""
    messages = []
    for message in row["messages"]:
        out = {"role": message["role"], "content": message["content"] or ""}
        if message["reasoning_content"]:
            out["reasoning_content"] = message["reasoning_content"]
        if message["tool_calls"]:
            out["tool_calls"] = [
                {
                    "id": call["id"],
                    "type": "function",
                    "function": {
                        "name": call["function"]["name"],
                        "arguments": json.loads(call["function"]["arguments"]),
                    },
                }
                for call in message["tool_calls"]
            ]
        messages.append(out)
    return {"messages": messages, "tools": [json.loads(tool) for tool in row["tools"]]}


def report(rows, seconds, start_up):
    """One line for the benchmark: what all sides must agree on, times, and the largest process's peak."""
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(json.dumps({**sums(rows), "seconds": seconds, "start_up": start_up, "peak_mb": peak / 1000}))


def sums(rows):
    return {
        "rows": len(rows),
        "kept": sum(1 for row in rows if keep(row)),
        "tokens": sum(row["tokens"] for row in rows),
        "added": sum(row["added"] or 0 for row in rows),
        "error_lines": sum(row.get("error_lines", 0) for row in rows),
    }
