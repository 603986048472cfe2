"""Counts texts as Python tiktoken does.

usage: fuzz-reference.py ENCODING RANKS.json < texts > counts

Texts come as their length in four bytes and their bytes, one after the other; counts go out as four bytes each. Numbers
are little-endian.
"""

import os
import struct
import sys

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../support"))
from npm_tiktoken import open_encoding

encoding = open_encoding(sys.argv[1], sys.argv[2])
texts = sys.stdin.buffer
while header := texts.read(4):
    text = texts.read(struct.unpack("<I", header)[0]).decode()
    sys.stdout.buffer.write(struct.pack("<I", len(encoding.encode_ordinary(text))))
