import { createHash, X509Certificate } from 'node:crypto';

import type { Command } from 'commander';

import { loadConfig } from '../config/config.ts';
import type { Flags } from '../config/setting-reader.ts';
import { loadTlsIdentity, type TlsIdentity } from '../http/tls-identity.ts';
import { addSettingOptions, describeStartFailure } from './serve.ts';
import { processTerminal, type Terminal } from './terminal.ts';

/** `likeness tls show | renew`: works beside a running server, which takes a renewal up within the hour. */
export function registerTls(program: Command, terminal: Terminal = processTerminal): void {
  const tls = program.command('tls').description('the certificate clients see');
  const add = (name: string, description: string, options: { readonly renew: boolean }): void => {
    addSettingOptions(tls.command(name).description(description)).action(async (flags: Flags) => {
      try {
        const identity = await loadTlsIdentity(loadConfig(process.env, flags), Date.now(), options);
        for (const line of describeIdentity(identity)) terminal.print(line);
      } catch (error) {
        terminal.complain(describeStartFailure(error));
        terminal.fail();
      }
    });
  };
  add('show', 'show it, and the CA to trust; made if there is none', { renew: false });
  add('renew', 'make it anew; the CA stays, so clients need nothing', { renew: true });
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
          'Clients trust it by NODE_EXTRA_CA_CERTS (Node), SSL_CERT_FILE (Python, Go), curl --cacert.',
        ]),
  ];
}
