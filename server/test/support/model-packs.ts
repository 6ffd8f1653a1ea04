import { createHash } from 'node:crypto';
import { cp, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EMBEDDED_PACK_FOLDER } from '../../src/vision/create-vision.ts';
import type { PackManifest } from '../../src/vision/pack/pack-schema.ts';

export const EMBEDDED_PACK = fileURLToPath(EMBEDDED_PACK_FOLDER);

/** A manifest as it stands in a file, before it is checked. */
export type Draft = { -readonly [Key in keyof PackManifest]: PackManifest[Key] };

/** A copy of the embedded pack in a temporary folder, its manifest changed and files added. */
export async function alterPack(
  change: (manifest: Draft) => unknown,
  files: Readonly<Record<string, Uint8Array>> = {},
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'likeness-pack-'));
  await cp(EMBEDDED_PACK, folder, { recursive: true });
  const manifest = JSON.parse(await readFile(join(folder, 'pack.json'), 'utf8')) as Draft;
  for (const [name, bytes] of Object.entries(files)) {
    await writeFile(join(folder, name), bytes);
    manifest.files = { ...manifest.files, [name]: { sha256: sha256Hex(bytes) } };
  }
  const changed = change(manifest) ?? manifest;
  await writeFile(join(folder, 'pack.json'), JSON.stringify(changed));
  return folder;
}

function sha256Hex(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
