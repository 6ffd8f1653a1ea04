import { useState, type ReactNode } from 'react';

import { useMessages } from '../messages/messages.ts';
import './thumbnail.css';
import { uiMessages } from './messages.ts';

export interface ThumbnailProps {
  /** A presigned path on the server; empty or absent for a picture that is not kept. */
  readonly path: string | undefined;
  readonly alt: string;
}

/** A stored picture, small. */
export function Thumbnail({ path, alt }: ThumbnailProps): ReactNode {
  const texts = useMessages(uiMessages);
  const [failed, setFailed] = useState<string>();
  if (path === undefined || path === '' || path === failed) {
    return <span className="thumbnail thumbnail-none">{texts.noPreview}</span>;
  }
  return (
    <img
      className="thumbnail"
      src={path}
      alt={alt}
      loading="lazy"
      decoding="async"
      onError={() => setFailed(path)}
    />
  );
}
