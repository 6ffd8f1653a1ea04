import type { SearchCall } from './search-request.ts';

/** Version of the API that the searches belong to. */
const API_VERSION = '2020-12-14';

/** The call as a program with the SDK makes it. */
export function sdkCode(call: SearchCall, fileName: string): string {
  const hasPicture = call.method === 'searchImageByPic';
  const fields = Object.entries(call.request).map(
    ([name, value]) => `  ${name}: ${JSON.stringify(value)},`,
  );
  if (hasPicture) fields.push(`  picContent: fromFile(${JSON.stringify(fileName)}),`);
  return [
    "import { ImageSearchClient } from '@likeness/sdk';",
    ...(hasPicture ? ["import { fromFile } from '@likeness/sdk/node';"] : []),
    '',
    'const client = new ImageSearchClient({',
    `  endpoint: ${JSON.stringify(location.origin)},`,
    '  accessKeyId: process.env.LIKENESS_ACCESS_KEY_ID,',
    '  accessKeySecret: process.env.LIKENESS_ACCESS_KEY_SECRET,',
    '});',
    `const answer = await client.${call.method}({`,
    ...fields,
    '});',
    'console.log(answer.auctions);',
  ].join('\n');
}

/** The call as a shell with curl and openssl makes it: signed when it runs, with the key of its environment. */
export function curlScript(call: SearchCall, fileName: string): string {
  const action = capitalised(call.method);
  const values: Readonly<Record<string, string | number | boolean>> = { ...call.request };
  const fields = Object.entries(values).map(
    ([name, value]) => `${capitalised(name)}=${encodeFormValue(String(value))}`,
  );
  const form = fields.join('&');
  const isPicture = call.method === 'searchImageByPic';
  return [
    `endpoint=${quoted(location.origin)}`,
    'host=${endpoint#*://}',
    'date=$(date -u +%Y-%m-%dT%H:%M:%SZ)',
    'nonce=$(openssl rand -hex 16)',
    'hex() { openssl dgst -sha256 -r "$@" | cut -d " " -f 1; }',
    'body=$(mktemp)',
    isPicture
      ? `{ printf %s ${quoted(`${form}&PicContent=`)}; openssl base64 -A -in ${quoted(fileName)} | sed 's/+/%2B/g; s,/,%2F,g; s/=/%3D/g'; } >"$body"`
      : `printf %s ${quoted(form)} >"$body"`,
    'hash=$(hex "$body")',
    "names='content-type;host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version'",
    'headers="content-type:application/x-www-form-urlencoded',
    'host:$host',
    `x-acs-action:${action}`,
    'x-acs-content-sha256:$hash',
    'x-acs-date:$date',
    'x-acs-signature-nonce:$nonce',
    `x-acs-version:${API_VERSION}"`,
    String.raw`canonical=$(printf 'POST\n/\n\n%s\n\n%s\n%s' "$headers" "$names" "$hash" | hex)`,
    String.raw`signature=$(printf 'ACS3-HMAC-SHA256\n%s' "$canonical" | hex -hmac "$LIKENESS_ACCESS_KEY_SECRET")`,
    String.raw`printf '%s\n' "$headers" | sed 's/:/: /' | curl -sS --header @- \ `.trimEnd(),
    String.raw`  --header "Authorization: ACS3-HMAC-SHA256 Credential=$LIKENESS_ACCESS_KEY_ID,SignedHeaders=$names,Signature=$signature" \ `.trimEnd(),
    '  --data-binary "@$body" "$endpoint/"',
  ].join('\n');
}

function capitalised(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function encodeFormValue(text: string): string {
  return encodeURIComponent(text).replaceAll(/[!'()*]/gu, (character) => {
    return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
  });
}

/** For a POSIX shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
