"""How long Hugging Face tokenizers take for texts: prints [tokens, seconds].

usage: tokenizers_rate.py ENCODING RANKS.json TEXTS.json

Its model is made of tiktoken's ranks: the merge that a token comes from is the last one of its own bytes.
"""

import json
import os
import sys
import time

sys.path.append(os.path.join(os.path.dirname(__file__), "../../test/support"))
from npm_tiktoken import open_encoding, read_ranks
from tokenizers import Regex, Tokenizer, models, pre_tokenizers

name, ranks_path, texts_file = sys.argv[1:]
with open(texts_file) as file:
    texts = json.load(file)
ranks = read_ranks(ranks_path)
pattern = open_encoding(name, ranks_path)._pat_str

# ByteLevel writes each byte as a character: itself where that can be seen, else the next one from U+0100 on.
visible = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
characters = {byte: chr(byte) for byte in visible}
characters |= {byte: chr(0x100 + at) for at, byte in enumerate(sorted({*range(256)} - {*visible}))}


def written(token):
    return "".join(characters[byte] for byte in token)


def last_pair(token, rank):
    parts = [bytes([byte]) for byte in token]
    while len(parts) > 2:
        joins = [(ranks.get(parts[at] + parts[at + 1], rank), at) for at in range(len(parts) - 1)]
        at = min(joins)[1]
        parts[at : at + 2] = [parts[at] + parts[at + 1]]
    return parts


vocabulary = {written(token): rank for token, rank in ranks.items()}
merges = [
    tuple(written(part) for part in last_pair(token, rank))
    for token, rank in sorted(ranks.items(), key=lambda entry: entry[1])
    if len(token) > 1
]
tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=merges))
tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
    [
        pre_tokenizers.Split(Regex(pattern), "isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
    ]
)
os.environ["TOKENIZERS_PARALLELISM"] = "false"
start = time.perf_counter()
tokens = sum(len(tokenizer.encode(text)) for text in texts)
print(json.dumps([tokens, time.perf_counter() - start]))
