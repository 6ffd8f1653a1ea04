/** What is told of actions and parameters in their documentation: what for, and what they are refused with. */
import type { ErrorCode } from '../errors/error-codes.ts';
import { ACTIONS, type ActionName, type ParameterSpec } from './actions.ts';
import { ATTRIBUTES } from './attributes.ts';

/** A code of the table, or one that is made of a parameter's name. */
export type AnsweredCode = ErrorCode | `Missing${string}` | `Invalid${string}`;

export interface ActionNote {
  /** What it does. */
  readonly summary: string;
  /** Beside those of its parameters, and those of every action. */
  readonly errors: readonly AnsweredCode[];
}

const NAMED: readonly AnsweredCode[] = ['InvalidInstance'];
const WORK: readonly AnsweredCode[] = ['InvalidInstance', 'InstanceStatusError'];
const RATED: readonly AnsweredCode[] = [...WORK, 'DeniedRequest'];
const STORED: readonly AnsweredCode[] = [...RATED, 'InsufficientStorage'];
const LOOK: readonly AnsweredCode[] = ['ExtractFeatureTimeout'];
const KEPT: readonly AnsweredCode[] = [...NAMED, 'PicNotExist', 'DamagedRecord'];
const KEY: readonly AnsweredCode[] = ['EntityNotExist.User.AccessKey'];

export const ACTION_NOTES: Readonly<Record<ActionName, ActionNote>> = {
  AddImage: {
    summary:
      'Stores a picture, in place of the one with the same ProductId and PicName. The next search finds it.',
    errors: [...STORED, 'InstanceOverQuota', ...LOOK],
  },
  UpdateImage: {
    summary:
      'Changes attributes of a stored picture; those not sent stay as they are, and so does the picture.',
    errors: [...STORED, 'PicNotExist', 'DamagedRecord'],
  },
  DeleteImage: {
    summary:
      'Deletes a picture (ProductId and PicName), all of a product (ProductId), or all that pass a filter (IsDeleteByFilter and Filter). Deleting nothing succeeds.',
    errors: [...RATED, 'MissingFilter', 'InvalidIsDeleteByFilter'],
  },
  SearchImage: {
    summary:
      'The search of version 2019-03-25: by picture, or by name if Type is SearchByName, with the parameters of those.',
    errors: [...RATED, 'PicNotExist', 'DamagedRecord', ...LOOK],
  },
  SearchImageByPic: {
    summary: 'Finds what looks like a picture, best first.',
    errors: [...RATED, ...LOOK],
  },
  SearchImageByName: {
    summary: 'Finds what looks like a stored picture, which comes first itself.',
    errors: [...RATED, 'PicNotExist', 'DamagedRecord'],
  },
  SearchImageByText: {
    summary:
      'Finds what a text says, best first, in multimodal and generic instances whose model pack knows texts. A text that it does not know is looked for by its words in names and attributes.',
    errors: [...RATED, 'UnsupportedInstanceType'],
  },
  SearchImageByFilter: {
    summary: 'Lists the pictures whose attributes pass a filter, by key, without comparing any.',
    errors: RATED,
  },
  CheckImageExists: {
    summary: 'Tells whether a picture is stored, and with which attributes.',
    errors: [...WORK, 'DamagedRecord'],
  },
  CompareSimilarByImage: {
    summary: 'Tells how alike two pictures are; neither is stored.',
    errors: [...WORK, ...LOOK],
  },
  Detail: {
    summary: 'Tells of an instance: its type, capacity, rate and contents.',
    errors: NAMED,
  },
  DumpMeta: { summary: 'Not available.', errors: ['UnsupportedOperationType'] },
  DumpMetaList: { summary: 'Not available.', errors: ['UnsupportedOperationType'] },
  IncreaseInstance: { summary: 'Not available.', errors: ['UnsupportedOperationType'] },
  IncreaseList: { summary: 'Not available.', errors: ['UnsupportedOperationType'] },
  AuthorizeFileUpload: {
    summary:
      'Allows one upload of a picture, whose address is then a PicContent. The SDKs ask for it before they upload a stream.',
    errors: [],
  },
  CreateInstance: {
    summary: 'Makes an instance.',
    errors: ['InstanceAlreadyExists', 'InsufficientStorage'],
  },
  ListInstances: { summary: 'Lists the instances that the key may see.', errors: [] },
  UpdateInstance: {
    summary: 'Changes settings of an instance; those not sent stay as they are.',
    errors: [...WORK, 'InvalidServiceType'],
  },
  ClearInstance: {
    summary: 'Removes all pictures of an instance, and keeps the instance.',
    errors: WORK,
  },
  DeleteInstance: { summary: 'Removes an instance with all its pictures.', errors: WORK },
  ListImages: {
    summary: 'Lists the pictures of an instance or a library by key, page after page.',
    errors: WORK,
  },
  CreateAccessKey: {
    summary: 'Makes an access key. Its secret is in this answer alone. Needs the root key.',
    errors: ['LimitExceeded.User.AccessKey'],
  },
  ListAccessKeys: {
    summary: 'Lists the access keys, without secrets. Needs the root key.',
    errors: [],
  },
  UpdateAccessKey: {
    summary:
      'Changes what an access key may, from the next request on; what is not sent stays as it is. Needs the root key.',
    errors: KEY,
  },
  DeleteAccessKey: {
    summary: 'Removes an access key: what it signs is refused from now on. Needs the root key.',
    errors: KEY,
  },
  GetUsage: {
    summary: 'Tells calls and their latencies, and what was stored, by hour or by day.',
    errors: NAMED,
  },
  GetPicture: {
    summary: 'Gives a presigned address of a stored picture, byte for byte as it was sent.',
    errors: KEPT,
  },
  GetThumbnail: {
    summary: 'Gives a presigned address of a stored picture’s thumbnail, a WEBP.',
    errors: KEPT,
  },
  GetServerInfo: { summary: 'Tells what runs, and how the server is.', errors: [] },
  VerifyStorage: {
    summary: 'Reads everything that is stored if Start says so, and tells what is damaged.',
    errors: [],
  },
};

const PICTURE: readonly AnsweredCode[] = [
  'InvalidPicContent',
  'UnsupportedPicFormat',
  'UnsupportedPicPixels',
  'IncorrectOrientation',
];

/** What a value is refused with, by the name of its parameter. */
const PARAMETER_ERRORS: Readonly<Record<string, readonly AnsweredCode[]>> = {
  InstanceName: ['InvalidInstanceName'],
  LibraryName: ['BadRequest'],
  ProductId: ['NoSpecifiedProductId', 'InvalidProductId'],
  PicName: ['NoSpecifiedPicName', 'InvalidPicName'],
  PicContent: ['NoSpecifiedPicContent', ...PICTURE, 'InvalidPicUrl', 'TimeoutForTransferImage'],
  PrimaryPicContent: ['MissingPrimaryPicContent', 'InvalidPrimaryPicContent', ...PICTURE],
  SecondaryPicContent: ['MissingSecondaryPicContent', 'InvalidSecondaryPicContent', ...PICTURE],
  CategoryId: ['InvalidCategory'],
  Region: ['InvalidRegion'],
  CustomContent: ['InvalidCustomContent'],
  ...Object.fromEntries(ATTRIBUTES.map(({ wire }) => [wire, [`Invalid${wire}` as const]])),
  Num: ['InvalidNumParameter', 'OverflowMaxReturnNum'],
  Start: ['InvalidStartParameter', 'OverflowMaxResultNum'],
  ScoreThreshold: ['BadRequest'],
  ThumbnailWidth: ['BadRequest'],
  Text: ['InvalidText', 'InvalidTextLength'],
  Type: ['InvalidType'],
  Granularity: ['BadRequest'],
  UtcFrom: ['BadRequest'],
  UtcTo: ['BadRequest'],
  GroupBy: ['BadRequest'],
  UserAccessKeyId: ['MissingUserAccessKeyId'],
  Filter: ['InvalidFilterClause'],
};

/** What a parameter is refused with. */
export function errorsOfParameter({
  name,
  type,
  required,
}: ParameterSpec): readonly AnsweredCode[] {
  if (type === 'boolean') return ['BadRequest'];
  const own = Object.hasOwn(PARAMETER_ERRORS, name) ? PARAMETER_ERRORS[name] : undefined;
  const errors = own ?? [`Invalid${name}` as const];
  const isMissed = errors.some((code) => /^(?:Missing|NoSpecified)/u.test(code));
  const hasOwnCode = isMissed || name === 'InstanceName' || name === 'Text';
  return required && !hasOwnCode ? [`Missing${name}`, ...errors] : errors;
}

/** What an action is refused with, beside what every action is. */
export function errorsOfAction(name: ActionName): readonly AnsweredCode[] {
  const ofParameters = ACTIONS[name].parameters.flatMap(errorsOfParameter);
  return [...new Set([...ofParameters, ...ACTION_NOTES[name].errors])];
}
