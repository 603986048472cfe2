"""Writes golden-counts.jsonl: how many tokens Python tiktoken counts in hostile texts.

    python test/transforms/tokens/golden-counts.py > test/transforms/tokens/golden-counts.jsonl

The first line names the reference; each line after it is [text, times, cl100k_base, o200k_base, p50k_base, r50k_base],
the counts being those of `text` repeated `times` times.
"""

import itertools
import json
import random

import tiktoken

ENCODINGS = ["cl100k_base", "o200k_base", "p50k_base", "r50k_base"]

# One or two of each kind of character that a piece rule tells apart, and the strings that rules name.
ATOMS = [
    "a", "the", "B", "HTTP", "ǅ", "ʰ", "中", "\u0301", "\u20dd", "7", "٣", "½", " ", "  ", "\n", "\r\n", "\t", "\u0085",
    "\u00a0", "\u3000", "\ufeff", "\u200b", "\0", "'", "'s", "'S", "'ſ", "'ll", "'Re", "'d", "/", "//", ".", "_", "=", "-->",
    "é", "ß", "😀", "𝐀", "𐐨", "\u0378", "\U0010ffff", "\ud83d", "\ude00", "<|endoftext|>",
]  # fmt: skip
# Of three in a row, those whose meeting has most to say: optional first characters, word halves, suffixes, white space.
MEETING = ["a", "B", "ǅ", "中", "\u0301", "9", " ", "\n", "\u0085", "'s", "'", "/", "!"]
# Code points that Unicode 15.1 to 17.0 assigned or moved to another class, about one a range: where engines part.
DISPUTED = [
    0x0295, 0x088F, 0x0897, 0x0C5C, 0x0CDC, 0x1ACF, 0x1ADD, 0x1AE0, 0x1AEB, 0x1C89, 0x1C8A, 0x20C1, 0x2FFC, 0x2FFF, 0x31E4,
    0xA7CB, 0xA7CD, 0xA7CE, 0xA7D2, 0xA7D4, 0xA7DA, 0xA7DC, 0xA7F1, 0x105C0, 0x105F3, 0x10940, 0x10959, 0x10D40, 0x10D4A,
    0x10D50, 0x10D65, 0x10D69, 0x10D6F, 0x10D85, 0x10EC2, 0x10EC5, 0x10EFA, 0x10EFC, 0x11380, 0x113D1, 0x116D0, 0x11B60,
    0x11BC0, 0x11BF0, 0x11DB0, 0x11DE0, 0x1343F, 0x13460, 0x143FA, 0x16100, 0x16D40, 0x16D70, 0x16EA0, 0x16EBB, 0x16FF2,
    0x18CFF, 0x18D09, 0x18D80, 0x1C000, 0x1CCF0, 0x1CCF9, 0x1E5D0, 0x1E5F1, 0x1E6C0, 0x1E6FF, 0x2A6E0, 0x2B73A, 0x2B73F,
    0x2EBF0, 0x2EE5D, 0x323AF, 0x323B0, 0x33479,
]  # fmt: skip
RUNS = ["a", "A", " ", "\n", "\t", " \n", "=", "-", "0", "ab", "Ab", "é", "中", "😀", "\u0301", "'s", "/", "ǅ", "\0", "\ufeff"]
RUN_LENGTHS = [2, 3, 4, 7, 8, 9, 15, 16, 17, 31, 33, 63, 64, 65, 80, 81, 127, 128, 129, 130, 300, 1000]
RANDOM_TEXTS = 1200
SEED = 20240513


def texts():
    for atom in ATOMS:
        yield atom, 1
    for pair in itertools.product(ATOMS, repeat=2):
        yield "".join(pair), 1
    for triple in itertools.product(MEETING, repeat=3):
        yield "".join(triple), 1
    for code_point in DISPUTED:
        for shape in ("x{}y", "{}{}", " {}'s", "1{}2", "A{}b"):
            yield shape.replace("{}", chr(code_point)), 1
    for run, length in itertools.product(RUNS, RUN_LENGTHS):
        yield run, length
    source = random.Random(SEED)
    for _ in range(RANDOM_TEXTS):
        yield "".join(source.choices(ATOMS, k=source.randint(4, 14))), 1


def main():
    encodings = [tiktoken.get_encoding(name) for name in ENCODINGS]
    print(json.dumps({"tiktoken": tiktoken.__version__, "encodings": ENCODINGS}))
    for text, times in dict.fromkeys(texts()):
        counts = [len(encoding.encode_ordinary(text * times)) for encoding in encodings]
        print(json.dumps([text, times, *counts], separators=(",", ":")))


if __name__ == "__main__":
    main()
