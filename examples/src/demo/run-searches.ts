import type { Head, ImageSearchClient, StoredAuction } from '@likeness/sdk';

import { loadPicture } from './import-pictures.ts';
import type { PlannedSearch } from './shop.ts';

/** A row of an answer. */
export interface Hit extends Pick<
  StoredAuction,
  'productId' | 'picName' | 'intAttr' | 'strAttr' | 'strAttr2'
> {
  readonly name: string;
  readonly nameZh: string;
  /** Absent in a search without a picture. */
  readonly score?: number;
}

/** A search and its answer. */
export interface Finding {
  readonly search: PlannedSearch;
  readonly hits: readonly Hit[];
  readonly head: Head;
  /** The box that was compared, `x1,x2,y1,y2`. */
  readonly region?: string;
  /** From the call to the answer, in milliseconds. */
  readonly milliseconds: number;
  /** Where the expected product is, from 0; -1 if it is not there, undefined if none is expected. */
  readonly rank?: number;
}

/** Runs the searches one after another. */
export async function runSearches(
  client: ImageSearchClient,
  searches: readonly PlannedSearch[],
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const search of searches) findings.push(await runSearch(client, search));
  return findings;
}

async function runSearch(client: ImageSearchClient, search: PlannedSearch): Promise<Finding> {
  const started = performance.now();
  const { auctions, head, region } = await call(client, search);
  const milliseconds = performance.now() - started;
  const hits = auctions.map(readHit);
  return {
    search,
    hits,
    head,
    milliseconds,
    ...(region === undefined ? {} : { region }),
    ...(search.expected === undefined
      ? {}
      : { rank: hits.findIndex(({ productId }) => productId === search.expected) }),
  };
}

interface Answer {
  readonly auctions: readonly (StoredAuction & { readonly score?: number })[];
  readonly head: Head;
  readonly region?: string;
}

async function call(
  client: ImageSearchClient,
  { by, instanceName, fields }: PlannedSearch,
): Promise<Answer> {
  if (by.kind === 'filter') {
    return client.searchImageByFilter({
      instanceName,
      filter: fields.filter ?? '',
      ...(fields.num === undefined ? {} : { num: fields.num }),
    });
  }
  if (by.kind === 'name') {
    const { productId, picName } = by.picture;
    return client.searchImageByName({ instanceName, productId, picName, ...fields });
  }
  if (by.kind === 'text') {
    return client.searchImageByText({ instanceName, text: by.text, ...fields });
  }
  const picContent = await loadPicture(by.path);
  const answer = await client.searchImageByPic({ instanceName, picContent, ...fields });
  return { ...answer, region: answer.picInfo.region };
}

function readHit(auction: StoredAuction & { readonly score?: number }): Hit {
  const { productId, picName, intAttr, strAttr, strAttr2, customContent, score } = auction;
  const { name = productId, nameZh = '' } = JSON.parse(customContent) as {
    name?: string;
    nameZh?: string;
  };
  const hit = { productId, picName, intAttr, strAttr, strAttr2, name, nameZh };
  return score === undefined ? hit : { ...hit, score };
}
