"""Lists the pictures of the teaching sets that never teach, for galleries that must not have been learned.

    python held_out.py --data DATA/train --out held-out.jsonl [--least-side 100]

One JSON a line: set, file, bin, offset, size, width, height; by set, then as the set lists them. The rule is
prepare.py's: the same pictures that training leaves out.
"""
import argparse
import json
from pathlib import Path

from prepare import read_rows

FIELDS = ("set", "file", "bin", "offset", "size", "width", "height")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with the teaching sets")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--least-side", type=int, default=100, help="shortest side in pixels that counts")
    options = parser.parse_args()
    rows = [
        row for row in read_rows(options.data)
        if row["held"] and min(row["width"], row["height"]) >= options.least_side
    ]
    with open(options.out, "w", encoding="utf8") as out:
        for row in rows:
            out.write(json.dumps({field: row[field] for field in FIELDS}, ensure_ascii=False) + "\n")
    print(f"{len(rows)} held-out pictures")


if __name__ == "__main__":
    main()
