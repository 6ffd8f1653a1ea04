import { createHash } from 'node:crypto';

import { exampleRequest } from './example-request.ts';
import type { OpenApiDocument } from './openapi-document.ts';
import {
  describeType,
  listFields,
  listOperations,
  type DescribedField,
  type DescribedOperation,
} from './read-document.ts';

const STYLE = `
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 60rem; padding: 1rem 1.25rem 4rem; }
h1 { margin-bottom: 0; } h2 { border-top: 1px solid #8886; margin-top: 3rem; padding-top: 1rem; }
h3 { margin-top: 2.5rem; } code, pre { font: 14px/1.45 ui-monospace, monospace; }
pre { background: #8881; border-radius: 6px; overflow-x: auto; padding: 0.75rem 1rem; }
table { border-collapse: collapse; margin: 0.75rem 0; width: 100%; }
th, td { border-bottom: 1px solid #8884; padding: 0.35rem 0.75rem 0.35rem 0; text-align: left; vertical-align: top; }
nav ul { columns: 2; list-style: none; padding: 0; } a { color: inherit; }
`;

/** What the page's policy lets be its style. */
export const DOCS_STYLE_HASH = `sha256-${createHash('sha256').update(STYLE).digest('base64')}`;

const STATUS_NOTE =
  'Every answer is {"status", "message", "data"}. With HTTP 200 status is SUCCESS and message is null; else status says why, message names the field and what was expected, and data is null.';

/** The document as one page that needs nothing else. */
export function renderDocs(document: OpenApiDocument, url: string): string {
  const operations = listOperations(document);
  const { title, version, description = '' } = document.info;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escapeHtml(title)}</h1>
<p>Version ${escapeHtml(version)}. ${escapeHtml(description)} The same for programs: <a href="/openapi.json">/openapi.json</a>.</p>
<nav><ul>
${operations.map(({ id, summary }) => `<li><a href="#${escapeHtml(id)}">${escapeHtml(summary)}</a></li>`).join('\n')}
</ul></nav>
<h2>Access</h2>
<p>Programs on the server's own machine need no key where nobody else reaches the port. Everybody else sends one:</p>
<pre><code>-H 'Authorization: Bearer ID:SECRET'</code></pre>
<h2>Answers</h2>
<p>${escapeHtml(STATUS_NOTE)}</p>
<h2>Operations</h2>
${operations.map((operation) => renderOperation(document, operation, url)).join('\n')}
<h2>tag_filter</h2>
<p>${escapeHtml(document.components?.schemas?.['TagFilter']?.description ?? '')}</p>
<pre><code>${escapeHtml(FILTER_EXAMPLE)}</code></pre>
</body>
</html>
`;
}

const FILTER_EXAMPLE = `[
  {"field": "category", "op": "!=", "value": "pants"},
  {"or": [
    {"field": "color", "op": "in", "value": ["white", "beige"]},
    {"field": "price", "op": "<=", "value": 200}
  ]}
]`;

function renderOperation(
  document: OpenApiDocument,
  operation: DescribedOperation,
  url: string,
): string {
  const { id, method, path, summary, description, request, answer } = operation;
  return `<h3 id="${escapeHtml(id)}">${escapeHtml(summary)}</h3>
<p><code>${escapeHtml(`${method} ${path}`)}</code></p>
<p>${escapeHtml(description)}</p>
${renderFields(document, request, true)}
<pre><code>${escapeHtml(exampleRequest(document, operation, url))}</code></pre>
<p>Answers in <code>data</code>:</p>
${renderFields(document, listFields(document, answer), false)}`;
}

function renderFields(
  document: OpenApiDocument,
  fields: readonly DescribedField[],
  isRequest: boolean,
): string {
  const rows = fields.map(({ name, schema, isRequired, description, fallback }) => {
    const note = isRequest ? (isRequired ? 'required' : (fallback ?? '')) : '';
    const cells = [
      `<code>${escapeHtml(name)}</code>`,
      escapeHtml(describeType(document, schema)),
      ...(isRequest ? [escapeHtml(note)] : []),
      escapeHtml(description),
    ];
    return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
  });
  const heads = ['Field', 'Type', ...(isRequest ? ['Default'] : []), 'Meaning'];
  return `<table><thead><tr>${heads.map((head) => `<th>${head}</th>`).join('')}</tr></thead>
<tbody>${rows.join('\n')}</tbody></table>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/gu, (character) => ENTITIES[character] ?? '');
}
