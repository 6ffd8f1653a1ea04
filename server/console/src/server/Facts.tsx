import type { ReactNode } from 'react';

export interface FactsProps {
  readonly title: string;
  readonly facts: readonly (readonly [name: string, value: string])[];
}

/** Names and values of one part. */
export function Facts({ title, facts }: FactsProps): ReactNode {
  return (
    <section className="panel stack-tight" aria-label={title}>
      <h2>{title}</h2>
      <dl className="facts">
        {facts.map(([name, value]) => (
          <div key={name} className="fact">
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
