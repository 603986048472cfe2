"""Writes Parquet files in many physical forms, each with its rows as pyarrow reads them back, for the tests of
the page reader: NAME.parquet and NAME.jsonl.

    python write_files.py matrix DIR     every form that the tests look at
    python write_files.py golden DIR     the few small files that are committed
    python write_files.py large FILE     a small file, committed too, of which a few rows are large
"""

import hashlib
import json
import random
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

CALL = pa.struct([("id", pa.string()), ("args", pa.string()), ("n", pa.int64())])
TURN = pa.struct([("role", pa.string()), ("text", pa.string()), ("calls", pa.list_(CALL))])
META = pa.struct([("name", pa.string()), ("inner", pa.struct([("score", pa.float32()), ("ok", pa.bool_())]))])
SCHEMA = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        ("language", pa.string()),
        ("resolved", pa.int32()),
        ("count", pa.int64()),
        ("unsigned", pa.uint32()),
        ("ratio", pa.float64()),
        ("flag", pa.bool_()),
        ("tags", pa.list_(pa.string())),
        ("meta", META),
        ("turns", pa.list_(TURN)),
        ("nothing", pa.string()),
    ]
)
WORDS = ["", "a", "naïve", "日本語", "🦊", "tab\t", "line\n", "quote\"", "\u2028", "\0", "x" * 40]


def value(rng, kind, nulls, depth=0):
    if rng.random() < nulls:
        return None
    if pa.types.is_struct(kind):
        return {field.name: value(rng, field.type, nulls, depth + 1) for field in kind}
    if pa.types.is_list(kind):
        size = rng.choice([0, 0, 1, 2, 3, 9]) if rng.random() < 0.97 else 60
        return [value(rng, kind.value_type, nulls, depth + 1) for _ in range(size)]
    if pa.types.is_string(kind):
        if rng.random() < 0.03:
            return rng.choice(WORDS) * rng.randint(1, 200)
        return " ".join(rng.choice(WORDS) for _ in range(rng.randint(0, 4)))
    if pa.types.is_boolean(kind):
        return rng.random() < 0.5
    if kind == pa.uint32():
        return rng.choice([0, 1, 2**31, 2**32 - 1])
    if kind == pa.int64():
        return rng.choice([0, -1, 2**53 - 1, -(2**53) + 1, rng.randint(-(10**6), 10**6)])
    if pa.types.is_integer(kind):
        return rng.choice([0, 1, -1, 2**31 - 1, -(2**31)])
    return rng.choice([0.0, -1.5, 1e300 if kind == pa.float64() else 1e30, rng.random()])


def rows(seed, count, nulls):
    rng = random.Random(seed)
    made = []
    for at in range(count):
        row = {field.name: value(rng, field.type, nulls) for field in SCHEMA}
        row["id"] = f"row-{at}"
        row["language"] = rng.choice(["python", "go", "ts", None])
        row["nothing"] = None
        made.append(row)
    return made


def as_read(given, kind):
    """What the reader makes of a value: a null struct has null members."""
    if pa.types.is_struct(kind):
        return {f.name: as_read(None if given is None else given[f.name], f.type) for f in kind}
    if given is None:
        return None
    if pa.types.is_list(kind):
        return [as_read(element, kind.value_type) for element in given]
    return given


def write(folder, name, made, **options):
    table = pa.Table.from_pylist(made, schema=SCHEMA)
    path = folder / f"{name}.parquet"
    options.setdefault("write_batch_size", 16)
    try:
        pq.write_table(table, path, **options)
    except (TypeError, OSError, NotImplementedError) as error:
        path.unlink(missing_ok=True)
        print(f"skipped {name}: {error}", file=sys.stderr)
        return
    with open(folder / f"{name}.jsonl", "w", encoding="utf-8") as out:
        for row in pq.ParquetFile(path).read().to_pylist():
            out.write(json.dumps({f.name: as_read(row[f.name], f.type) for f in SCHEMA}) + "\n")


def matrix(folder):
    dictionaries = {
        "dictionary": {"use_dictionary": True},
        "plain": {"use_dictionary": False},
        "fallback": {"use_dictionary": True, "dictionary_pagesize_limit": 300},
    }
    seed = 0
    for version in ["1.0", "2.0"]:
        for codec in ["none", "snappy", "gzip", "zstd", "brotli", "lz4"]:
            for kind, dictionary in dictionaries.items():
                for page in [200, 1 << 20]:
                    seed += 1
                    name = f"v{version[0]}-{codec}-{kind}-{page}"
                    made = rows(seed, 70, rng_nulls(seed))
                    common = {"data_page_version": version, "compression": codec, "data_page_size": page}
                    write(folder, name, made, **common, **dictionary, row_group_size=[25, 1000][seed % 2])
    plain = {"use_dictionary": False, "data_page_size": 300}
    texts = ["tags.list.element", "turns.list.element.text", "turns.list.element.calls.list.element.args"]
    integers = ["resolved", "count", "turns.list.element.calls.list.element.n"]
    for version in ["1.0", "2.0"]:
        common = {**plain, "data_page_version": version, "compression": "snappy"}
        encodings = {
            "delta-length": {**dict.fromkeys(texts, "DELTA_LENGTH_BYTE_ARRAY")},
            "delta-texts": {**dict.fromkeys(texts, "DELTA_BYTE_ARRAY")},
            "delta-integers": {**dict.fromkeys(integers, "DELTA_BINARY_PACKED")},
            "byte-streams": {"ratio": "BYTE_STREAM_SPLIT", "meta.inner.score": "BYTE_STREAM_SPLIT"},
            "run-booleans": {"flag": "RLE"},
        }
        for name, encoding in encodings.items():
            seed += 1
            write(folder, f"v{version[0]}-{name}", rows(seed, 300, 0.1), column_encoding=encoding, **common)
        write(folder, f"v{version[0]}-page-index", rows(1, 200, 0.2), write_page_index=True, **common)
        write(folder, f"v{version[0]}-checksums", rows(2, 100, 0.2), write_page_checksum=True, **common)
        write(folder, f"v{version[0]}-all-null", rows(3, 100, 1.0), **common)
        write(folder, f"v{version[0]}-no-null", rows(4, 100, 0.0), **common)
        write(folder, f"v{version[0]}-no-rows", [], **common)
        write(folder, f"v{version[0]}-group-a-row", rows(5, 12, 0.2), row_group_size=1, **common)
    chunking = {"min_chunk_size": 256, "max_chunk_size": 1024, "norm_level": 0}
    write(folder, "content-defined", rows(6, 200, 0.1), use_content_defined_chunking=chunking, **{"compression": "zstd"})


def rng_nulls(seed):
    return [0.0, 0.15, 0.5][seed % 3]


def golden(folder):
    """With pyarrow 15 to 22 the rows of version 1 pages cross from one page to the next."""
    folder.mkdir(parents=True, exist_ok=True)
    global WORDS
    WORDS = WORDS[:-1]
    small = {"data_page_size": 100, "write_batch_size": 4, "write_statistics": False}
    write(folder, "crossing-pages", rows(11, 14, 0.1), use_dictionary=False, compression="snappy", **small)
    fallback = {"use_dictionary": True, "dictionary_pagesize_limit": 60}
    write(folder, "dictionary-fallback", rows(12, 12, 0.2), compression="zstd", row_group_size=5, **fallback, **small)
    checked = {"data_page_version": "2.0", "write_page_checksum": True, "compression": "gzip"}
    write(folder, "version-2-checksums", rows(13, 12, 0.2), **checked, **small)
    checked = {"data_page_version": "1.0", "write_page_checksum": True}
    write(folder, "version-1-checksums", rows(14, 14, 0.2), compression="snappy", **checked, **fallback, **small)
    checked = {**checked, "use_dictionary": False}
    write(folder, "plain-checksums", rows(15, 14, 0.2), compression="none", **checked, **small)
    indexed = {"write_page_index": True, "compression": "zstd", "use_dictionary": ["tags.list.element"]}
    write(folder, "page-index", rows(16, 30, 0.2), **indexed, **{**small, "write_statistics": True})


def large(path):
    """Version 1 pages of Zstd: the rows of a page show only when all of it is decompressed."""
    texts = [hashlib.md5(b"%d" % at).hexdigest() * 100_000 for at in range(8)] + [str(at) for at in range(8, 3_000)]
    table = pa.Table.from_pylist([{"id": str(at), "tags": [text]} for at, text in enumerate(texts)])
    pq.write_table(table, path, compression="zstd", use_dictionary=False, write_statistics=False, write_batch_size=1)


if __name__ == "__main__":
    {"matrix": matrix, "golden": golden, "large": large}[sys.argv[1]](Path(sys.argv[2]))
