/**
 * faiss-node has no way to say how hard faiss is to search, and what faiss takes by itself is of little use: one list of an
 * inverted file (IVF), 16 candidates in a graph (HNSW). The number stands in what faiss writes of an index
 * (`index_write.cpp`; the same since these indexes are there):
 *
 *     four letters, dims (i32), rows (i64), 2 × i64, is trained (u8), metric (i32), then
 *     of "Iw…", an inverted file: lists (u64), nprobe (u64) …
 *     of "IHN…", a graph: five vectors of 8, 4, 4, 8 and 4 bytes an element, each after its length (u64), entry point (i32),
 *     levels (i32), efConstruction (i32), efSearch (i32) …
 */
const HEADER_BYTES = 4 + 4 + 3 * 8 + 1 + 4;
const GRAPH_ELEMENT_BYTES = [8, 4, 4, 8, 4] as const;

/** Where nobody said how hard: of so many lists one, and candidates in a graph. */
const LISTS_PER_PROBE = 16;
export const GRAPH_CANDIDATES = 512;

/**
 * The same index, to be searched with another effort; undefined if it is of neither kind, or behind a transformation of vectors.
 *
 * @param written by faiss
 * @param effort lists to look into, or candidates to keep
 */
export function withEffort(written: Buffer, effort: number | undefined): Buffer | undefined {
  const kind = written.toString('latin1', 0, 4);
  const changed = Buffer.from(written);
  if (kind.startsWith('Iw')) {
    const lists = Number(written.readBigUInt64LE(HEADER_BYTES));
    const probes = Math.min(lists, effort ?? Math.ceil(lists / LISTS_PER_PROBE));
    changed.writeBigUInt64LE(BigInt(probes), HEADER_BYTES + 8);
    return changed;
  }
  if (!kind.startsWith('IHN')) return undefined;
  let at = HEADER_BYTES;
  for (const bytes of GRAPH_ELEMENT_BYTES) at += 8 + Number(written.readBigUInt64LE(at)) * bytes;
  changed.writeInt32LE(effort ?? GRAPH_CANDIDATES, at + 3 * 4);
  return changed;
}
