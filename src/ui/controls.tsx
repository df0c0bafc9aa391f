import { DropdownMenu, Slider as RadixSlider, ToggleGroup, Tooltip } from 'radix-ui';
import {
  type ButtonHTMLAttributes,
  type CSSProperties,
  type MouseEvent,
  type ReactNode,
  useState,
} from 'react';
import { Icon, type IconName } from './icons';
import { usePopupPlace } from './menu';

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly variant?: 'primary' | 'plain' | 'quiet';
  readonly icon?: IconName;
  readonly wide?: boolean;
  readonly large?: boolean;
}

export function Button(props: ButtonProps) {
  const { variant = 'plain', icon, wide, large, className, children, ...rest } = props;
  const classes = [
    'button',
    `button--${variant}`,
    wide && 'button--wide',
    large && 'button--large',
    className,
  ];
  return (
    <button type="button" className={classes.filter(Boolean).join(' ')} {...rest}>
      {icon && <Icon name={icon} />}
      {children}
    </button>
  );
}

interface IconButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'children'> {
  readonly icon: IconName;
  /** Name for assistive technology, and the tooltip. */
  readonly label: string;
}

export function IconButton({ icon, label, ...rest }: IconButtonProps) {
  return (
    <Hint text={label}>
      <button
        type="button"
        className="button button--quiet button--icon"
        aria-label={label}
        {...rest}
      >
        <Icon name={icon} />
      </button>
    </Hint>
  );
}

interface HintProps {
  readonly text: string;
  /** Opens by a press too, which a touch screen has instead of hovering. */
  readonly pressed?: boolean;
  readonly children: ReactNode;
}

/** A tooltip around one focusable control. */
export function Hint({ text, pressed, children }: HintProps) {
  const [open, setOpen] = useState(false);
  const { trigger, container, onOpenChange } = usePopupPlace();
  const change = (next: boolean) => {
    onOpenChange(next);
    setOpen(next);
  };
  const onClick = (event: MouseEvent) => {
    event.preventDefault();
    change(true);
  };
  return (
    <Tooltip.Root open={open} onOpenChange={change}>
      <Tooltip.Trigger asChild ref={trigger} onClick={pressed ? onClick : undefined}>
        {children}
      </Tooltip.Trigger>
      <Tooltip.Portal container={container}>
        <Tooltip.Content className="tooltip" sideOffset={6} collisionPadding={8}>
          {text}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}

export interface Choice<T extends string> {
  readonly value: T;
  readonly label: string;
  readonly detail?: string;
  readonly disabled?: boolean;
  /** Heading that it stands under in a list; choices of a group follow one another. */
  readonly group?: string;
}

interface SegmentedProps<T extends string> {
  readonly label: string;
  readonly value: T | undefined;
  readonly choices: readonly Choice<T>[];
  onChange(value: T): void;
}

/** One of a few, all in sight. Arrow keys move between them. */
export function Segmented<T extends string>(props: SegmentedProps<T>) {
  const { label, value, choices, onChange } = props;
  return (
    <ToggleGroup.Root
      type="single"
      className="segmented"
      aria-label={label}
      value={value ?? ''}
      onValueChange={(next) => next && onChange(next as T)}
    >
      {choices.map((choice) => (
        <ToggleGroup.Item
          key={choice.value}
          className="segmented__item"
          value={choice.value}
          disabled={choice.disabled}
        >
          {choice.label}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}

interface SelectProps<T extends string> extends SegmentedProps<T> {
  readonly placeholder?: string;
}

/**
 * One of many: a menu of one choice that screen readers know as a list box. radix-ui's own select hides
 * the page around from them while it is open.
 */
export function Select<T extends string>(props: SelectProps<T>) {
  const { label, value, choices, onChange, placeholder } = props;
  const chosen = choices.find((choice) => choice.value === value);
  const { trigger, container, onOpenChange } = usePopupPlace();
  return (
    <DropdownMenu.Root modal={false} onOpenChange={onOpenChange}>
      <DropdownMenu.Trigger
        ref={trigger}
        className="select"
        role="combobox"
        aria-haspopup="listbox"
        aria-label={label}
      >
        <span>{chosen?.label ?? placeholder}</span>
        <Icon name="chevron" />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal container={container}>
        <DropdownMenu.Content
          className="popup"
          role="listbox"
          aria-label={label}
          align="start"
          sideOffset={4}
          collisionPadding={8}
          ref={focusChosen}
        >
          <DropdownMenu.RadioGroup value={value} onValueChange={(next) => onChange(next as T)}>
            {grouped(choices).map(({ heading, members }) => (
              <DropdownMenu.Group key={heading ?? ''} aria-label={heading}>
                {heading && (
                  <DropdownMenu.Label className="popup__label" aria-hidden="true">
                    {heading}
                  </DropdownMenu.Label>
                )}
                {members.map((choice) => (
                  <SelectItem key={choice.value} choice={choice} chosen={choice.value === value} />
                ))}
              </DropdownMenu.Group>
            ))}
          </DropdownMenu.RadioGroup>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

/** Keys start from what is chosen, which is in sight. */
function focusChosen(list: HTMLElement | null): void {
  if (!list) return;
  requestAnimationFrame(() => {
    list.querySelector<HTMLElement>('[aria-selected="true"]')?.focus();
  });
}

function SelectItem({ choice, chosen }: { choice: Choice<string>; chosen: boolean }) {
  return (
    <DropdownMenu.RadioItem
      className="popup__item"
      role="option"
      aria-selected={chosen}
      aria-label={choice.label}
      aria-description={choice.detail}
      value={choice.value}
      disabled={choice.disabled}
      textValue={choice.label}
    >
      <DropdownMenu.ItemIndicator className="popup__check">
        <Icon name="check" />
      </DropdownMenu.ItemIndicator>
      <div>
        {choice.label}
        {choice.detail && <small>{choice.detail}</small>}
      </div>
    </DropdownMenu.RadioItem>
  );
}

/** Choices under their headings, in the order of their first members. */
export function grouped<T extends { readonly group?: string }>(
  choices: readonly T[],
): readonly { readonly heading: string | undefined; readonly members: readonly T[] }[] {
  const groups = new Map<string | undefined, T[]>();
  for (const choice of choices) {
    groups.set(choice.group, [...(groups.get(choice.group) ?? []), choice]);
  }
  return [...groups].map(([heading, members]) => ({ heading, members }));
}

interface SliderProps {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  /** What assistive technology reads for the value. */
  readonly valueText: string;
  readonly colour?: string;
  readonly ticks?: readonly { readonly value: number; readonly label: string }[];
  readonly disabled?: boolean;
  /** Parts of the range without any value. */
  readonly gaps?: readonly (readonly [number, number])[];
  /** For tests and tools: which of the values that can be chosen this is. */
  readonly position?: number;
  onChange(value: number): void;
  /** Takes the place of a step of fixed size by the keyboard. */
  onStep?(steps: number): void;
}

/** Steps of the keys that move a slider; a page is ten. */
const KEY_STEPS: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowDown: -1,
  ArrowRight: 1,
  ArrowUp: 1,
  PageDown: -10,
  PageUp: 10,
};

export function Slider(props: SliderProps) {
  const { label, value, min, max, step, valueText, colour, ticks, disabled, onChange } = props;
  const { gaps = [], position, onStep } = props;
  const share = (at: number) => (100 * (at - min)) / (max - min);
  const style = colour ? ({ '--slider-colour': colour } as CSSProperties) : undefined;
  return (
    <div>
      <RadixSlider.Root
        className="slider"
        style={style}
        value={[value]}
        min={min}
        max={max}
        step={step}
        disabled={disabled}
        onValueChange={([next]) => onChange(next)}
        onKeyDown={(event) => {
          const steps = (event.shiftKey ? 10 : 1) * (KEY_STEPS[event.key] ?? 0);
          if (!onStep || steps === 0) return;
          event.preventDefault();
          onStep(steps);
        }}
      >
        <RadixSlider.Track className="slider__track">
          <RadixSlider.Range className="slider__range" />
          {gaps.map(([from, to]) => (
            <span
              key={from}
              className="slider__gap"
              style={{ left: `${share(from)}%`, width: `${share(to) - share(from)}%` }}
            />
          ))}
        </RadixSlider.Track>
        <RadixSlider.Thumb
          className="slider__thumb"
          aria-label={label}
          aria-valuetext={valueText}
          data-position={position}
        />
      </RadixSlider.Root>
      {ticks && (
        <div className="slider__ticks" aria-hidden="true">
          {ticks.map((tick) => (
            <button
              key={tick.value}
              type="button"
              tabIndex={-1}
              className="slider__tick"
              style={{ left: `${share(tick.value)}%` }}
              onClick={() => onChange(tick.value)}
            >
              {tick.label}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
