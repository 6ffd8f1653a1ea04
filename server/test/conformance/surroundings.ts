/** What a customer sets outside his program: whose certificates to trust. And what no customer sets: that only loopback has names. */
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import type { Language } from './sdks.ts';
import type { Servers } from './servers.ts';

const run = promisify(execFile);

/** Registries may be reached through one; a server on loopback never is. */
const NO_PROXY = Object.fromEntries(
  ['http_proxy', 'https_proxy', 'all_proxy'].flatMap((name) => [
    [name, ''],
    [name.toUpperCase(), ''],
  ]),
);

/** @returns environment variables for the drivers of one language */
export async function surroundingsOf(
  language: Language,
  servers: Servers,
): Promise<Readonly<Record<string, string>>> {
  switch (language) {
    case 'Node':
      return { ...NO_PROXY, NODE_EXTRA_CA_CERTS: servers.caFile };
    case 'Python':
      // The legacy core reads a variable of its own.
      return {
        ...NO_PROXY,
        SSL_CERT_FILE: servers.caFile,
        ALIBABA_CLOUD_CA_BUNDLE: servers.caFile,
      };
    case 'Java':
      return { ...NO_PROXY, JAVA_TOOL_OPTIONS: await javaOptions(servers) };
    case 'Go':
      return { ...NO_PROXY, SSL_CERT_FILE: servers.caFile };
  }
}

async function javaOptions({ caFile, folder }: Servers): Promise<string> {
  const trustStore = join(folder, 'trust.p12');
  const password = 'changeit';
  const certificates = (await readFile(caFile, 'utf8')).match(
    /-----BEGIN[^]+?END CERTIFICATE-----/gu,
  );
  for (const [index, certificate] of (certificates ?? []).entries()) {
    const file = join(folder, `ca-${index}.pem`);
    await writeFile(file, certificate);
    const store = ['-keystore', trustStore, '-storetype', 'PKCS12', '-storepass', password];
    await run('keytool', [
      '-importcert',
      '-noprompt',
      '-alias',
      `ca-${index}`,
      '-file',
      file,
      ...store,
    ]);
  }
  // With such a file the JVM asks nobody else for a name.
  const hostsFile = join(folder, 'hosts');
  await writeFile(hostsFile, '127.0.0.1 localhost\n');
  return [
    `-Djdk.net.hosts.file=${hostsFile}`,
    `-Djavax.net.ssl.trustStore=${trustStore}`,
    `-Djavax.net.ssl.trustStorePassword=${password}`,
  ].join(' ');
}
