import type { ReactNode } from 'react';

export interface ScreenHeadProps {
  readonly title: string;
  /** What the whole screen is about, or begins. */
  readonly children?: ReactNode;
}

/** A screen's name, whatever there is to show below it. */
export function ScreenHead({ title, children }: ScreenHeadProps): ReactNode {
  return (
    <div className="screen-head">
      <h1>{title}</h1>
      {children}
    </div>
  );
}
