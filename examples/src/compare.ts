/**
 * Tells how alike two pictures are. Neither is stored; the instance decides how they are looked at.
 *
 *     npm run build && node examples/dist/compare.js shoes ours.jpg theirs.jpg
 */
import { ImageSearchClient } from '@likeness/sdk';
import { fromFile } from '@likeness/sdk/node';

const [instanceName = 'shoes', ours = 'ours.jpg', theirs = 'theirs.jpg'] = process.argv.slice(2);
const client = new ImageSearchClient({
  endpoint: process.env['LIKENESS_ENDPOINT'] ?? 'http://127.0.0.1:8000',
  accessKeyId: process.env['LIKENESS_ACCESS_KEY_ID'] ?? '',
  accessKeySecret: process.env['LIKENESS_ACCESS_KEY_SECRET'] ?? '',
});

const { score } = await client.compareSimilarByImage({
  instanceName,
  primaryPicContent: fromFile(ours),
  secondaryPicContent: fromFile(theirs),
});
console.log(`score ${score.toFixed(2)}: ${describe(score)}`);

function describe(score: number): string {
  if (score > 0.9) return 'nearly the same picture';
  if (score > 0.7) return 'clearly similar';
  return score < 0.5 ? 'unrelated' : 'somewhat similar';
}
