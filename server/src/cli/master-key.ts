import type { Command } from 'commander';

import { loadConfig } from '../config/config.ts';
import type { Flags } from '../config/setting-reader.ts';
import type { OfflineKeys } from '../offline-keys.ts';
import { addSettingOptions, describeStartFailure } from './serve.ts';
import type { Terminal } from './terminal.ts';

type Work = (keys: OfflineKeys) => Promise<readonly string[]>;

/** `likeness keys rotate-master | rotate-root | discard`: on a data folder, not through a server. */
export function registerMasterKey(keys: Command, terminal: Terminal): void {
  const add = (name: string, description: string, work: Work): void => {
    addSettingOptions(keys.command(name).description(description)).action(async (flags: Flags) => {
      try {
        const config = loadConfig(process.env, flags);
        // Here, so that client commands do not wait for a server's modules.
        const { openOfflineKeys } = await import('../offline-keys.ts');
        const show = async (line: string): Promise<void> => terminal.print(line);
        for (const line of await work(openOfflineKeys(config, show))) terminal.print(line);
      } catch (error) {
        terminal.complain(describeStartFailure(error));
        terminal.fail();
      }
    });
  };
  add(
    'rotate-master',
    'seal all secrets under another master key, while the server is stopped',
    async (offline) => [await offline.rotateMasterKey()],
  );
  add(
    'rotate-root',
    'make another root key; a running server takes it up at its next start',
    async (offline) => {
      const { accessKeyId, accessKeySecret } = await offline.rotateRootKey();
      return [
        'Another root key was made. Its secret is shown this once:',
        `  LIKENESS_ACCESS_KEY_ID=${accessKeyId}`,
        `  LIKENESS_ACCESS_KEY_SECRET=${accessKeySecret}`,
        'Restart the server: until then the old one is good.',
      ];
    },
  );
  add('discard', 'remove all access keys, where their master key is lost', async (offline) => {
    const isRootGone = await offline.discard();
    return [
      isRootGone
        ? 'All access keys are gone. The next start makes a root key, and shows it.'
        : 'All access keys but the root key are gone.',
    ];
  });
}
