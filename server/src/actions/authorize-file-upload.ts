import { invalidParameter, missingParameter } from '@likeness/shared/errors';

import type { Action } from './action.ts';

const PRODUCT = 'ImageSearch';

/** Allows the caller to upload one picture, here: what the vendor's `…Advance` methods begin with. */
export const authorizeFileUpload: Action = async (
  { caller, authority, parameters },
  { uploadTickets },
) => {
  const product = parameters.text.get('Product');
  if (product === undefined) throw missingParameter('Product');
  if (product !== PRODUCT) throw invalidParameter('Product', PRODUCT);
  const ticket = uploadTickets.issue(caller.accessKeyId, authority);
  return {
    AccessKeyId: caller.accessKeyId,
    Bucket: ticket.bucket,
    Endpoint: ticket.endpoint,
    EncodedPolicy: ticket.encodedPolicy,
    ObjectKey: ticket.objectKey,
    Signature: ticket.signature,
    // There, and no text: Java fails without it, Node takes any text for true.
    UseAccelerate: false,
  };
};
