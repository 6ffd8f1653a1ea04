// Reads texts by the tokenizer as the server does and compares the token numbers with those that Python gave.
//
//     node check.mjs BUILD/tokenizer.json BUILD/tokens.json
//
// tokens.json (written by validate.py): [[text, [numbers]], ...].
import { readFileSync } from 'node:fs';
import { Tokenizer } from '@huggingface/tokenizers';

const [tokenizerFile, textsFile] = process.argv.slice(2);
const tokenizer = new Tokenizer(JSON.parse(readFileSync(tokenizerFile, 'utf8')), {});
const texts = JSON.parse(readFileSync(textsFile, 'utf8'));
const wrong = texts.filter(([text, ids]) => {
  const found = tokenizer.encode(text, { add_special_tokens: false }).ids;
  return JSON.stringify(found) !== JSON.stringify(ids);
});
for (const [text, ids] of wrong.slice(0, 20)) {
  console.error(
    JSON.stringify(text),
    ids,
    tokenizer.encode(text, { add_special_tokens: false }).ids,
  );
}
console.log(`${texts.length} texts, ${wrong.length} read otherwise`);
process.exitCode = wrong.length > 0 ? 1 : 0;
