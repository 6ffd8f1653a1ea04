/** Writes answers: the vendor's field names and types, in one place. */
import {
  ATTRIBUTES,
  CATEGORIES,
  formatRegion,
  OTHER_CATEGORY,
  serviceTypeOf,
} from '@likeness/shared/api';

import type {
  CollectionInfo,
  PictureFindings,
  SearchHit,
  SearchResult,
  StoredImage,
} from '../catalog/catalog.ts';
import type { Extras } from './hit-extras.ts';

/** A JSON object in wire names. */
export type Body = Record<string, unknown>;

/** The deprecated relevance of a score of 1, by the vendor: categories 0–2, and all others. */
const TOP_RELEVANCE = 7.33136443711219e24;
const OTHER_RELEVANCE = 5.37633353624177e24;
const TOP_CATEGORIES = 2;

/** What writes answer. */
export function written(): Body {
  return { Success: true, Code: 0, Message: 'success' };
}

/** What searches answer: the vendor's guide calls it Message, his SDK Msg. */
export function found(): Body {
  return { ...written(), Msg: 'success' };
}

/** Everything a search by picture, by name or by text answers. A text has neither category, region nor relevance. */
export function formatSearch(
  collection: CollectionInfo,
  result: SearchResult,
  extras: Extras<SearchHit>,
): Body {
  const { picture } = result;
  return {
    ...found(),
    Head: formatHead({
      docsFound: result.found,
      docsReturn: result.hits.length,
      searchMs: result.searchMs,
      mode: result.mode,
      rowsScanned: result.rowsScanned,
      ...(result.matchedBy !== undefined && { matchedBy: result.matchedBy }),
      ...(result.unknownWords !== undefined && { unknownWords: result.unknownWords }),
    }),
    PicInfo:
      picture === undefined
        ? { AllCategories: formatCategories(collection) }
        : formatPicInfo(collection, picture),
    Auctions: result.hits.map((hit) => ({
      ...(picture === undefined ? formatTextHit(hit) : formatHit(hit)),
      ...extras(hit),
    })),
  };
}

export interface HeadFigures {
  readonly docsFound: number;
  readonly docsReturn: number;
  readonly searchMs: number;
  readonly mode: SearchResult['mode'];
  readonly rowsScanned: number;
  readonly matchedBy?: NonNullable<SearchResult['matchedBy']>;
  readonly unknownWords?: readonly string[];
}

export function formatHead(figures: HeadFigures): Body {
  return {
    DocsFound: figures.docsFound,
    DocsReturn: figures.docsReturn,
    SearchTime: Math.round(figures.searchMs),
    SearchMode: figures.mode,
    RowsScanned: figures.rowsScanned,
    ...(figures.matchedBy !== undefined && { MatchedBy: figures.matchedBy }),
    ...(figures.unknownWords !== undefined && { UnknownWords: figures.unknownWords }),
  };
}

/** What was seen in a picture. */
export function formatPicInfo(collection: CollectionInfo, findings: PictureFindings): Body {
  return {
    CategoryId: findings.category,
    Region: formatRegion(findings.region),
    AllCategories: formatCategories(collection),
    MultiRegion: findings.regions.map((region) => ({ Region: formatRegion(region) })),
  };
}

/** A stored picture, as lists and CheckImageExists show it. Unset attributes are 0 and `""`. */
export function formatImage(image: StoredImage): Body {
  const attributes = ATTRIBUTES.map(({ wire, name, kind }) => [
    wire,
    image.attributes[name] ?? (kind === 'int' ? 0 : ''),
  ]);
  return {
    ProductId: image.productId,
    PicName: image.picName,
    CategoryId: image.category,
    CustomContent: image.customContent,
    ...Object.fromEntries(attributes),
  };
}

/** A stored picture with all that is known of it, for its administrator. */
export function formatListedImage({ facade }: CollectionInfo, image: StoredImage): Body {
  const told = { Region: formatRegion(image.region), UtcCreate: String(image.addedMs) };
  if (facade === 'instance') return { ...formatImage(image), ...told };
  // A tag may have an attribute's name, and another type.
  const untagged = formatImage({ ...image, attributes: {} });
  return { ...untagged, ...told, Tags: image.attributes };
}

/** An instance, as its administrator sees it. */
export function formatInstance(instance: CollectionInfo): Body {
  return {
    InstanceName: instance.name,
    ServiceType: instance.serviceType,
    ServiceTypeName: serviceTypeOf(instance.serviceType)?.name ?? '',
    Status: instance.status,
    Capacity: instance.capacity,
    Qps: instance.qps,
    AddQps: instance.addQps,
    DeleteQps: instance.deleteQps,
    AutoOrient: instance.autoOrient,
    KeepPictures: instance.keepPictures,
    ImageCount: instance.images,
    StoredBytes: instance.storedBytes,
    UnembeddedCount: instance.unembedded,
    UtcCreate: String(instance.createdMs),
  };
}

function formatHit(hit: SearchHit): Body {
  const top = hit.category <= TOP_CATEGORIES ? TOP_RELEVANCE : OTHER_RELEVANCE;
  return { ...formatTextHit(hit), SortExprValues: `${hit.score * top};0` };
}

function formatTextHit(hit: SearchHit): Body {
  return { ...formatImage(hit), Score: hit.score };
}

function formatCategories(collection: CollectionInfo): readonly Body[] {
  return categoriesOf(collection).map(({ id, name }) => ({ Id: id, Name: name }));
}

/** The whole enumeration where pictures get a category, else the one that all have. */
function categoriesOf({ serviceType }: CollectionInfo): typeof CATEGORIES {
  if (serviceTypeOf(serviceType)?.predictsCategory) return CATEGORIES;
  return CATEGORIES.filter(({ id }) => id === OTHER_CATEGORY);
}
