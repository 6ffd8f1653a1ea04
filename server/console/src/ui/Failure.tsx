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
        <Explanation error={error} />
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

/** Refusals of a wrong secret repeat the whole request: a program's author wants that, nobody else. */
function Explanation({ error: { code, message } }: { readonly error: ApiError }): ReactNode {
  const texts = useMessages(uiMessages);
  if (code !== 'SignatureDoesNotMatch') return <p>{message}</p>;
  return (
    <>
      <p>{texts.wrongSecret}</p>
      <details>
        <summary>{texts.details}</summary>
        {message}
      </details>
    </>
  );
}
