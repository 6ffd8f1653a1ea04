import { API_VERSIONS, OPERATOR_PREFIX, toOperatorName, toWireName } from '@likeness/shared/api';
import { percentEncode } from '@likeness/shared/encoding';

import type { InstanceCall } from './instance-search.ts';
import type { LibraryCall } from './library-search.ts';
import { needsFile, type SearchCall } from './search-request.ts';

const OPERATION_OF = {
  searchByImage: 'by-image',
  searchByText: 'by-text',
  searchByImageAndText: 'by-image-and-text',
  similar: 'similar',
} as const satisfies Readonly<Record<LibraryCall['method'], string>>;

/** A call as it goes over the wire, without the headers that sign it. */
interface WireCall {
  readonly path: string;
  readonly contentType: string;
  /** Of the RPC API. */
  readonly action?: string;
  /** The body; of one with a picture, what stands before it, and behind it. */
  readonly body: readonly [string] | readonly [before: string, behind: string];
  /** Changes the picture's Base64 for where it stands. */
  readonly escape?: string;
}

/** The call as a shell with curl and openssl makes it: signed when it runs, with the key of its environment. */
export function curlScript(call: SearchCall, fileName: string): string {
  const { path, contentType, action, body, escape } =
    call.kind === 'instance' ? instanceOnWire(call) : libraryOnWire(call);
  const [before, behind] = body;
  const picture = `openssl base64 -A -in ${quoted(fileName)}${escape ?? ''}`;
  const tail = behind === undefined || behind === '' ? '' : ` printf %s ${quoted(behind)};`;
  const names = [
    'content-type;host',
    ...(action === undefined ? [] : ['x-acs-action']),
    'x-acs-content-sha256;x-acs-date;x-acs-signature-nonce',
    ...(action === undefined ? [] : ['x-acs-version']),
  ].join(';');
  const headers = [
    `content-type:${contentType}`,
    'host:$host',
    ...(action === undefined ? [] : [`x-acs-action:${action}`]),
    'x-acs-content-sha256:$hash',
    'x-acs-date:$date',
    'x-acs-signature-nonce:$nonce',
    ...(action === undefined ? [] : [`x-acs-version:${API_VERSIONS.CURRENT}`]),
  ].join('\n');
  return [
    `endpoint=${quoted(location.origin)}`,
    'host=${endpoint#*://}',
    'date=$(date -u +%Y-%m-%dT%H:%M:%SZ)',
    'nonce=$(openssl rand -hex 16)',
    'hex() { openssl dgst -sha256 -r "$@" | cut -d " " -f 1; }',
    'body=$(mktemp)',
    behind === undefined
      ? `printf %s ${quoted(before)} >"$body"`
      : `{ printf %s ${quoted(before)}; ${picture};${tail} } >"$body"`,
    'hash=$(hex "$body")',
    `names='${names}'`,
    `headers="${headers}"`,
    String.raw`canonical=$(printf 'POST\n${path}\n\n%s\n\n%s\n%s' "$headers" "$names" "$hash" | hex)`,
    String.raw`signature=$(printf 'ACS3-HMAC-SHA256\n%s' "$canonical" | hex -hmac "$LIKENESS_ACCESS_KEY_SECRET")`,
    String.raw`printf '%s\n' "$headers" | sed 's/:/: /' | curl -sS --header @- \ `.trimEnd(),
    String.raw`  --header "Authorization: ACS3-HMAC-SHA256 Credential=$LIKENESS_ACCESS_KEY_ID,SignedHeaders=$names,Signature=$signature" \ `.trimEnd(),
    `  --data-binary "@$body" "$endpoint${path}"`,
  ].join('\n');
}

function instanceOnWire(call: InstanceCall): WireCall {
  const values: Readonly<Record<string, string | number | boolean>> = { ...call.request };
  const form = Object.entries(values)
    .map(([name, value]) => `${toWireName(name)}=${percentEncode(String(value))}`)
    .join('&');
  return {
    path: '/',
    contentType: 'application/x-www-form-urlencoded',
    action: toWireName(call.method),
    body: needsFile(call) ? [`${form}&PicContent=`, ''] : [form],
    escape: " | sed 's/+/%2B/g; s,/,%2F,g; s/=/%3D/g'",
  };
}

function libraryOnWire(call: LibraryCall): WireCall {
  const fields = Object.entries({ libraryName: call.library, ...call.request });
  const json = JSON.stringify(
    Object.fromEntries(fields.map(([name, value]) => [toOperatorName(name), value])),
  );
  return {
    path: `${OPERATOR_PREFIX}/search/${OPERATION_OF[call.method]}`,
    contentType: 'application/json',
    body: needsFile(call) ? [`${json.slice(0, -1)},"image_base64":"`, '"}'] : [json],
  };
}

/** For a POSIX shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
