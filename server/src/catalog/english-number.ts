/** Endings of one and of many, as nouns of a shop's language have them. All that fit are tried: no picture has a word that there is not. */
const ENDINGS: readonly (readonly [RegExp, string])[] = [
  [/man$/u, 'men'],
  [/child$/u, 'children'],
  [/foot$/u, 'feet'],
  [/([^aeiou])y$/u, '$1ies'],
  [/(s|x|z|ch|sh|o)$/u, '$1es'],
  [/fe?$/u, 'ves'],
  [/([^s])$/u, '$1s'],
  [/men$/u, 'man'],
  [/children$/u, 'child'],
  [/feet$/u, 'foot'],
  [/([^aeiou])ies$/u, '$1y'],
  [/(s|x|z|ch|sh|o)es$/u, '$1'],
  [/ves$/u, 'f'],
  [/ves$/u, 'fe'],
  [/([^siu])s$/u, '$1'],
];

/** Shorter words are articles and sizes. */
const MIN_LETTERS = 3;
const IS_ENGLISH = /^[a-z]+$/u;

/** An English noun in the other number, as far as its ending tells: `shirt` and `shirts`. Empty for other words. */
export function otherNumbers(word: string): readonly string[] {
  if (word.length < MIN_LETTERS || !IS_ENGLISH.test(word)) return [];
  const fitting = ENDINGS.filter(([ending]) => ending.test(word));
  return fitting.map(([ending, other]) => word.replace(ending, other));
}
