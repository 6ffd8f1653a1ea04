import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { PackSummary } from '../vision.ts';
import { packManifest, type PackManifest } from './pack-schema.ts';

/**
 * Raised when the same pack would give other vectors than before: another resampler, another framing,
 * another rule for plain backgrounds. Part of every fingerprint.
 */
const EMBEDDING_REVISION = 1;

/** A pack whose manifest and files were checked. */
export interface ModelPack {
  readonly manifest: PackManifest;
  readonly fingerprint: string;
  /** The bytes of a file that the manifest lists. */
  file(name: string): Uint8Array;
}

/** A folder that is no usable model pack; the message says why. */
export class PackError extends Error {
  override readonly name = 'PackError';
  readonly code = 'UnusablePack';
}

/**
 * Reads `pack.json` in `folder` and every file it lists, and compares their SHA-256.
 *
 * @throws {PackError} when the manifest is missing, malformed, or disagrees with the files.
 */
export async function loadPack(folder: string): Promise<ModelPack> {
  const manifest = readManifest(await read(folder, 'pack.json'));
  const files = new Map<string, Uint8Array>();
  for (const [name, { sha256 }] of Object.entries(manifest.files)) {
    const bytes = await read(folder, name);
    if (sha256Hex(bytes) !== sha256) throw new PackError(`"${name}" is not the file of the pack`);
    files.set(name, bytes);
  }
  return {
    manifest,
    fingerprint: fingerprintOf(manifest),
    file: (name) => {
      const bytes = files.get(name);
      if (bytes === undefined) throw new PackError(`the pack has no file "${name}"`);
      return bytes;
    },
  };
}

/** What the rest of the server needs to know of a pack. */
export function summarize({ manifest, fingerprint }: ModelPack): PackSummary {
  const { picture, text } = manifest.calibration;
  return {
    name: manifest.name,
    version: manifest.version,
    fingerprint,
    dims: manifest.dims,
    predictsCategories: manifest.categories !== undefined,
    languages: manifest.languages,
    pictureCalibration: picture,
    ...(manifest.text !== undefined && text !== undefined && { textCalibration: text }),
  };
}

/**
 * SHA-256 over what decides a vector: dimensions, picture graphs, subject and framing. A new licence
 * text, calibration, category head or text encoder leaves stored vectors as they are.
 */
export function fingerprintOf(manifest: PackManifest): string {
  const { dims, picture, subject, files, runtime, text } = manifest;
  const used = [...picture.parts.map((part) => part.file), subject.detector?.file ?? []].flat();
  const hashes = used.map((name) => files[name]?.sha256);
  // A graph of TensorFlow.js has its weights in files that only it names.
  const weights = Object.entries(files)
    .filter(([name]) => name !== text?.file && name !== text?.tokenizer)
    .map(([, { sha256 }]) => sha256);
  const others = runtime === 'tensorflow' ? [runtime, weights.toSorted()] : [];
  const decisive = [EMBEDDING_REVISION, dims, picture, subject, hashes, ...others];
  return sha256Hex(JSON.stringify(sortKeys(decisive)));
}

function readManifest(bytes: Uint8Array): PackManifest {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch (cause) {
    throw new PackError('pack.json is not JSON', { cause });
  }
  const parsed = packManifest.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new PackError(`pack.json: ${z.prettifyError(parsed.error)}`, { cause: parsed.error });
}

async function read(folder: string, name: string): Promise<Uint8Array> {
  return readFile(join(folder, name)).catch((cause: unknown) => {
    throw new PackError(`cannot read "${name}" of the model pack in ${folder}`, { cause });
  });
}

function sha256Hex(data: Uint8Array | string): string {
  return createHash('sha256').update(data).digest('hex');
}

/** JSON with one order of keys, so that a reordered manifest is the same manifest. */
function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sortKeys(inner)]));
}
