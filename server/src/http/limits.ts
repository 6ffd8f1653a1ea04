/** Bytes of a body: two 4 MiB pictures, Base64 and percent-encoded (docs/wire-protocol.md, Transport). */
export const MAX_BODY_BYTES = 13 * 1024 * 1024;

/** Of the operator API: a 4 MiB picture in Base64, tags and a filter. */
export const MAX_JSON_BODY_BYTES = 8 * 1024 * 1024;

/** Of the operator API: a 4 MiB picture as it is, and tags. */
export const MAX_MULTIPART_BODY_BYTES = 5 * 1024 * 1024;

/** Memory that is kept for the next bodies and their pictures: two 4 MiB pictures, or some twenty of 430 KB. */
export const MAX_IDLE_BODY_BYTES = 32 * 1024 * 1024;

/** From the end of the head to the end of the body; then `TimeoutForTransferImage`, as documented. */
export const BODY_TIMEOUT_MS = 5000;

/** How often the pace of a body is looked at. */
export const BODY_PACE_INTERVAL_MS = 1000;

/** From the second look on a body of over 64 KB must have come at this share of the pace that brings it in time. */
export const MIN_BODY_PACE = 0.1;

/** A body over this is parsed, signed and decoded in a thread: 5.9 MB would hold the main thread for 150 ms. */
export const MAX_INLINE_FORM_BYTES = 64 * 1024;

/** Of one request; Node reads no more. A signed one has some twenty. */
export const MAX_HEADERS = 200;

/** From the first byte, or from connecting, to the end of the head. */
export const HEAD_TIMEOUT_MS = 10_000;

/** From the first byte to the end of the body: a backstop behind the two above. */
export const REQUEST_TIMEOUT_MS = 30_000;

/** How often Node looks for heads and requests that are too slow. */
export const TIMEOUT_CHECK_INTERVAL_MS = 1000;

/** Longer than any SDK keeps an idle connection: Node's never resends on a dead one (docs/wire-protocol.md, Transport). */
export const KEEP_ALIVE_TIMEOUT_MS = 90_000;

/** A GET may carry a filter and a custom content of 4,096 characters each, three bytes escaped for each. */
export const MAX_HEAD_BYTES = 128 * 1024;

/** Requests that are worked on at once: their bodies are here, their answers are not. */
export const MAX_REQUESTS = 4096;

/** Of one client address. */
export const MAX_REQUESTS_PER_CLIENT = 1024;

/** Requests that a connection may send before it has the answers; no SDK sends any. */
export const MAX_PIPELINED = 16;

/** A client that has not taken its answer by then is cut off. */
export const REPLY_TIMEOUT_MS = 30_000;

/** What a request waits for that found no memory for its body. */
export const BODY_RETRY_AFTER_MS = 1000;

/** How long an unread body is swallowed after its refusal was sent, so that the client reads the refusal. */
export const LINGER_MS = 2000;

/** Answers of fewer bytes are not worth compressing. */
export const MIN_GZIP_BYTES = 1400;

/** How long a stop waits for requests in flight. */
export const STOP_GRACE_MS = 30_000;

/** Bytes of an upload's form: a picture of 4 MiB, and what stands around it. */
export const MAX_UPLOAD_BODY_BYTES = (4 * 1024 + 64) * 1024;

/** Bytes of all fields of an upload's form. */
export const MAX_UPLOAD_FIELD_BYTES = 16 * 1024;

/** From the end of the head to the end of an upload, which is on the disk as it comes, and in nobody's way. */
export const UPLOAD_TIMEOUT_MS = 25_000;

/** Uploads that arrive at once. */
export const MAX_UPLOADS = 256;

/** Of one access key. */
export const MAX_UPLOADS_PER_KEY = 64;

/** Parameters of a query, and of a form: an action takes some twenty, a signature ten more. */
export const MAX_PARAMETERS = 1000;

/** Bytes of pictures on their way to clients at once; one more is refused. */
export const MAX_SENDING_BYTES = 256 * 1024 * 1024;

/** How long a picture may be on its way: 4 MB at half a megabit a second. */
export const SEND_TIMEOUT_MS = 60_000;

/** How long an answer with many pictures may be on its way: half a gigabyte at a megabyte a second. */
export const ANSWER_TIMEOUT_MS = 10 * 60_000;
