/** The command line. `bin/likeness.js` imports this file to run it. */
import { Command } from 'commander';

import { registerAdd } from './add.ts';
import { registerInstances } from './instances.ts';
import { registerSearch } from './search.ts';
import { registerServe } from './serve.ts';
import { registerTls } from './tls.ts';

const program = new Command('likeness')
  .description('Self-hosted image search, wire-compatible with Alibaba Cloud Image Search')
  .showHelpAfterError('(likeness --help says more)');

registerServe(program);
registerTls(program);
registerInstances(program);
registerAdd(program);
registerSearch(program);

await program.parseAsync();
