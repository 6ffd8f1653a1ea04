import type { ReactNode } from 'react';
import {
  Label,
  Slider as AriaSlider,
  SliderOutput,
  SliderThumb,
  SliderTrack,
} from 'react-aria-components';

import './fields.css';

export interface SliderProps {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly onChange: (value: number) => void;
  /** When the thumb is let go. */
  readonly onChangeEnd?: (value: number) => void;
}

export function Slider({
  label,
  min,
  max,
  value,
  onChange,
  onChangeEnd,
  step,
}: SliderProps): ReactNode {
  const one = (change: number | number[]): number =>
    Array.isArray(change) ? (change[0] ?? min) : change;
  return (
    <AriaSlider
      className="slider"
      minValue={min}
      maxValue={max}
      step={step}
      value={value}
      onChange={(change) => onChange(one(change))}
      onChangeEnd={(change) => onChangeEnd?.(one(change))}
      formatOptions={{ minimumFractionDigits: 2 }}
    >
      <Label className="field-label">{label}</Label>
      <SliderOutput className="field-label" />
      <SliderTrack className="slider-track">
        <SliderThumb className="slider-thumb" />
      </SliderTrack>
    </AriaSlider>
  );
}
