/** Headers that a page may always send. */
const SAFE_REQUEST_HEADERS: ReadonlySet<string> = new Set(['accept', 'accept-language']);
/** Headers of an answer that a page always sees. */
const SAFE_ANSWER_HEADERS: ReadonlySet<string> = new Set(['content-type', 'content-length']);

/**
 * `fetch` as a browser gives it to a page of `origin`: it asks first whether the page may, and shows no
 * more than the server allows.
 */
export function createPageFetch(origin: string): typeof fetch {
  return async (input, init) => {
    const headers = new Headers(init?.headers);
    const asked = [...headers.keys()].filter((name) => !SAFE_REQUEST_HEADERS.has(name));
    const preflight = await fetch(input, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': init?.method ?? 'GET',
        'access-control-request-headers': asked.join(','),
      },
    });
    requireOrigin(preflight, origin);
    const allowed = listOf(preflight, 'access-control-allow-headers');
    const refused = asked.find((name) => !allowed.includes(name));
    if (!preflight.ok || refused !== undefined) throw new TypeError(`CORS: ${refused} is refused`);
    headers.set('origin', origin);
    const answer = await fetch(input, { ...init, headers });
    requireOrigin(answer, origin);
    return hideHeaders(answer);
  };
}

function requireOrigin(answer: Response, origin: string): void {
  const allowed = answer.headers.get('access-control-allow-origin');
  if (allowed !== origin && allowed !== '*') throw new TypeError('CORS: the origin is refused');
}

async function hideHeaders(answer: Response): Promise<Response> {
  const exposed = listOf(answer, 'access-control-expose-headers');
  const seen = [...answer.headers].filter(
    ([name]) => SAFE_ANSWER_HEADERS.has(name) || exposed.includes(name),
  );
  return new Response(await answer.text(), { status: answer.status, headers: seen });
}

function listOf(answer: Response, name: string): readonly string[] {
  const items = (answer.headers.get(name) ?? '').split(',');
  return items.map((item) => item.trim().toLowerCase());
}
