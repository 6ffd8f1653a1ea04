/**
 * The two globals this package takes from its surroundings. Node and every browser have them, the
 * ECMAScript library does not, and this package is compiled against nothing else.
 */
declare const TextEncoder: new () => { encode(text: string): Uint8Array<ArrayBuffer> };
declare const TextDecoder: new (label: 'utf-8') => { decode(bytes: Uint8Array): string };

export const utf8Encoder = new TextEncoder();
export const utf8Decoder = new TextDecoder('utf-8');
