/** An element that holds elements of text. */
export interface XmlElement {
  readonly name: string;
  readonly texts: Readonly<Record<string, string>>;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** A document of one element. Names are ours; texts are anybody's. */
export function formatXml({ name, texts }: XmlElement): string {
  const inner = Object.entries(texts).map(
    ([each, text]) => `<${each}>${escapeText(text)}</${each}>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${name}>${inner.join('')}</${name}>\n`;
}

/** XML 1.0 has no way to write most control characters. */
function escapeText(text: string): string {
  return text
    .replaceAll(/(?![\t\n\r])[\p{Cc}\uFFFE\uFFFF]/gu, '\uFFFD')
    .replaceAll(/[&<>"']/gu, (character) => ENTITIES[character] ?? '');
}
