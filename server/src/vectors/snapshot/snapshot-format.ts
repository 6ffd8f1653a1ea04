/**
 * A saved index: what is in memory, byte for byte, so that it is read without being looked at.
 *
 *     file      = magic version section* directory length checksum
 *     magic     = "LKVECTOR"
 *     version   = uint32, 3
 *     directory = JSON, UTF-8             {@link SnapshotDirectory}: says what each section is
 *     length    = uint32                  bytes of the directory
 *     checksum  = uint32                  CRC-32 of the directory
 *
 * A section is an array of numbers, little-endian, or of bytes. The directory has its checksum.
 */
import { crc32 } from 'node:zlib';

import type { ColumnContent } from '../attributes/column.ts';
import type { Reach } from '../cells/clustering.ts';

export const MAGIC = 'LKVECTOR';
export const FORMAT_VERSION = 3;
/** Magic and version. */
export const HEAD_BYTES = MAGIC.length + 4;
/** Length and checksum of the directory. */
export const TAIL_BYTES = 8;
/** Entries of a dictionary in one section: few enough to be parsed between other work. */
export const SECTION_ENTRIES = 1024;

/** The checksum of what `checksum` is of and these bytes. Node's own begins again at 0 for none, of an empty buffer. */
export function continueChecksum(checksum: number, bytes: Uint8Array): number {
  return bytes.length === 0 ? checksum : crc32(bytes, checksum);
}

/** Number of a section, from 0. */
export type SectionNumber = number;

/** Bytes of a section, and their CRC-32. */
export type SectionSum = readonly [bytes: number, checksum: number];

export interface SnapshotDirectory {
  /** What the caller says the rows are of. */
  readonly tag: string;
  readonly dims: number;
  readonly rows: number;
  /** One after the other from the head on. */
  readonly sections: readonly SectionSum[];
  readonly clusterings: readonly ClusteringMeta[];
  readonly fields: readonly FieldMeta[];
  readonly groups: GroupsMeta;
  readonly blocks: readonly BlockMeta[];
  /** Uint32: all rows, numbered as their blocks come, in key order. */
  readonly order: SectionNumber;
}

/** A clustering's arrays, an element a cell (or `stride`, of the plane), and what else there is of it. */
export interface ClusteringMeta {
  readonly category: number;
  readonly cells: number;
  readonly trainedRows: number;
  readonly reach?: Reach;
  /** Int8. */
  readonly plane: SectionNumber;
  /** Float32. */
  readonly inverseNorms: SectionNumber;
  /** Float64. */
  readonly cosines: SectionNumber;
  readonly counts: SectionNumber;
}

/** An attribute that has columns: values by code, in sections of {@link SECTION_ENTRIES} in JSON. */
export interface FieldMeta {
  /** None of the field that all rare names share. */
  readonly name?: string;
  readonly texts: readonly SectionNumber[];
  /** Of the rare field, names with their values. */
  readonly lists: readonly SectionNumber[];
}

/** Groups by code. */
export interface GroupsMeta {
  readonly codes: number;
  readonly pages: readonly {
    readonly texts: TextsMeta;
    /** Uint32: the rows that have each code. */
    readonly uses: SectionNumber;
  }[];
}

/** Texts one after the other (UTF-8), and where each ends (uint32). */
export interface TextsMeta {
  readonly ends: SectionNumber;
  readonly bytes: SectionNumber;
}

/** Rows of one category. Arrays have an element a row (planes: `stride` of them). */
export interface BlockMeta {
  readonly category: number;
  readonly rows: number;
  /** Rows that the chunk has places for: columns are as long. */
  readonly capacity: number;
  readonly keys: TextsMeta;
  /** Float64. */
  readonly revisions: SectionNumber;
  readonly planes: PlanesMeta;
  readonly columns: readonly ColumnMeta[];
  /** Where the rows lie in the order of cells: by which clustering, and where each cell begins. */
  readonly layout?: LayoutMeta;
}

/** What lies in the chunk's shared memory: int8 twice, float32 twice, uint32. */
export interface PlanesMeta {
  readonly coarse: SectionNumber;
  readonly residual: SectionNumber;
  readonly norms: SectionNumber;
  readonly slacks: SectionNumber;
  readonly groups: SectionNumber;
}

/** A column's block, as it lies in memory. */
export interface ColumnMeta extends ColumnContent {
  /** Its number among the fields. */
  readonly field: number;
  readonly block: SectionNumber;
}

export interface LayoutMeta {
  /** Its number among the clusterings. */
  readonly clustering: number;
  readonly laying: number;
  /** Uint32. */
  readonly cells: SectionNumber;
  /** Uint32: of the block's rows, the first of each cell. */
  readonly starts: SectionNumber;
}
