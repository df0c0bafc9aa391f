import { Field } from '../../ui/blocks';
import { Button, Slider } from '../../ui/controls';
import { fixed } from '../../ui/format';

interface FactorControlProps {
  readonly title: string;
  /** Name of the slider for assistive technology. */
  readonly label: string;
  readonly factor: number;
  readonly disabled?: boolean;
  onChange(factor: number): void;
}

/** By how much latents are scaled, 0 … 2. */
export function FactorControl(props: FactorControlProps) {
  const { title, label, factor, disabled, onChange } = props;
  const text = fixed(factor, 2);
  return (
    <Field label={title} value={!disabled && `× ${text}`}>
      <div className="edits__row">
        <Slider
          label={label}
          value={factor}
          min={0}
          max={2}
          step={0.05}
          valueText={`times ${text}`}
          disabled={disabled}
          // Steps of the slider are no exact decimals.
          onChange={(next) => onChange(Math.round(next * 100) / 100)}
        />
        <Button disabled={disabled} onClick={() => onChange(0)}>
          Zero
        </Button>
      </div>
    </Field>
  );
}
