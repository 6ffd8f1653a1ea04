/** Headers by lower-case name; several of one name as an array. */
export type SignableHeaders = Readonly<Record<string, string | readonly string[]>>;

/** The value as it is signed: trimmed; several sorted and joined by commas; absent is empty. */
export function signedValue(headers: SignableHeaders, name: string): string {
  const value = Object.hasOwn(headers, name) ? headers[name] : undefined;
  if (value === undefined) return '';
  if (typeof value === 'string') return value.trim();
  return value
    .map((each) => each.trim())
    .toSorted()
    .join(',');
}
