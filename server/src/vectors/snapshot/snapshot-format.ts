/**
 * A saved index.
 *
 *     file       = magic header clustering* block* order checksum
 *     magic      = "LKVECTOR" version            version: uint32, 2; files of version 1 have no clusterings,
 *                                                and a block's only piece is in the JSON of the block
 *     header     = length JSON                   {@link SnapshotHeader}
 *     clustering = plane norms cosines counts    of `cells` cells: `stride` int8 a cell; 1/|integers|,
 *                                                float32; sum of the rows' cosines and how many rows, float64
 *     block      = length JSON piece* coarse residual norms slacks
 *                                                {@link BlockMeta}; for its rows: two planes of
 *                                                `stride` int8 a row, 1/|w| and slack, float32 each
 *     piece      = length JSON                   {@link PieceMeta}: 1,024 rows, but for the last
 *     order      = number*                       uint32: all rows, numbered as they come, in key order
 *     checksum   = uint32                        CRC-32 of everything before
 *
 * A length is a uint32 and counts the bytes of the JSON (UTF-8) behind it. All numbers are little-endian.
 */
import { crc32 } from 'node:zlib';

import type { AttributeValue } from '@likeness/shared/filter';

import type { Reach } from '../cells/clustering.ts';

export const MAGIC = 'LKVECTOR';
export const FORMAT_VERSION = 2;
const OLDEST_VERSION = 1;
export const CHECKSUM_BYTES = 4;
export const PIECE_ROWS = 1024;

/** The checksum of what `checksum` is of and these bytes. Node's own begins again at 0 for none, of an empty buffer. */
export function continueChecksum(checksum: number, bytes: Uint8Array): number {
  return bytes.length === 0 ? checksum : crc32(bytes, checksum);
}

/** Whether files of a version can be read. */
export function isKnownVersion(version: number): boolean {
  return version >= OLDEST_VERSION && version <= FORMAT_VERSION;
}

export interface SnapshotHeader {
  /** What the caller says the rows are of. */
  readonly tag: string;
  readonly dims: number;
  readonly rows: number;
  readonly blocks: number;
  readonly clusterings?: readonly ClusteringMeta[];
}

/** A clustering, but for its arrays. */
export interface ClusteringMeta {
  readonly category: number;
  readonly cells: number;
  readonly trainedRows: number;
  readonly reach?: Reach;
}

/** Rows of one category. */
export interface BlockMeta {
  readonly category: number;
  readonly rows: number;
  /** Where the rows lie in the order of cells: by which clustering, and where each cell begins. */
  readonly layout?: BlockLayout;
}

/** Some rows of a block: few enough to be read and written between other work. The arrays have an element a row. */
export interface PieceMeta {
  readonly keys: readonly string[];
  readonly groups: readonly string[];
  readonly revisions: readonly number[];
  readonly fields: readonly PieceField[];
}

export interface BlockLayout {
  /** Its number in the file. */
  readonly clustering: number;
  readonly laying: number;
  readonly cells: readonly number[];
  /** Of the block's rows, the first of each cell. */
  readonly starts: readonly number[];
}

/** One attribute: the rows of the piece that have it, and their values. */
export interface PieceField {
  readonly name: string;
  readonly rows: readonly number[];
  readonly values: readonly AttributeValue[];
}
