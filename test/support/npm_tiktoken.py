"""tiktoken with the ranks that the npm package @dqbd/tiktoken ships: the same as tiktoken downloads, without a network."""

import base64
import json

import tiktoken
import tiktoken_ext.openai_public as encodings


def read_ranks(path):
    ranks = {}
    with open(path) as file:
        for line in json.load(file)["bpe_ranks"].split("\n"):
            parts = line.split(" ")
            for index, token in enumerate(parts[2:]):
                ranks[base64.b64decode(token)] = int(parts[1]) + index
    return ranks


def open_encoding(name, ranks_path):
    ranks = read_ranks(ranks_path)
    encodings.load_tiktoken_bpe = lambda *_, **__: ranks
    return tiktoken.Encoding(**encodings.ENCODING_CONSTRUCTORS[name]())
