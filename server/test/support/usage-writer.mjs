/** Notes 100 calls, writes them, notes 50 more, and waits to be killed. `node usage-writer.mjs FOLDER NOW_MS` */
import { join } from 'node:path';

import { nodeDisk } from '../../dist/disk/disk.js';
import { LevelRecordStore } from '../../dist/store/level-record-store.js';
import { UsageBook } from '../../dist/usage/usage-book.js';

const [, , folder, nowMs] = process.argv;
const values = await LevelRecordStore.open({
  folder: join(folder, 'records'),
  damagedFolder: join(folder, 'damaged'),
  disk: nodeDisk,
});
const book = new UsageBook({
  values,
  now: () => Number(nowMs),
  readCollections: () => [],
  onError: (error) => {
    throw error;
  },
  flushMs: 0,
});
const note = (times) => {
  for (let i = 0; i < times; i += 1) {
    book.note({ collection: 'instance:shop', action: 'AddImage', code: 'OK', ms: 5 });
  }
};
note(100);
await book.flush();
note(50);
process.stdout.write('noted\n');
setInterval(() => {}, 1_000);
