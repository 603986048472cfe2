"""A user's function that looks at every line of every message; own-step.ts does the same."""

import re

# Without re.ASCII, letters that only Unicode takes for these would count too.
ERROR = re.compile("error", re.IGNORECASE | re.ASCII)


def error_lines(row):
    return sum(
        1
        for message in row["messages"]
        for line in (message["content"] or "").split("\n")
        if ERROR.search(line)
    )
