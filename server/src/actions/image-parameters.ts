/** The parameters that describe a picture: its key, its attributes, how it is framed. */
import { ATTRIBUTES, CATEGORIES, LIMITS, parseRegion } from '@likeness/shared/api';
import { ApiError } from '@likeness/shared/errors';
import type { Attributes } from '@likeness/shared/filter';

import type { ImageKey } from '../catalog/catalog.ts';
import type { Box } from '../vision/vision.ts';
import type { RequestParameters } from './action.ts';
import { checkLength, readBoolean, readInteger, requireText } from './parameters.ts';

export interface Framing {
  readonly crop: boolean;
  readonly region?: Box;
  readonly category?: number;
}

const INT32 = { min: LIMITS.MIN_INT_ATTR, max: LIMITS.MAX_INT_ATTR };
const ANY_NUMBER = { min: 0, max: Number.MAX_SAFE_INTEGER };
const CATEGORY_IDS = new Set(CATEGORIES.map(({ id }) => id));

/** @throws {ApiError} `NoSpecifiedProductId`, `InvalidProductId` */
export function readProductId(parameters: RequestParameters): string {
  const productId = requireText(parameters, 'ProductId', 'NoSpecifiedProductId');
  return checkLength(productId, LIMITS.MAX_ID_LENGTH, 'InvalidProductId');
}

/** @throws {ApiError} `NoSpecifiedPicName`, `InvalidPicName` */
export function readPicName(parameters: RequestParameters): string {
  const picName = requireText(parameters, 'PicName', 'NoSpecifiedPicName');
  return checkLength(picName, LIMITS.MAX_ID_LENGTH, 'InvalidPicName');
}

/** @throws {ApiError} as its two halves. */
export function readImageKey(parameters: RequestParameters): ImageKey {
  return { productId: readProductId(parameters), picName: readPicName(parameters) };
}

/** Undefined if absent. @throws {ApiError} `InvalidCustomContent` */
export function readCustomContent({ text }: RequestParameters): string | undefined {
  const content = text.get('CustomContent');
  if (content === undefined) return undefined;
  return checkLength(content, LIMITS.MAX_CUSTOM_CONTENT_LENGTH, 'InvalidCustomContent');
}

/** Those of the eight that were sent. @throws {ApiError} `InvalidIntAttr` … `InvalidStrAttr4` */
export function readAttributes(parameters: RequestParameters): Attributes {
  const attributes: Record<string, string | number> = {};
  for (const { wire, name, kind } of ATTRIBUTES) {
    const code = `Invalid${wire}` as const;
    if (kind === 'int') {
      const value = readInteger(parameters, wire, INT32, () => new ApiError(code));
      if (value !== undefined) attributes[name] = value;
    } else {
      const value = parameters.text.get(wire);
      if (value === undefined) continue;
      attributes[name] = checkLength(value, LIMITS.MAX_STR_ATTR_LENGTH, code);
    }
  }
  return attributes;
}

/** One of the enumeration; undefined if absent. @throws {ApiError} `InvalidCategory` */
export function readCategory(parameters: RequestParameters): number | undefined {
  const category = readInteger(parameters, 'CategoryId', ANY_NUMBER, invalidCategory);
  if (category !== undefined && !CATEGORY_IDS.has(category)) throw invalidCategory();
  return category;
}

/** @throws {ApiError} `InvalidCategory`, `InvalidRegion`, `BadRequest` */
export function readFraming(parameters: RequestParameters): Framing {
  const category = readCategory(parameters);
  const region = readRegion(parameters);
  return {
    crop: readBoolean(parameters, 'Crop') ?? true,
    ...(region !== undefined && { region }),
    ...(category !== undefined && { category }),
  };
}

function readRegion({ text }: RequestParameters): Box | undefined {
  const written = text.get('Region');
  if (written === undefined) return undefined;
  const region = parseRegion(written);
  if (region === undefined) throw new ApiError('InvalidRegion');
  return region;
}

function invalidCategory(): ApiError {
  return new ApiError('InvalidCategory');
}
