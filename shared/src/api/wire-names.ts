/** `picContent` → `PicContent`: how the wire writes a field of the SDK. */
export function toWireName(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** `PicContent` → `picContent`: how the SDK writes a field of the wire. */
export function fromWireName(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

/** `imageUri` → `image_uri`: how the operator API writes a field of the SDK. */
export function toOperatorName(name: string): string {
  return name.replaceAll(/[A-Z]/gu, (letter) => `_${letter.toLowerCase()}`);
}

/**
 * A copy of a parsed JSON body with every object's keys as the SDK writes them, at any depth. Names of
 * tags are the customer's, and stay as they are.
 */
export function fromWireBody(body: unknown): unknown {
  if (Array.isArray(body)) return body.map(fromWireBody);
  if (typeof body !== 'object' || body === null) return body;
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [
      fromWireName(name),
      name === 'Tags' ? value : fromWireBody(value),
    ]),
  );
}
