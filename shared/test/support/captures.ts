import { readFileSync } from 'node:fs';

/** One line of shared/test/vectors/captures.jsonl; its README tells the fields. */
export interface Capture {
  readonly name: string;
  readonly scheme: 'ACS3' | 'RPC-V1' | 'ROA-V1';
  readonly method: string;
  readonly url: string;
  readonly rawHeaders: readonly string[];
  readonly bodyBase64: string;
  readonly derived: {
    readonly canonical?: string;
    readonly stringToSign: string;
    readonly signature: string;
  };
}

/** What the vendor's SDKs sent, all signed with key `testid` and secret `testsecret`. */
export const CAPTURES: readonly Capture[] = readFileSync(
  new URL('../vectors/captures.jsonl', import.meta.url),
  'utf8',
)
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Capture);
