import { ApiError, ConnectionError } from '@likeness/sdk';
import type { ReactNode } from 'react';

import { useMessages } from '../messages/messages.ts';
import './notice.css';
import { uiMessages } from './messages.ts';

/** What went wrong, as the server said it: code, message, and the id to find it in the server's log. */
export function Failure({ error }: { readonly error: unknown }): ReactNode {
  const texts = useMessages(uiMessages);
  if (ApiError.is(error)) {
    return (
      <div role="alert" className="notice notice-bad">
        <strong>{error.code}</strong>
        <p>{error.message}</p>
        {error.requestId !== undefined && (
          <p className="notice-small">
            {texts.request} <code>{error.requestId}</code>
          </p>
        )}
      </div>
    );
  }
  const isUnreachable = error instanceof ConnectionError;
  return (
    <div role="alert" className="notice notice-bad">
      <strong>{isUnreachable ? texts.unreachable : texts.failed}</strong>
      <p>{isUnreachable ? texts.unreachableHint : String(error)}</p>
    </div>
  );
}
