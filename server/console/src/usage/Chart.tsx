import { useEffect, useRef, type ReactNode } from 'react';
import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

import { useLanguage, useMessages } from '../messages/messages.ts';
import { usageMessages } from './messages.ts';
import type { Series } from './series.ts';

export interface ChartProps {
  readonly title: string;
  readonly series: Series;
  readonly format: (value: number) => string;
  readonly formatTime: (ms: number) => string;
}

const HEIGHT_PX = 240;
const AXIS_WIDTH_PX = 76;

/** Told apart without colour too: by their place in the legend, which follows the pointer, and by the table below. */
const COLOURS = ['#5865f2', '#e08600', '#1f9d6b', '#d1495b', '#8a63d2', '#5b7083'];

/** Lines over time, and the same as a table for whoever does not see them. */
export function Chart({ title, series, format, formatTime }: ChartProps): ReactNode {
  const texts = useMessages(usageMessages);
  return (
    <section className="panel stack-tight" aria-label={title}>
      <h2>{title}</h2>
      <Plot series={series} format={format} />
      <details>
        <summary>{texts.asTable}</summary>
        <div className="table-frame chart-table">
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{texts.time}</th>
                {series.lines.map(({ name }) => (
                  <th key={name} scope="col" className="table-number">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {series.timesS.map((timeS, index) => (
                <tr key={timeS}>
                  <th scope="row">{formatTime(timeS * 1000)}</th>
                  {series.lines.map(({ name, values }) => (
                    <td key={name} className="table-number">
                      {formatted(values[index], format)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </section>
  );
}

function Plot({ series, format }: Pick<ChartProps, 'series' | 'format'>): ReactNode {
  const frame = useRef<HTMLDivElement>(null);
  const { language } = useLanguage();
  useEffect(() => {
    const element = frame.current;
    if (element === null) return undefined;
    const ink = getComputedStyle(element).color;
    const plot = new UPlot(
      {
        width: element.clientWidth,
        height: HEIGHT_PX,
        axes: [
          { stroke: ink, grid: { show: false } },
          {
            stroke: ink,
            size: AXIS_WIDTH_PX,
            grid: { stroke: 'rgb(128 128 128 / 25%)', width: 1 },
            values: (_, values) => values.map(format),
          },
        ],
        series: [
          {},
          ...series.lines.map(({ name }, index) => ({
            label: name,
            stroke: COLOURS[index % COLOURS.length] ?? ink,
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
    return () => {
      resized.disconnect();
      plot.destroy();
    };
  }, [series, format, language]);
  return <div ref={frame} className="plot" aria-hidden="true" />;
}

function formatted(value: number | null | undefined, format: (value: number) => string): string {
  return value === null || value === undefined ? '–' : format(value);
}
