/** The hashes a signature needs. The SDK passes `@noble/hashes`, the server `node:crypto`. */
export interface HashFunctions {
  sha256(data: Uint8Array): Uint8Array;
  hmacSha256(key: Uint8Array, data: Uint8Array): Uint8Array;
  hmacSha1(key: Uint8Array, data: Uint8Array): Uint8Array;
}
