/**
 * Orders texts by code point, which is the order of their UTF-8 bytes. UTF-16 differs from it where a
 * surrogate meets a unit from U+E000 on.
 *
 * @returns negative, 0 or positive
 */
export function compareCodePoints(left: string, right: string): number {
  if (left === right) return 0;
  const length = Math.min(left.length, right.length);
  for (let i = 0; i < length; i += 1) {
    const a = left.charCodeAt(i);
    const b = right.charCodeAt(i);
    if (a !== b) return rankOf(a) - rankOf(b);
  }
  return left.length - right.length;
}

/** Puts surrogates, of code points above U+FFFF, after all other units. */
function rankOf(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
