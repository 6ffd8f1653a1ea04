import { needsFile, type SearchCall } from './search-request.ts';

/** The call as a program with the SDK makes it. */
export function sdkCode(call: SearchCall, fileName: string): string {
  const hasPicture = needsFile(call);
  const fields = Object.entries(call.request).map(
    ([name, value]) => `  ${name}: ${JSON.stringify(value)},`,
  );
  if (hasPicture) {
    const name = call.kind === 'instance' ? 'picContent' : 'image';
    fields.push(`  ${name}: fromFile(${JSON.stringify(fileName)}),`);
  }
  const searched =
    call.kind === 'instance' ? 'client' : `client.library(${JSON.stringify(call.library)})`;
  return [
    "import { ImageSearchClient } from '@likeness/sdk';",
    ...(hasPicture ? ["import { fromFile } from '@likeness/sdk/node';"] : []),
    '',
    'const client = new ImageSearchClient({',
    `  endpoint: ${JSON.stringify(location.origin)},`,
    '  accessKeyId: process.env.LIKENESS_ACCESS_KEY_ID,',
    '  accessKeySecret: process.env.LIKENESS_ACCESS_KEY_SECRET,',
    '});',
    `const answer = await ${searched}.${call.method}({`,
    ...fields,
    '});',
    `console.log(answer.${call.kind === 'instance' ? 'auctions' : 'results'});`,
  ].join('\n');
}
