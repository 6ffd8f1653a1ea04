import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';

import { runProgram } from '../../../examples/test/support/run-program.ts';
import { writePicture } from '../../../examples/test/support/sample-pictures.ts';
import { startRecordingServer } from '../../../sdk/test/support/recording-server.ts';
import type { RecordingServer } from '../../../sdk/test/support/recording-server.ts';
import { formOf } from '../../../sdk/test/support/test-client.ts';
import { registerAdd } from '../../src/cli/add.ts';
import { registerInstances } from '../../src/cli/instances.ts';
import { registerKeys } from '../../src/cli/keys.ts';
import { registerSearch } from '../../src/cli/search.ts';
import { launchServer } from '../support/launched-server.ts';
import type { LaunchedServer } from '../support/launched-server.ts';
import { runCommand } from '../support/run-command.ts';

const COMMANDS = [registerInstances, registerKeys, registerAdd, registerSearch];
const KEY = ['--access-key-id', 'id', '--access-key-secret', 'secret'];

let server: RecordingServer;
let folder: string;

beforeEach(async () => {
  server = await startRecordingServer();
  folder = await mkdtemp(join(tmpdir(), 'likeness-cli-'));
});
afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

/** Runs one command against the server, unless it names another, and tells what it said. */
async function likeness(...args: string[]) {
  const endpoint = args.includes('--endpoint') ? [] : ['--endpoint', server.endpoint];
  const { printed, complaints, failed } = await runCommand(COMMANDS, [...args, ...endpoint]);
  return { printed: printed.join('\n'), complaints: complaints.join('\n'), failed };
}

const picture = (name: string) => writeFile(join(folder, name), 'picture');
const actionsAsked = () => server.requests.map(({ headers }) => headers['x-acs-action']);
const formsSent = () => server.requests.map((request) => formOf(request));

describe('likeness instances', () => {
  test('sends only the settings that were given', async () => {
    server.reply({ body: { Instance: { InstanceName: 'shoes', ServiceTypeName: 'product' } } });
    const settings = [
      '--service-type',
      'product',
      '--qps',
      '5',
      '--add-qps',
      '2',
      '--no-keep-pictures',
    ];
    const { printed } = await likeness('instances', 'create', 'shoes', ...settings, ...KEY);
    expect(formsSent()).toEqual([
      {
        InstanceName: 'shoes',
        ServiceType: 'product',
        Qps: '5',
        AddQps: '2',
        KeepPictures: 'false',
      },
    ]);
    expect(printed).toBe('created shoes (product)');
  });

  test('reads the root key of the data folder when no key is given', async () => {
    const key = { accessKeyId: 'stored', accessKeySecret: 'secret' };
    await writeFile(join(folder, 'root-key.json'), JSON.stringify(key));
    server.reply({ body: { Instances: [] } });
    await likeness('instances', 'list', '--data-dir', folder);
    expect(server.requests[0]?.headers.authorization).toContain('Credential=stored,');
  });

  test('says how to give a key when there is none', async () => {
    const { complaints, failed } = await likeness('instances', 'list', '--data-dir', folder);
    expect(complaints).toMatch(/^No access key: set LIKENESS_ACCESS_KEY_ID/);
    expect(failed).toBe(true);
  });

  test('says what an endpoint looks like', async () => {
    const endpoint = ['--endpoint', '127.0.0.1:8000'];
    const { complaints, failed } = await likeness('instances', 'list', ...KEY, ...endpoint);
    expect(complaints).toBe('"endpoint" must be an http or https URL, not "127.0.0.1:8000"');
    expect(failed).toBe(true);
  });

  test('tells code, message and request id of a refusal', async () => {
    const body = { Code: 'NoPermission', Message: 'You may not.', RequestId: 'R-7' };
    server.reply({ status: 403, body });
    const { complaints, failed } = await likeness('instances', 'delete', 'shoes', ...KEY);
    expect(complaints).toBe('NoPermission: You may not. (request R-7)');
    expect(failed).toBe(true);
  });
});

describe('likeness keys', () => {
  const info = {
    AccessKeyId: 'LK1',
    Name: 'web shop',
    Role: 'read',
    Scopes: ['instance:a', 'library:b*'],
    Rate: 0,
    Status: 'active',
    Enabled: true,
    UtcCreate: '0',
    UtcExpireTime: '',
    UtcLastUsed: '1000',
  };

  test('makes a key, and shows its secret', async () => {
    server.reply({ body: { AccessKey: { ...info, AccessKeySecret: 'hush' } } });
    const scopes = ['--scope', 'instance:a', 'library:b*', '--expires', '2027-01-31T00:00Z'];
    const { printed } = await likeness('keys', 'create', '--role', 'read', ...scopes, ...KEY);
    expect(formsSent()).toEqual([
      { Role: 'read', Scopes: 'instance:a,library:b*', UtcExpireTime: '1801353600000' },
    ]);
    expect(printed).toMatch(/ACCESS_KEY_ID=LK1\n.*ACCESS_KEY_SECRET=hush$/);
  });

  test('lists keys', async () => {
    server.reply({ body: { AccessKeys: [info] } });
    const { printed } = await likeness('keys', 'list', ...KEY);
    expect(printed).toMatch(
      /LK1 +│ web shop │ read +│ instance:a +│ active +│ never +│ 1970-01-01T/,
    );
  });

  test('changes what was said and nothing else', async () => {
    server.reply({ body: { AccessKey: info } });
    const changes = ['--no-enable', '--expires', 'never', '--rate', '0'];
    await likeness('keys', 'update', 'LK1', ...changes, ...KEY);
    server.reply({ body: {} });
    const { printed } = await likeness('keys', 'delete', 'LK1', ...KEY);
    expect(printed).toBe('deleted LK1');
    expect(actionsAsked()).toEqual(['UpdateAccessKey', 'DeleteAccessKey']);
    expect(formsSent()).toEqual([
      { UserAccessKeyId: 'LK1', Enabled: 'false', UtcExpireTime: '0', Rate: '0' },
      { UserAccessKeyId: 'LK1' },
    ]);
  });
});

describe('likeness add', () => {
  test('walks folders, and names products after files', async () => {
    await mkdir(join(folder, 'red'));
    await Promise.all(['p2.JPG', 'red/p1.png', 'red/p2.jpg', 'notes.txt'].map(picture));
    const given = ['--int-attr', '-4', '--str-attr2', 'a b', '--category', 'shoes'];
    const options = ['--instance', 'shoes', '--concurrency', '1', ...given];
    const { printed } = await likeness('add', folder, ...options, ...KEY);

    const common = { InstanceName: 'shoes', Crop: 'true', PicContent: 'cGljdHVyZQ==' };
    const rest = { ...common, IntAttr: '-4', StrAttr2: 'a b', CategoryId: '4' };
    expect(formsSent()).toEqual([
      { ProductId: 'p2', PicName: 'p2.JPG', ...rest },
      { ProductId: 'p1', PicName: 'red/p1.png', ...rest },
      { ProductId: 'p2', PicName: 'red/p2.jpg', ...rest },
    ]);
    expect(printed).toBe('added 3 pictures to shoes');
  });

  test('refuses files that would replace each other before it sends any', async () => {
    await mkdir(join(folder, 'red'));
    await Promise.all(['p1.jpg', 'red/p1.jpg'].map(picture));
    const files = ['p1.jpg', 'red/p1.jpg'].map((name) => join(folder, name));
    const { complaints } = await likeness('add', ...files, '--instance', 'shoes', ...KEY);
    expect(complaints).toContain('would both be stored as product "p1", picture "p1.jpg"');
    expect(server.requests).toHaveLength(0);
  });

  test('goes on after a bad picture, and says which it was', async () => {
    await Promise.all(['a.jpg', 'b.jpg'].map(picture));
    server.reply({
      status: 400,
      body: { Code: 'UnsupportedPicFormat', Message: 'Not a picture.' },
    });
    const options = ['--instance', 'shoes', '--concurrency', '1', '--json'];
    const { printed, complaints, failed } = await likeness('add', folder, ...options, ...KEY);
    expect(complaints).toMatch(/a\.jpg: UnsupportedPicFormat: Not a picture\.$/);
    expect(JSON.parse(printed)).toMatchObject({
      added: [{ productId: 'b' }],
      failed: [{ path: join(folder, 'a.jpg') }],
    });
    expect(failed).toBe(true);
  });

  test('stops at a refusal that is about more than one picture, and tells how far it got', async () => {
    await Promise.all(['a.jpg', 'b.jpg', 'c.jpg'].map(picture));
    const full = { status: 400, body: { Code: 'InstanceOverQuota', Message: 'It is full.' } };
    server.reply({ body: {} }, full);
    const options = ['--instance', 'shoes', '--concurrency', '1', ...KEY];
    const { printed, complaints, failed } = await likeness('add', folder, ...options);
    expect(complaints).toBe('InstanceOverQuota: It is full.');
    expect(printed).toBe('added 1 picture to shoes');
    expect(failed).toBe(true);
    expect(server.requests).toHaveLength(2);
  });
});

describe('likeness search', () => {
  const head = { DocsFound: 7, DocsReturn: 1, SearchTime: 3, SearchMode: 'exact' };
  const hit = {
    ProductId: 'p1',
    PicName: 'front',
    CategoryId: 4,
    Score: 0.98765,
    CustomContent: '',
  };
  const found = { body: { Head: head, Auctions: [{ ...hit, IntAttr: 42, StrAttr: '' }] } };

  test('by a file prints a table', async () => {
    await writeFile(join(folder, 'query.jpg'), 'picture');
    server.reply(found);
    const options = ['--instance', 'shoes', '--num', '1', '--score-threshold', '0.5', '--distinct'];
    const { printed } = await likeness('search', join(folder, 'query.jpg'), ...options, ...KEY);
    expect(actionsAsked()).toEqual(['SearchImageByPic']);
    expect(formsSent()[0]).toMatchObject({ Num: '1', ScoreThreshold: '0.5', Crop: 'true' });
    for (const text of [
      '0.9877',
      'p1',
      'front',
      'Shoes',
      'int_attr=42',
      '1 of 7 found, exact, 3 ms',
    ]) {
      expect(printed).toContain(text);
    }
  });

  test.each([
    ['SearchImageByName', ['--name', 'p1', 'front', '--filter', 'int_attr=1']],
    ['SearchImageByText', ['--text', '红色 shoes', '--category', 'shoes', '--distinct']],
    ['SearchImageByFilter', ['--filter', 'int_attr=1', '--start', '20']],
  ])('%s prints its answer as JSON', async (action, args) => {
    server.reply(found);
    const options = ['--instance', 'shoes', '--json', ...KEY];
    const { printed } = await likeness('search', ...args, ...options);
    expect(actionsAsked()).toEqual([action]);
    expect(JSON.parse(printed)).toMatchObject({ auctions: [{ productId: 'p1', score: 0.98765 }] });
  });

  test.each([
    ['nothing to search by', []],
    ['two things to search by', ['query.jpg', '--name', 'p1', 'front']],
    ['a text and a stored picture', ['--text', 'red', '--name', 'p1', 'front']],
    ['a region of a text', ['--text', 'red', '--region', '0,9,0,9']],
    ['a region of a stored picture', ['--name', 'p1', 'front', '--region', '0,9,0,9']],
    ['a score of a filter', ['--filter', 'int_attr > 1', '--score-threshold', '0.5']],
    ['the whole picture of a filter', ['--filter', 'int_attr > 1', '--no-crop']],
    ['a name of three parts', ['--name', 'p1', 'front', 'extra']],
    ['tags of an instance', ['--text', 'red', '--tag', 'color=red']],
    ['an instance and a library', ['--text', 'red', '--library', 'tops']],
  ])('refuses %s', async (_what, args) => {
    const { complaints, failed } = await likeness('search', ...args, '--instance', 'shoes', ...KEY);
    expect(complaints).not.toBe('');
    expect(failed).toBe(true);
    expect(server.requests).toHaveLength(0);
  });

  test('tells which file cannot be read', async () => {
    const { complaints } = await likeness('search', 'missing.jpg', '--instance', 'shoes', ...KEY);
    expect(complaints).toContain('missing.jpg');
  });
});

describe('the launcher, against a running server', () => {
  let live: LaunchedServer;
  beforeAll(async () => {
    live = await launchServer();
  });
  afterAll(() => live?.stop());

  const launcher = fileURLToPath(new URL('../../bin/likeness.js', import.meta.url));
  const type = (...args: string[]) =>
    runProgram(process.execPath, [launcher, ...args], { cwd: folder, env: live.clientEnvironment });

  test('creates an instance, fills it from a folder, searches and empties it', async () => {
    await writePicture(folder, 'box.jpg', { shape: 'box', colour: 'firebrick' });
    await writePicture(folder, 'circle.jpg', { shape: 'circle', colour: 'navy' });
    const inShoes = ['--instance', 'shoes'];
    const steps: readonly [string[], RegExp][] = [
      [
        ['instances', 'create', 'shoes', '--service-type', 'generic'],
        /^created shoes \(generic\)\n$/,
      ],
      [['add', folder, ...inShoes, '--int-attr', '5'], /^added 2 pictures to shoes\n$/],
      [
        ['search', 'box.jpg', ...inShoes],
        /1 │ 1\.0000 │ box +│ box\.jpg.*int_attr=5[\s\S]*2 of 2 found/,
      ],
      [['search', '--name', 'circle', 'circle.jpg', ...inShoes, '--num', '1'], /1 of 2 found/],
      [
        ['search', '--text', '红色 shoes', ...inShoes],
        /1 │ [01]\.\d{4} │[\s\S]*2 of 2 found, exact/,
      ],
      [['search', '--filter', 'int_attr > 5', ...inShoes], /0 of 0 found/],
      [['instances', 'update', 'shoes', '--qps', '9'], /searches a second +│ 9/],
      [['instances', 'update', 'shoes', '--delete-qps', '3'], /updates a second +│ 3/],
      [['instances', 'list'], /shoes +│ generic +│ ready +│ 2 /],
      [['instances', 'show', 'shoes', '--json'], /"imageCount": 2/],
      [['instances', 'clear', 'shoes'], /^removed 2 pictures from shoes\n$/],
      [['instances', 'delete', 'shoes'], /^deleted shoes with 0 pictures\n$/],
    ];
    for (const [args, expected] of steps) {
      const { code, output } = await type(...args);
      expect(output).toMatch(expected);
      expect(code).toBe(0);
    }
    const missing = await type('instances', 'show', 'shoes');
    expect(missing.output).toMatch(/^InvalidInstance: .* \(request [0-9A-F-]+\)\n$/);
    expect(missing.code).toBe(1);
  }, 180_000);

  test('creates a library, fills it, searches it in every way and ends it', async () => {
    await writePicture(folder, 'box.jpg', { shape: 'box', colour: 'firebrick' });
    await writePicture(folder, 'circle.jpg', { shape: 'circle', colour: 'navy' });
    const inTops = ['--library', 'tops'];
    const steps: readonly [string[], RegExp][] = [
      [
        ['libraries', 'create', 'tops', '--mode', 'general_search', '--description', 'Of shop A'],
        /^created tops \(general_search\)\n$/,
      ],
      [
        ['add', 'box.jpg', ...inTops, '--tag', 'color=red', '--tag', 'price=50'],
        /^added 1 picture to tops\n$/,
      ],
      [
        ['add', 'circle.jpg', ...inTops, '--tag', 'color=blue', '--no-save-image', '--json'],
        /"productId": "circle"/,
      ],
      [
        ['search', 'box.jpg', ...inTops, '--tag', 'price>=50'],
        /1 │ 1\.0000 │ box +│ box\.jpg +│ color=red price=50[\s\S]*1 of 1 found\n$/,
      ],
      [
        ['search', ...inTops, '--text', 'white T-shirt', '--tag', 'color!=["red","white"]'],
        /circle[\s\S]*1 of 1 found, matched by (?:embedding|words)\n$/,
      ],
      [['search', 'box.jpg', ...inTops, '--text', 'red', '--text-weight', '1'], /2 of 2 found/],
      [
        ['search', ...inTops, '--name', 'box', 'box.jpg', '--num', '1', '--json'],
        /"imageId": "box"[\s\S]*"total": 2/,
      ],
      [
        ['search', ...inTops, '--text', 'red', '--tag-filter', '{"or":[]}'],
        /^INVALID_TAG_FILTER: tag_filter\S* expected .* \(request [0-9A-F-]+\)\n$/,
      ],
      [
        ['libraries', 'list', '--prefix', 'to'],
        /tops +│ general_search +│ ready +│ 2 +│ Of shop A/,
      ],
      [['libraries', 'update', 'tops', '--qps', '9'], /searches a second +│ 9/],
      [['libraries', 'info', 'tops'], /searched by text in +│ en, zh/],
      [['libraries', 'delete', 'tops'], /^deleted tops with 2 pictures\n$/],
    ];
    for (const [args, expected] of steps) {
      const { code, output } = await type(...args);
      expect(output).toMatch(expected);
      expect(code).toBe(output.startsWith('INVALID') ? 1 : 0);
    }
  }, 180_000);
});
