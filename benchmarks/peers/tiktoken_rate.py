"""How long Python tiktoken takes for texts: prints [tokens, seconds].

usage: tiktoken_rate.py ENCODING RANKS.json TEXTS.json
"""

import json
import os
import sys
import time

sys.path.append(os.path.join(os.path.dirname(__file__), "../../test/support"))
from npm_tiktoken import open_encoding

name, ranks, texts_file = sys.argv[1:]
with open(texts_file) as file:
    texts = json.load(file)
encoding = open_encoding(name, ranks)
start = time.perf_counter()
tokens = sum(len(encoding.encode_ordinary(text)) for text in texts)
print(json.dumps([tokens, time.perf_counter() - start]))
