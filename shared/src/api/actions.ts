import type { NeededRole } from './access.ts';
import { ATTRIBUTES } from './attributes.ts';

/** The versions the service answers: two RPC families, one ROA family and one action of the vendor's, and our own. */
export const API_VERSIONS = {
  /** The current RPC API. */
  CURRENT: '2020-12-14',
  /** Its predecessor: four of its actions, same fields. */
  ALIAS: '2020-02-12',
  /** `POST /v2/image/add|search|delete`. */
  ROA: '2019-03-25',
  /** `AuthorizeFileUpload` of the vendor's OpenPlatform, which his SDKs ask before they upload a stream. */
  OPEN_PLATFORM: '2019-12-19',
  /** Administration, which the vendor has no API for. */
  ADMINISTRATION: '2026-11-01',
} as const;

export type ApiVersion = (typeof API_VERSIONS)[keyof typeof API_VERSIONS];

/** The vendor's actions; `SearchImage` is the ROA one that `Type` splits into ByPic and ByName. */
export type ProductActionName =
  | 'AddImage'
  | 'UpdateImage'
  | 'DeleteImage'
  | 'SearchImage'
  | 'SearchImageByPic'
  | 'SearchImageByName'
  | 'SearchImageByText'
  | 'SearchImageByFilter'
  | 'CheckImageExists'
  | 'CompareSimilarByImage'
  | 'Detail'
  | 'DumpMeta'
  | 'DumpMetaList'
  | 'IncreaseInstance'
  | 'IncreaseList'
  | 'AuthorizeFileUpload';

export type AdminActionName =
  | 'CreateInstance'
  | 'ListInstances'
  | 'UpdateInstance'
  | 'ClearInstance'
  | 'DeleteInstance'
  | 'ListImages'
  | 'CreateAccessKey'
  | 'ListAccessKeys'
  | 'UpdateAccessKey'
  | 'DeleteAccessKey'
  | 'GetUsage'
  | 'GetPicture'
  | 'GetThumbnail'
  | 'GetServerInfo'
  | 'VerifyStorage';

export type ActionName = ProductActionName | AdminActionName;

/** How a parameter's text is meant. A `picture` is Base64, up to 4 MB of it decoded, or the address of an upload. */
export type ParameterType = 'text' | 'integer' | 'number' | 'boolean' | 'picture';

export interface ParameterSpec {
  /** On the wire. */
  readonly name: string;
  readonly type: ParameterType;
  readonly required: boolean;
}

export interface ActionSpec {
  readonly versions: readonly ApiVersion[];
  readonly parameters: readonly ParameterSpec[];
  /** Changes nothing: a client may send it again when it does not know whether it arrived. */
  readonly isRead: boolean;
  /** Belongs to version 2026-11-01. */
  readonly isAdministration: boolean;
  /** Least role of a key that may call it. */
  readonly role: NeededRole;
}

type NamedType = readonly [name: string, type: ParameterType];

const { CURRENT, ALIAS, ROA, OPEN_PLATFORM, ADMINISTRATION } = API_VERSIONS;

const INSTANCE: NamedType = ['InstanceName', 'text'];
/** One of them, in actions of ours that both have use for. */
const COLLECTION: readonly NamedType[] = [INSTANCE, ['LibraryName', 'text']];
const KEY: readonly NamedType[] = [
  ['ProductId', 'text'],
  ['PicName', 'text'],
];
const ATTRIBUTE_VALUES: readonly NamedType[] = [
  ['CustomContent', 'text'],
  ...ATTRIBUTES.map(({ wire, kind }): NamedType => [wire, kind === 'int' ? 'integer' : 'text']),
];
const FRAMING: readonly NamedType[] = [
  ['CategoryId', 'integer'],
  ['Crop', 'boolean'],
  ['Region', 'text'],
];
const WINDOW: readonly NamedType[] = [
  ['Num', 'integer'],
  ['Start', 'integer'],
];
/** Not the vendor's: a presigned address of each hit's thumbnail. */
const THUMBNAIL: NamedType = ['ThumbnailWidth', 'integer'];
const RANKING: readonly NamedType[] = [
  ...WINDOW,
  ['Filter', 'text'],
  ['DistinctProductId', 'boolean'],
  ['ScoreThreshold', 'number'],
  // Not the vendor's either.
  ['RawScore', 'boolean'],
  THUMBNAIL,
];
const TASK_PAGE: readonly NamedType[] = [
  ['Id', 'integer'],
  ['PageNumber', 'integer'],
  ['PageSize', 'integer'],
];
const INSTANCE_SETTINGS: readonly NamedType[] = [
  ['Capacity', 'integer'],
  ['Qps', 'integer'],
  ['AddQps', 'integer'],
  ['DeleteQps', 'integer'],
  ['AutoOrient', 'boolean'],
  ['KeepPictures', 'boolean'],
];

const ACCESS_KEY_SETTINGS: readonly NamedType[] = [
  ['Name', 'text'],
  ['Rate', 'integer'],
  ['UtcExpireTime', 'integer'],
  ['Enabled', 'boolean'],
];

/** Every action, with every parameter it takes. Whatever else a request holds is ignored. */
export const ACTIONS: Readonly<Record<ActionName, ActionSpec>> = {
  AddImage: write(
    [CURRENT, ALIAS, ROA],
    [INSTANCE, ...KEY, ['PicContent', 'picture']],
    [...FRAMING, ...ATTRIBUTE_VALUES],
  ),
  UpdateImage: write([CURRENT], [INSTANCE, ...KEY], ATTRIBUTE_VALUES),
  DeleteImage: write(
    [CURRENT, ALIAS, ROA],
    [INSTANCE],
    [...KEY, ['IsDeleteByFilter', 'boolean'], ['Filter', 'text']],
  ),
  SearchImage: read(
    [ROA],
    [INSTANCE],
    [['Type', 'text'], ['PicContent', 'picture'], ...KEY, ...FRAMING, ...RANKING],
  ),
  SearchImageByPic: read(
    [CURRENT, ALIAS],
    [INSTANCE, ['PicContent', 'picture']],
    [...FRAMING, ...RANKING],
  ),
  SearchImageByName: read(
    [CURRENT, ALIAS],
    [INSTANCE, ...KEY],
    [['CategoryId', 'integer'], ...RANKING],
  ),
  // The vendor's has no CategoryId.
  SearchImageByText: read(
    [CURRENT],
    [INSTANCE, ['Text', 'text']],
    [['CategoryId', 'integer'], ...RANKING],
  ),
  SearchImageByFilter: read([CURRENT], [INSTANCE, ['Filter', 'text']], [...WINDOW, THUMBNAIL]),
  CheckImageExists: read([CURRENT], [INSTANCE, ...KEY], []),
  CompareSimilarByImage: read(
    [CURRENT],
    [INSTANCE, ['PrimaryPicContent', 'picture'], ['SecondaryPicContent', 'picture']],
    [],
  ),
  Detail: read([CURRENT], [INSTANCE], []),
  DumpMeta: write([CURRENT], [INSTANCE], []),
  DumpMetaList: read([CURRENT], [INSTANCE], TASK_PAGE),
  IncreaseInstance: write(
    [CURRENT],
    [INSTANCE, ['BucketName', 'text'], ['Path', 'text']],
    [['CallbackAddress', 'text']],
  ),
  IncreaseList: read(
    [CURRENT],
    [INSTANCE],
    [...TASK_PAGE, ['BucketName', 'text'], ['Path', 'text']],
  ),
  // A ticket is signed, not kept. Of the least role, because a search by a stream begins with one.
  AuthorizeFileUpload: read([OPEN_PLATFORM], [['Product', 'text']], [['RegionId', 'text']]),
  CreateInstance: write([ADMINISTRATION], [INSTANCE, ['ServiceType', 'text']], INSTANCE_SETTINGS),
  ListInstances: read([ADMINISTRATION], [], []),
  UpdateInstance: write([ADMINISTRATION], [INSTANCE], INSTANCE_SETTINGS),
  ClearInstance: write([ADMINISTRATION], [INSTANCE], []),
  DeleteInstance: write([ADMINISTRATION], [INSTANCE], []),
  ListImages: read(
    [ADMINISTRATION],
    [],
    [...COLLECTION, ['Filter', 'text'], ['Cursor', 'text'], ['Num', 'integer'], THUMBNAIL],
  ),
  CreateAccessKey: ofRoot(
    write(
      [ADMINISTRATION],
      [
        ['Role', 'text'],
        ['Scopes', 'text'],
      ],
      ACCESS_KEY_SETTINGS,
    ),
  ),
  ListAccessKeys: ofRoot(read([ADMINISTRATION], [], [])),
  // The vendor's name: `AccessKeyId` is the caller's own in a signed request.
  UpdateAccessKey: ofRoot(
    write(
      [ADMINISTRATION],
      [['UserAccessKeyId', 'text']],
      [['Role', 'text'], ['Scopes', 'text'], ...ACCESS_KEY_SETTINGS],
    ),
  ),
  DeleteAccessKey: ofRoot(write([ADMINISTRATION], [['UserAccessKeyId', 'text']], [])),
  GetUsage: ofAdmin(
    read(
      [ADMINISTRATION],
      [],
      [
        ...COLLECTION,
        ['Granularity', 'text'],
        ['UtcFrom', 'integer'],
        ['UtcTo', 'integer'],
        ['GroupBy', 'text'],
      ],
    ),
  ),
  GetPicture: read([ADMINISTRATION], KEY, COLLECTION),
  GetThumbnail: read([ADMINISTRATION], KEY, [...COLLECTION, THUMBNAIL]),
  GetServerInfo: ofAdmin(read([ADMINISTRATION], [], [])),
  VerifyStorage: ofAdmin(read([ADMINISTRATION], [], [['Start', 'boolean']])),
};

function read(
  versions: readonly ApiVersion[],
  required: readonly NamedType[],
  optional: readonly NamedType[],
): ActionSpec {
  return { ...write(versions, required, optional), isRead: true, role: 'read' };
}

/** Changes nothing, and shows what only administrators may see. */
function ofAdmin(spec: ActionSpec): ActionSpec {
  return { ...spec, role: 'admin' };
}

/** Administers keys: no key that was created may. */
function ofRoot(spec: ActionSpec): ActionSpec {
  return { ...spec, role: 'root' };
}

function write(
  versions: readonly ApiVersion[],
  required: readonly NamedType[],
  optional: readonly NamedType[],
): ActionSpec {
  const isAdministration = versions.includes(ADMINISTRATION);
  return {
    versions,
    parameters: [
      ...required.map(([name, type]) => ({ name, type, required: true })),
      ...optional.map(([name, type]) => ({ name, type, required: false })),
    ],
    isRead: false,
    isAdministration,
    role: isAdministration ? 'admin' : 'write',
  };
}
