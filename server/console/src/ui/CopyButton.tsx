import { useState, type ReactNode } from 'react';

import { useMessages } from '../messages/messages.ts';
import { Button } from './Button.tsx';
import { uiMessages } from './messages.ts';

const SAID_MS = 2000;

export function CopyButton({ text }: { readonly text: string }): ReactNode {
  const texts = useMessages(uiMessages);
  const [isCopied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await writeClipboard(text);
    setCopied(true);
    setTimeout(() => setCopied(false), SAID_MS);
  };
  return (
    <Button onPress={() => void copy()}>
      <span aria-live="polite">{isCopied ? texts.copied : texts.copy}</span>
    </Button>
  );
}

/** Browsers have a clipboard to write to in secure contexts alone; by plain http the older way is left. */
async function writeClipboard(text: string): Promise<void> {
  if (isSecureContext) {
    await navigator.clipboard.writeText(text);
    return;
  }
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'visually-hidden';
  document.body.append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
}
