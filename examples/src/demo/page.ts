import { basename } from 'node:path';

import type { ImportResult } from './import-pictures.ts';
import { PAGE_STYLE } from './page-style.ts';
import { writeRequestCode } from './request-code.ts';
import type { Finding, Hit } from './run-searches.ts';
import { queryPath } from './shop.ts';
import type { Shop } from './shop.ts';
import { countFound, median } from './summary.ts';
import { Thumbnails } from './thumbnails.ts';
import type { Thumbnail } from './thumbnails.ts';

const QUERY_SIDE_PX = 420;
const HIT_SIDE_PX = 280;
/** Nothing but what the page itself holds. */
const CONTENT_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

/** One self-contained page: every search beside its hits. */
export async function drawPage(
  shop: Shop,
  imported: ImportResult,
  findings: readonly Finding[],
): Promise<string> {
  const thumbnails = new Thumbnails();
  const paths = new Map(
    shop.pictures.map(({ path, productId, picName }) => [keyOf(productId, picName), path]),
  );
  const sections: string[] = [];
  for (const [title, note] of Object.entries(shop.notes)) {
    const cards = findings
      .filter(({ search }) => search.section === title)
      .map((finding) => drawCard(finding, paths, thumbnails));
    sections.push(
      `<section><h2>${escape(title)}</h2><p>${escape(note)}</p>${(await Promise.all(cards)).join('')}</section>`,
    );
  }
  return (
    `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>Likeness: the demo</title>` +
    `<meta http-equiv="Content-Security-Policy" content="${CONTENT_POLICY}">` +
    `<meta name="viewport" content="width=device-width, initial-scale=1"><style>${PAGE_STYLE}</style></head><body>` +
    drawHeader(shop, imported, findings) +
    `<main>${sections.join('')}</main><footer>Made by <code>npm run demo</code>. Everything on this page came from a server on this machine.</footer></body></html>\n`
  );
}

const keyOf = (productId: string, picName: string): string => `${productId}\n${picName}`;

function drawHeader(shop: Shop, imported: ImportResult, findings: readonly Finding[]): string {
  const { first, amongFive, of } = countFound(findings);
  const products = new Set(shop.pictures.map(({ productId }) => productId)).size;
  const searchMs = median(findings.map(({ milliseconds }) => milliseconds));
  const figures = [
    [String(products), 'products'],
    [String(shop.pictures.length), 'pictures, in two instances'],
    [`${(imported.added / imported.seconds).toFixed(0)}/s`, 'pictures added'],
    [`${searchMs.toFixed(0)} ms`, 'a search, median'],
    [`${first} of ${of}`, 'found first'],
    [`${amongFive} of ${of}`, 'among the first five'],
  ];
  const items = figures
    .map(([figure = '', label = '']) => `<li><b>${figure}</b><span>${label}</span></li>`)
    .join('');
  return `<header><div><h1>Likeness<span>.</span></h1><p>Image search on your own machine. Each row is a query and what it found; a green frame is the product that it shows.</p><ul class="figures">${items}</ul></div></header>`;
}

async function drawCard(
  finding: Finding,
  paths: ReadonlyMap<string, string>,
  thumbnails: Thumbnails,
): Promise<string> {
  const { search, hits, head, milliseconds } = finding;
  const drawn = await Promise.all(
    hits.map((hit) =>
      drawHit(hit, paths.get(keyOf(hit.productId, hit.picName)), { finding, thumbnails }),
    ),
  );
  const list =
    drawn.length === 0
      ? '<p class="empty">Nothing reaches it.</p>'
      : `<ul class="hits">${drawn.join('')}</ul>`;
  return (
    `<article><div class="query">${await drawQuery(finding, thumbnails)}<h3>${escape(search.title)}</h3>` +
    `<p>${head.docsFound} matching · ${milliseconds.toFixed(0)} ms · ${escape(search.instanceName)}</p></div>${list}` +
    `<details><summary>The request</summary><pre>${escape(writeRequestCode(search))}</pre></details></article>`
  );
}

async function drawQuery({ search, region }: Finding, thumbnails: Thumbnails): Promise<string> {
  const { filter } = search.fields;
  const note = filter === undefined ? '' : `<p>${escape(filter)}</p>`;
  const path = queryPath(search);
  if (search.by.kind === 'text') return `<div class="none">${escape(search.by.text)}</div>`;
  if (path === undefined)
    return `<div class="none" role="img" aria-label="no picture">∅</div>${note}`;
  const thumbnail = await thumbnails.of(path, QUERY_SIDE_PX);
  return (
    `<div class="frame"><img src="${thumbnail.dataUrl}" alt="query ${escape(basename(path))}">` +
    `${drawBox(region, thumbnail)}</div>${note}`
  );
}

/** The compared box over the query; none where it is the whole picture. */
function drawBox(region: string | undefined, { width, height }: Thumbnail): string {
  const [x1 = 0, x2 = 0, y1 = 0, y2 = 0] = (region ?? '').split(',').map(Number);
  if (x2 <= x1 || (x2 - x1 >= width - 1 && y2 - y1 >= height - 1)) return '';
  return `<div class="box" style="left:${share(x1, width)};top:${share(y1, height)};width:${share(x2 - x1, width)};height:${share(y2 - y1, height)}"></div>`;
}

const share = (part: number, whole: number): string => `${((part / whole) * 100).toFixed(2)}%`;

async function drawHit(
  hit: Hit,
  path: string | undefined,
  { finding, thumbnails }: { readonly finding: Finding; readonly thumbnails: Thumbnails },
): Promise<string> {
  const image =
    path === undefined
      ? ''
      : `<img src="${(await thumbnails.of(path, HIT_SIDE_PX)).dataUrl}" alt="${escape(hit.name)}" loading="lazy">`;
  const tags = [hit.strAttr, hit.strAttr2, hit.intAttr === 0 ? '' : `¥ ${hit.intAttr}`].filter(
    (tag) => tag !== '',
  );
  const score = hit.score === undefined ? '' : `<span class="score">${hit.score.toFixed(2)}</span>`;
  const meter =
    hit.score === undefined
      ? ''
      : `<div class="meter"><i style="width:${(hit.score * 100).toFixed(0)}%"></i></div>`;
  return (
    `<li class="hit${hit.productId === finding.search.expected ? ' expected' : ''}"><div class="shot">${image}${score}</div>${meter}` +
    `<div class="text"><strong>${escape(hit.name)}</strong><small>${escape([hit.nameZh, hit.picName].filter((text) => text !== '').join(' · '))}</small>` +
    `<div class="tags">${tags.map((tag) => `<span>${escape(tag)}</span>`).join('')}</div></div></li>`
  );
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
