import { useEffect, useRef, type ReactNode } from 'react';
import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

import { onThemeChange } from '../app/theme.ts';
import { useFormats, type Formats } from '../messages/formats.ts';
import { useMessages } from '../messages/messages.ts';
import { Table } from '../ui/Table.tsx';
import { usageMessages } from './messages.ts';
import type { Series } from './series.ts';

export interface ChartProps {
  readonly title: string;
  readonly series: Series;
  readonly format: (value: number) => string;
  readonly formatTime: (ms: number) => string;
  /** How much time is shown, up to the last value. */
  readonly spanS: number;
  /** Chooses what is drawn. */
  readonly control?: ReactNode;
}

const HEIGHT_PX = 240;
const AXIS_WIDTH_PX = 76;
/** Room for a day's name in any language. */
const TIME_LABEL_WIDTH_PX = 90;

/** Told apart without colour too: by their place in the legend, which follows the pointer, and by the table below. */
const COLOURS = ['#5865f2', '#e08600', '#1f9d6b', '#d1495b', '#8a63d2', '#5b7083'];

/** Lines over time, and the same as a table for whoever does not see them. */
export function Chart({ title, control, ...plotted }: ChartProps): ReactNode {
  const texts = useMessages(usageMessages);
  const { series, format, formatTime } = plotted;
  const { lines, timesS } = series;
  return (
    <section className="panel stack-tight" aria-label={title}>
      <div className="chart-head">
        <h2>{title}</h2>
        {control}
      </div>
      <Plot {...plotted} />
      <details>
        <summary>{texts.asTable}</summary>
        <div className="chart-table">
          <Table
            columns={[{ name: texts.time }, ...lines.map(({ name }) => ({ name, isNumber: true }))]}
          >
            {timesS.map((timeS, index) => (
              <tr key={timeS}>
                <th scope="row">{formatTime(timeS * 1000)}</th>
                {lines.map(({ name, values }) => (
                  <td key={name} className="table-number">
                    {formatted(values[index], format)}
                  </td>
                ))}
              </tr>
            ))}
          </Table>
        </div>
      </details>
    </section>
  );
}

function Plot({ series, format, formatTime, spanS }: Omit<ChartProps, 'title'>): ReactNode {
  const texts = useMessages(usageMessages);
  const frame = useRef<HTMLDivElement>(null);
  const formats = useFormats();
  useEffect(() => {
    const element = frame.current;
    if (element === null) return undefined;
    const ink = (): string => getComputedStyle(element).color;
    const endS = series.timesS.at(-1) ?? 0;
    const plot = new UPlot(
      {
        width: element.clientWidth,
        height: HEIGHT_PX,
        scales: { x: { range: [endS - spanS, endS] } },
        axes: [
          {
            stroke: ink,
            grid: { show: false },
            space: TIME_LABEL_WIDTH_PX,
            values: (_, timesS, _axis, _space, stepS) => timeLabels(timesS, stepS, formats),
          },
          {
            stroke: ink,
            size: AXIS_WIDTH_PX,
            grid: { stroke: 'rgb(128 128 128 / 25%)', width: 1 },
            values: (_, values) => values.map(format),
          },
        ],
        series: [
          {
            label: texts.time,
            value: (_: UPlot, timeS: number | null) =>
              formatted(timeS === null ? null : timeS * 1000, formatTime),
          },
          ...series.lines.map(({ name }, index) => ({
            label: name,
            stroke: COLOURS[index % COLOURS.length] ?? ink(),
            width: 2,
            spanGaps: true,
            points: { size: 6 },
            value: (_: UPlot, value: number | null) => formatted(value, format),
          })),
        ],
      },
      [[...series.timesS], ...series.lines.map(({ values }) => [...values])],
      element,
    );
    const resized = new ResizeObserver(() => {
      plot.setSize({ width: element.clientWidth, height: HEIGHT_PX });
    });
    resized.observe(element);
    const forgetTheme = onThemeChange(() => plot.redraw(false));
    return () => {
      forgetTheme();
      resized.disconnect();
      plot.destroy();
    };
  }, [series, format, formatTime, spanS, formats, texts]);
  return <div ref={frame} className="plot" aria-hidden="true" />;
}

const DAY_S = 86_400;

/** Times of the day, with the day below the first of each; days alone where steps are that long. */
function timeLabels(timesS: readonly number[], stepS: number, { clock, day }: Formats): string[] {
  const days = timesS.map((timeS) => day(timeS * 1000));
  return timesS.map((timeS, index) => {
    const named = days[index] ?? '';
    if (stepS >= DAY_S) return named;
    const time = clock(timeS * 1000);
    return named === days[index - 1] ? time : `${time}\n${named}`;
  });
}

function formatted(value: number | null | undefined, format: (value: number) => string): string {
  return value === null || value === undefined ? '–' : format(value);
}
