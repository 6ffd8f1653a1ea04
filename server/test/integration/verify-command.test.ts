import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from '@jest/globals';

import { registerVerify } from '../../src/cli/verify.ts';
import { launchServerOn } from '../support/launched-server.ts';
import { runCommand } from '../support/run-command.ts';
import { imageOf, openStoredCatalog, settingsOf, withFolder } from '../support/stored-catalog.ts';

/** The embedded pack is not asked for: nothing is embedded here, and what is stored is of a pack of its own. */
const RED = { vector: [1, 0, 0, 0] };

const verify = (...args: readonly string[]) => runCommand([registerVerify], ['verify', ...args]);

/** Three pictures, none of them kept; the last one without bytes to embed it again. */
async function fillFolder(folder: string): Promise<void> {
  const stored = await openStoredCatalog(folder);
  const info = await stored.catalog.createCollection(settingsOf());
  for (const name of ['a', 'b', 'c']) {
    await stored.catalog.addImage(info, imageOf('p', name, { ...RED, note: name }));
  }
  await stored.close();
}

async function spoilOneObject(folder: string): Promise<string> {
  const names = await readdir(join(folder, 'objects'), { recursive: true });
  const name = names.filter((each) => /[0-9a-f]{64}$/u.test(each)).toSorted()[0] ?? '';
  await writeFile(join(folder, 'objects', name), 'x');
  return name.slice(-64);
}

test('likeness verify says that all is well, names what is not, and repairs it', () =>
  withFolder(async (folder) => {
    await fillFolder(folder);
    expect(await verify('--data-dir', folder)).toEqual({
      printed: ['Everything that is stored is what was written.'],
      complaints: [],
      failed: false,
    });
    const hash = await spoilOneObject(folder);
    const spoilt = await verify('--data-dir', folder);
    expect(spoilt.failed).toBe(true);
    expect(spoilt.printed[0]).toMatch(new RegExp(`^damaged object ${hash}: the picture "p" `, 'u'));
    const asJson = await verify('--data-dir', folder, '--json');
    expect(JSON.parse(asJson.printed.join(''))).toMatchObject({
      damage: [{ kind: 'object', name: hash, isMended: false }],
      done: [],
    });
    const repaired = await verify('--data-dir', folder, '--repair');
    expect(repaired.failed).toBe(false);
    expect(repaired.printed[0]).toMatch(/^done {4}1 pictures were set aside in .*: 1 records/u);
    expect(await readdir(join(folder, 'damaged', 'objects'))).toEqual([hash]);
  }));

test('likeness verify of a folder that is none says so', () =>
  withFolder(async (folder) => {
    const { complaints, failed } = await verify('--data-dir', join(folder, 'none'));
    expect(failed).toBe(true);
    expect(complaints.join('')).toContain('holds no records');
  }));

test(
  'likeness verify has a running server read everything, and repairs nothing under it',
  () =>
    withFolder(async (folder) => {
      await fillFolder(folder);
      const hash = await spoilOneObject(folder);
      const server = await launchServerOn(folder);
      try {
        const { LIKENESS_ACCESS_KEY_ID: id, LIKENESS_ACCESS_KEY_SECRET: secret } =
          server.clientEnvironment;
        const key = ['--access-key-id', id ?? '', '--access-key-secret', secret ?? ''];
        const there = ['--data-dir', folder, '--endpoint', server.endpoint, ...key];
        const asked = await verify(...there);
        expect(asked.complaints).toEqual(['a server uses the folder: it reads everything itself']);
        expect(asked.printed[0]).toContain(`damaged object ${hash}`);
        expect(asked.failed).toBe(true);
        const ready = await (await fetch(`${server.endpoint}/readyz`)).json();
        expect(ready).toMatchObject({ Status: 'ready', Damage: { object: 1 } });
        const repairing = await verify(...there, '--repair');
        expect(repairing.complaints.join('')).toContain('Stop the server to repair.');
      } finally {
        await server.stop();
      }
    }),
  180_000,
);
