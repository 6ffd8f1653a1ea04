import type { ReactNode } from 'react';

export interface FactListProps {
  readonly facts: readonly (readonly [name: string, value: ReactNode])[];
}

/** Names and values of one part, in a panel. */
export function Facts({ title, facts }: FactListProps & { readonly title: string }): ReactNode {
  return (
    <section className="panel stack-tight" aria-label={title}>
      <h2>{title}</h2>
      <FactList facts={facts} />
    </section>
  );
}

export function FactList({ facts }: FactListProps): ReactNode {
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <div key={name} className="fact">
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
