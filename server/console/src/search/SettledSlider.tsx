import { useState, type ReactNode } from 'react';

import { Slider } from '../ui/Slider.tsx';

export interface SettledSliderProps {
  readonly label: string;
  /** 0 to 1. */
  readonly value: number;
  readonly onChange: (value: number) => void;
}

/** Searches when it is let go, not on the way. */
export function SettledSlider({ label, value, onChange }: SettledSliderProps): ReactNode {
  const [shown, setShown] = useState(value);
  return (
    <Slider
      label={label}
      min={0}
      max={1}
      step={0.01}
      value={shown}
      onChange={setShown}
      onChangeEnd={onChange}
    />
  );
}
