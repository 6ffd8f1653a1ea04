/** Who a server is: the files of its root key and its certificates, looked at by `likeness verify`. */
import { basename, dirname, extname, join } from 'node:path';

import { FileRootKey } from './auth/root-key.ts';
import { ROOT_KEY_FILE } from './auth/root-key-file.ts';
import type { Disk } from './disk/disk.ts';
import { examineTls } from './http/tls-identity.ts';
import type { Damage } from './store/damage.ts';

/** What is damaged of them. No master key is needed. */
export async function examineIdentity(dataDir: string, disk: Disk): Promise<readonly Damage[]> {
  const rootKey = new FileRootKey(join(dataDir, ROOT_KEY_FILE), disk, { warn: () => {} });
  const detail = await rootKey.examine();
  const files = [
    ...(detail === undefined ? [] : [{ name: ROOT_KEY_FILE, detail }]),
    ...(await examineTls(dataDir)),
  ];
  return files.map((file) => ({ kind: 'identity', ...file }));
}

/** Moves a damaged file away, and the key of a certificate with it: the next start makes it anew. Resolves to what was done, in a sentence. */
export async function setIdentityAside(
  dataDir: string,
  name: string,
  { damagedFolder, disk }: { readonly damagedFolder: string; readonly disk: Disk },
): Promise<string> {
  const folder = join(dataDir, dirname(name));
  const key = `${basename(name, extname(name))}-key${extname(name)}`;
  await disk.makeFolder(damagedFolder);
  for (const file of [basename(name), key]) {
    if (!(await disk.list(folder)).includes(file)) continue;
    await disk.rename(join(folder, file), join(damagedFolder, file));
  }
  return `${name} was set aside: the next start makes it anew`;
}
