import { LIMITS, serviceTypeOf, type LibraryMode, type ServiceType } from '@likeness/shared/api';

import type { Box, Framing, PictureAnalysis, PictureLimits } from '../vision/vision.ts';
import type { CollectionMode, CollectionSettings } from './catalog.ts';

/** Sides of a library's pictures, in pixels. */
const LIBRARY_MIN_SIDE_PX = 16;
const LIBRARY_MAX_SIDE_PX = 8192;

/** What the operator API calls the modes. */
export const LIBRARY_MODE_OF: Readonly<Record<CollectionMode, LibraryMode>> = {
  subject: 'item_search',
  whole: 'general_search',
  adaptive: 'adaptive_search',
};

/** The service type of a collection; libraries have the generic one. Throws `RangeError` for an unknown one. */
export function serviceTypeOfCollection({ serviceType }: CollectionSettings): ServiceType {
  const type = serviceTypeOf(serviceType);
  if (type === undefined)
    throw new RangeError(`"serviceType" expected a known number, got ${serviceType}`);
  return type;
}

/**
 * Which part of a picture is embedded.
 *
 * A region always wins; the subject is looked for where the caller, the mode and the service type let it.
 */
export function chooseFraming(
  settings: CollectionSettings,
  { crop, region }: { readonly crop: boolean; readonly region?: Box },
): Framing {
  if (region !== undefined) return { kind: 'box', box: region };
  const whole = settings.mode === 'whole' || serviceTypeOfCollection(settings).wholePictureOnly;
  return crop && !whole ? subjectFraming(settings) : { kind: 'whole' };
}

/** How a collection frames the subjects of its pictures. */
export function subjectFraming({ mode }: CollectionSettings): Framing {
  return mode === 'adaptive' ? { kind: 'subject', mustBeClear: true } : { kind: 'subject' };
}

/** Whether a library of items was shown none: such a picture is neither added nor found by. */
export function lacksItem(
  { facade, mode }: CollectionSettings,
  framing: Framing,
  { subjects }: PictureAnalysis,
): boolean {
  const wantsItem = facade === 'library' && mode === 'subject' && framing.kind === 'subject';
  return wantsItem && subjects.length === 0;
}

/** What a picture must satisfy to be added to a collection, or searched in it. */
export function pictureLimits(settings: CollectionSettings): PictureLimits {
  const isLibrary = settings.facade === 'library';
  const { minSidePx, maxSidePx } = serviceTypeOfCollection(settings);
  return {
    maxBytes: LIMITS.MAX_PICTURE_BYTES,
    minSidePx: isLibrary ? LIBRARY_MIN_SIDE_PX : minSidePx,
    maxSidePx: isLibrary ? LIBRARY_MAX_SIDE_PX : maxSidePx,
    orientation: isLibrary || settings.autoOrient ? 'apply' : 'refuse',
  };
}

/** The boxes to answer as `MultiRegion`: the subjects, or at least the box that was used. */
export function regionsOf({ region, subjects }: PictureAnalysis): readonly Box[] {
  return subjects.length > 0 ? subjects : [region];
}
