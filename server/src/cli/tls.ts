import { createHash, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';

import type { Command } from 'commander';

import { ConfigError } from '../config/config-error.ts';
import { loadConfig } from '../config/config.ts';
import type { Flags } from '../config/setting-reader.ts';
import { loadTlsIdentity, type TlsIdentity } from '../http/tls-identity.ts';
import { addSettingOptions, describeStartFailure } from './serve.ts';
import { processTerminal, type Terminal } from './terminal.ts';

/** `likeness tls show | ca | renew`: works beside a running server, which takes a renewal up within the hour. */
export function registerTls(program: Command, terminal: Terminal = processTerminal): void {
  const tls = program.command('tls').description('the certificate clients see');
  const add = (name: string, description: string, say: Say, renew = false): void => {
    addSettingOptions(tls.command(name).description(description)).action(async (flags: Flags) => {
      try {
        const config = loadConfig(process.env, flags);
        const identity = await loadTlsIdentity(config, Date.now(), { renew });
        for (const line of await say(identity)) terminal.print(line);
      } catch (error) {
        terminal.complain(describeStartFailure(error));
        terminal.fail();
      }
    });
  };
  add('show', 'show it, and the CA to trust; made if there is none', describeIdentity);
  add(
    'ca',
    'print the certificate of the CA, for clients that cannot read the data folder',
    readCa,
  );
  add('renew', 'make it anew; the CA stays, so clients need nothing', describeIdentity, true);
}

type Say = (identity: TlsIdentity) => readonly string[] | Promise<readonly string[]>;

async function readCa({ caFile }: TlsIdentity): Promise<readonly string[]> {
  if (caFile === undefined) {
    throw new ConfigError(['The certificate is your own: clients trust whoever issued it.']);
  }
  return [(await readFile(caFile, 'utf8')).trimEnd()];
}

function describeIdentity({ cert, caFile, names, expiresMs }: TlsIdentity): readonly string[] {
  const fingerprint = createHash('sha256').update(new X509Certificate(cert).raw).digest('hex');
  return [
    `names       ${names.join(', ')}`,
    `expires     ${new Date(expiresMs).toISOString()}`,
    `SHA-256     ${fingerprint}`,
    ...(caFile === undefined
      ? ['The certificate is your own: Likeness does not renew it.']
      : [
          `CA          ${caFile}`,
          "The folder is its owner's alone: `likeness tls ca` prints the certificate for others.",
          'Clients trust it by NODE_EXTRA_CA_CERTS (Node), SSL_CERT_FILE (Python, Go), curl --cacert.',
        ]),
  ];
}
