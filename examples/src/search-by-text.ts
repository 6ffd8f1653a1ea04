/**
 * Searches an instance by a text: the ten products that look most like what it says.
 *
 *     npm run build && node examples/dist/search-by-text.js shoes "red running shoes"
 *
 * Multimodal and generic instances are searched so. The languages are those of the server's model pack; a text that
 * it does not know is looked for in names and attributes, word by word.
 */
import { ImageSearchClient } from '@likeness/sdk';

const [instanceName = 'shoes', text = 'red running shoes'] = process.argv.slice(2);
const client = new ImageSearchClient({
  endpoint: process.env['LIKENESS_ENDPOINT'] ?? 'http://127.0.0.1:8000',
  accessKeyId: process.env['LIKENESS_ACCESS_KEY_ID'] ?? '',
  accessKeySecret: process.env['LIKENESS_ACCESS_KEY_SECRET'] ?? '',
});

const { head, auctions } = await client.searchImageByText({
  instanceName,
  text,
  distinctProductId: true,
});
if (head.matchedBy === 'words') console.log('The model does not know this text; found by words:');
for (const hit of auctions) console.log(hit.score.toFixed(2), hit.productId, hit.picName);
