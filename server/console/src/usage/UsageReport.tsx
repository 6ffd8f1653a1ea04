import type { StorageRow, UsageRow } from '@likeness/sdk';
import { useMemo, useState, type ReactNode } from 'react';

import type { Formats } from '../messages/formats.ts';
import { useMessages } from '../messages/messages.ts';
import { Select } from '../ui/Select.tsx';
import { Table } from '../ui/Table.tsx';
import { Chart } from './Chart.tsx';
import { usageMessages } from './messages.ts';
import {
  callsByAction,
  latencyOf,
  outcomesOf,
  storageOf,
  totalOf,
  type Outcome,
} from './series.ts';
import './usage.css';

export interface UsageData {
  /** By action and code. */
  readonly outcomes: readonly UsageRow[];
  /** By action. */
  readonly actions: readonly UsageRow[];
  readonly storage: readonly StorageRow[];
}

export interface UsageReportProps {
  readonly data: UsageData;
  readonly formats: Formats;
  /** The time that is told of. */
  readonly spanS: number;
}

export function UsageReport({ data, formats, spanS }: UsageReportProps): ReactNode {
  const texts = useMessages(usageMessages);
  const calls = useMemo(() => callsByAction(data.actions), [data.actions]);
  const outcomes = useMemo(() => outcomesOf(data.outcomes), [data.outcomes]);
  const pictures = useMemo(() => storageOf(data.storage, 'imageCount'), [data.storage]);
  const bytes = useMemo(() => storageOf(data.storage, 'storedBytes'), [data.storage]);
  const names = [...new Set(outcomes.map(({ action }) => action))];
  const { all, refused } = totalOf(outcomes);
  const shown = { formatTime: formats.date, spanS };
  return (
    <>
      <dl className="totals">
        <Total name={texts.total} value={formats.count(all)} />
        <Total name={texts.totalRefused} value={formats.count(refused)} />
      </dl>
      <div className="charts">
        <Chart title={texts.requests} series={calls} format={formats.count} {...shown} />
        {names.length > 0 && (
          <Latency rows={data.actions} names={names} formats={formats} spanS={spanS} />
        )}
        <Chart title={texts.storage} series={pictures} format={formats.count} {...shown} />
        <Chart title={texts.bytes} series={bytes} format={formats.bytes} {...shown} />
      </div>
      <OutcomeTable outcomes={outcomes} formats={formats} />
    </>
  );
}

function Total({ name, value }: { readonly name: string; readonly value: string }): ReactNode {
  return (
    <div className="panel total">
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

interface LatencyProps extends Pick<UsageReportProps, 'formats' | 'spanS'> {
  readonly rows: readonly UsageRow[];
  readonly names: readonly string[];
}

function Latency({ rows, names, formats, spanS }: LatencyProps): ReactNode {
  const texts = useMessages(usageMessages);
  const [chosen, setChosen] = useState<string>();
  const searched = names.find(
    (name) => name.startsWith('SearchImage') || name.startsWith('search/'),
  );
  const action = chosen ?? searched ?? names[0] ?? '';
  const series = useMemo(() => latencyOf(rows, action), [rows, action]);
  return (
    <Chart
      title={texts.latency}
      series={series}
      format={formats.milliseconds}
      formatTime={formats.date}
      spanS={spanS}
      control={
        <Select
          label={texts.action}
          isLabelHidden
          value={action}
          onChange={setChosen}
          options={names.map((value) => ({ value, text: value }))}
        />
      }
    />
  );
}

interface OutcomeTableProps {
  readonly outcomes: readonly Outcome[];
  readonly formats: Formats;
}

function OutcomeTable({ outcomes, formats }: OutcomeTableProps): ReactNode {
  const texts = useMessages(usageMessages);
  return (
    <Table
      columns={[
        { name: texts.action },
        { name: texts.code },
        { name: texts.calls, isNumber: true },
      ]}
    >
      {outcomes.map(({ action, code, calls }) => (
        <tr key={`${action} ${code}`}>
          <th scope="row">{action}</th>
          <td>{code}</td>
          <td className="table-number">{formats.count(calls)}</td>
        </tr>
      ))}
    </Table>
  );
}
