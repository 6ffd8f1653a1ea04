/** The command line. `bin/likeness.js` imports this file to run it. */
import { readFileSync } from 'node:fs';

import { Command } from 'commander';

import { registerAdd } from './add.ts';
import { registerDoctor } from './doctor/doctor.ts';
import { registerInstances } from './instances.ts';
import { registerKeys } from './keys.ts';
import { registerLibraries } from './libraries.ts';
import { registerSearch } from './search.ts';
import { registerServe } from './serve.ts';
import { registerTls } from './tls.ts';
import { registerVerify } from './verify.ts';

const PACKAGE_FILE = new URL('../../package.json', import.meta.url);
const { version } = JSON.parse(readFileSync(PACKAGE_FILE, 'utf8')) as { readonly version: string };

const program = new Command('likeness')
  .version(version)
  .description('Self-hosted image search, wire-compatible with Alibaba Cloud Image Search')
  .showHelpAfterError('(likeness --help says more)');

registerServe(program);
registerTls(program);
registerInstances(program);
registerLibraries(program);
registerKeys(program);
registerAdd(program);
registerSearch(program);
registerVerify(program);
registerDoctor(program);

await program.parseAsync();
