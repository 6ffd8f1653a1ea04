import type { ReactNode } from 'react';

import { useMessages } from '../messages/messages.ts';
import { uiMessages } from './messages.ts';
import './notice.css';

export function Waiting(): ReactNode {
  const texts = useMessages(uiMessages);
  return (
    <p role="status" className="waiting">
      {texts.loading}
    </p>
  );
}
