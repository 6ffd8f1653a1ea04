/** The parameters that say what an instance is like. */
import { LIMITS, serviceTypeOf, type ServiceType } from '@likeness/shared/api';
import { ApiError, invalidParameter } from '@likeness/shared/errors';

import type { ChangeableSettings } from '../catalog/catalog.ts';
import type { RequestParameters } from './action.ts';
import { readBoolean, readInteger, requireText, type IntegerRange } from './parameters.ts';

const NAME = /^[\w-]+$/u;
const CAPACITY_RANGE = { min: 1, max: LIMITS.MAX_CAPACITY };
const QPS_RANGE = { min: 0, max: LIMITS.MAX_QPS };

/** A name for a new instance. @throws {ApiError} `InvalidInstanceName` */
export function readNewName(parameters: RequestParameters): string {
  const name = requireText(parameters, 'InstanceName', 'InvalidInstanceName');
  if (name.length <= LIMITS.MAX_INSTANCE_NAME_LENGTH && NAME.test(name)) return name;
  throw new ApiError('InvalidInstanceName', {
    message: `The parameter instanceName must be 1 to ${LIMITS.MAX_INSTANCE_NAME_LENGTH} letters, digits, "_" or "-".`,
  });
}

/** By number or name. @throws {ApiError} `MissingServiceType`, `InvalidServiceType` */
export function readServiceType(parameters: RequestParameters): ServiceType {
  const serviceType = serviceTypeOf(requireText(parameters, 'ServiceType'));
  if (serviceType !== undefined) return serviceType;
  throw invalidParameter('ServiceType', 'a number or name of a service type');
}

/** Those that were sent. @throws {ApiError} `InvalidCapacity`, `InvalidQps` …, `BadRequest` */
export function readSettings(parameters: RequestParameters): Partial<ChangeableSettings> {
  const capacity = readCount(parameters, 'Capacity', CAPACITY_RANGE);
  const qps = readCount(parameters, 'Qps', QPS_RANGE);
  const addQps = readCount(parameters, 'AddQps', QPS_RANGE);
  const deleteQps = readCount(parameters, 'DeleteQps', QPS_RANGE);
  const autoOrient = readBoolean(parameters, 'AutoOrient');
  const keepPictures = readBoolean(parameters, 'KeepPictures');
  return {
    ...(capacity !== undefined && { capacity }),
    ...(qps !== undefined && { qps }),
    ...(addQps !== undefined && { addQps }),
    ...(deleteQps !== undefined && { deleteQps }),
    ...(autoOrient !== undefined && { autoOrient }),
    ...(keepPictures !== undefined && { keepPictures }),
  };
}

function readCount(
  parameters: RequestParameters,
  name: string,
  range: IntegerRange,
): number | undefined {
  return readInteger(parameters, name, range, (expected) => invalidParameter(name, expected));
}
