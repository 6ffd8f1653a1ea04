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

/** Rewrites a text that was normalised before. */
export type TextRewriter = (text: string) => string;

/** Traditional Chinese characters (of Taiwan and Hong Kong too) as the simplified ones of the mainland. */
export async function loadSimplifier(): Promise<TextRewriter> {
  // 100 KB of tables: loaded only for a pack that wants them.
  const { Converter } = await import('opencc-js/t2cn');
  return Converter({ from: 't', to: 'cn' });
}
