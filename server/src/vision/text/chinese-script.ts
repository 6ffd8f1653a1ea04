/** Rewrites a text that was normalised before. */
export type TextRewriter = (text: string) => string;

/** Traditional Chinese characters (of Taiwan and Hong Kong too) as the simplified ones of the mainland. */
export async function loadSimplifier(): Promise<TextRewriter> {
  // 100 KB of tables: loaded only for a pack that wants them.
  const { Converter } = await import('opencc-js/t2cn');
  return Converter({ from: 't', to: 'cn' });
}

/** Simplified Chinese characters as the traditional ones. */
export async function loadTraditionalizer(): Promise<TextRewriter> {
  const { Converter } = await import('opencc-js/cn2t');
  return Converter({ from: 'cn', to: 't' });
}
