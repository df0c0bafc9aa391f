import { DropdownMenu, Slider as RadixSlider, ToggleGroup, Tooltip } from 'radix-ui';
import {
  type ButtonHTMLAttributes,
  type CSSProperties,
  type MouseEvent,
  type ReactNode,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { Icon, type IconName } from './icons';
import { usePopupHome } from './landmark';

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
  const onClick = (event: MouseEvent) => {
    event.preventDefault();
    setOpen(true);
  };
  return (
    <Tooltip.Root open={open} onOpenChange={setOpen}>
      <Tooltip.Trigger asChild onClick={pressed ? onClick : undefined}>
        {children}
      </Tooltip.Trigger>
      <Tooltip.Portal container={usePopupHome()}>
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

/** One of many: a list below a button, which leaves the page around it within reach. */
export function Select<T extends string>(props: SelectProps<T>) {
  const { label, value, choices, onChange, placeholder } = props;
  const chosen = choices.find((choice) => choice.value === value);
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger
        className="select"
        role="combobox"
        aria-haspopup="listbox"
        aria-label={label}
      >
        <span>{chosen?.label ?? placeholder}</span>
        <Icon name="chevron" />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal container={usePopupHome()}>
        <DropdownMenu.Content
          className="popup"
          role="listbox"
          aria-label={label}
          align="start"
          sideOffset={4}
          collisionPadding={8}
        >
          {grouped(choices).map(({ heading, members }) => (
            <DropdownMenu.Group key={heading ?? ''} aria-label={heading}>
              {heading && <div className="popup__label">{heading}</div>}
              {members.map((choice) => (
                <SelectItem
                  key={choice.value}
                  choice={choice}
                  chosen={choice === chosen}
                  onChoose={() => onChange(choice.value)}
                />
              ))}
            </DropdownMenu.Group>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

interface SelectItemProps {
  readonly choice: Choice<string>;
  readonly chosen: boolean;
  onChoose(): void;
}

function SelectItem({ choice, chosen, onChoose }: SelectItemProps) {
  const { label, detail, disabled } = choice;
  const id = useId();
  const item = useRef<HTMLDivElement>(null);
  // Whoever opens the list starts from what is chosen. It is placed, and may be scrolled, a frame later.
  useLayoutEffect(() => {
    if (!chosen) return;
    item.current?.focus({ preventScroll: true });
    const frame = requestAnimationFrame(() => item.current?.scrollIntoView({ block: 'nearest' }));
    return () => cancelAnimationFrame(frame);
  }, [chosen]);
  return (
    <DropdownMenu.Item
      ref={item}
      className="popup__item"
      role="option"
      aria-selected={chosen}
      aria-labelledby={id}
      aria-describedby={detail && `${id}-detail`}
      textValue={label}
      disabled={disabled}
      onSelect={onChoose}
    >
      {chosen && (
        <span className="popup__check">
          <Icon name="check" />
        </span>
      )}
      <div>
        <span id={id}>{label}</span>
        {detail && <small id={`${id}-detail`}>{detail}</small>}
      </div>
    </DropdownMenu.Item>
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
export const KEY_STEPS: Readonly<Record<string, number>> = {
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
