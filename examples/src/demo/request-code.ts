import { basename } from 'node:path';

import type { PlannedSearch } from './shop.ts';

const METHODS = {
  picture: 'searchImageByPic',
  name: 'searchImageByName',
  text: 'searchImageByText',
  filter: 'searchImageByFilter',
} as const;

/** The call of the SDK that a search is, as a user would write it. */
export function writeRequestCode({ by, instanceName, fields }: PlannedSearch): string {
  const rows = [`instanceName: ${quote(instanceName)}`];
  if (by.kind === 'picture') rows.push(`picContent: fromFile(${quote(basename(by.path))})`);
  if (by.kind === 'text') rows.push(`text: ${quote(by.text)}`);
  if (by.kind === 'name') {
    rows.push(`productId: ${quote(by.picture.productId)}`, `picName: ${quote(by.picture.picName)}`);
  }
  for (const [name, value] of Object.entries(fields)) {
    rows.push(`${name}: ${typeof value === 'string' ? quote(value) : String(value)}`);
  }
  const body = rows.map((row) => `  ${row},\n`).join('');
  return `const { auctions, head } = await client.${METHODS[by.kind]}({\n${body}});`;
}

const quote = (text: string): string =>
  `'${text.replaceAll('\\', '\\\\').replaceAll("'", String.raw`\'`)}'`;
