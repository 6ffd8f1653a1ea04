/** Runs of white space, of any kind that Unicode knows. */
const SPACES = /\s+/gu;

/**
 * One way to write a text: compatibility forms (full width, ligatures) become plain ones, upper case
 * becomes lower case, white space becomes single spaces, none at the ends.
 *
 * A pack's texts are written this way before its tokenizer sees them, in training too.
 */
export function normalizeText(text: string): string {
  return text.normalize('NFKC').toLowerCase().replaceAll(SPACES, ' ').trim();
}
