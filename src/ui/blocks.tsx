import { Dialog as RadixDialog } from 'radix-ui';
import { type ReactNode, useId, useState } from 'react';
import { Icon } from './icons';
import { PopupHome } from './landmark';

/** A titled section of a side panel. */
export function Panel(props: { title: ReactNode; aside?: ReactNode; children: ReactNode }) {
  const id = useId();
  return (
    <section className="panel" aria-labelledby={id}>
      <h2 className="panel__title">
        <span id={id} className="truncate">
          {props.title}
        </span>
        {props.aside}
      </h2>
      {props.children}
    </section>
  );
}

/** A label with its value on the right, above a control. */
export function Field(props: { label: string; value?: ReactNode; children: ReactNode }) {
  return (
    <div className="field">
      <div className="field__label">
        <span>{props.label}</span>
        {props.value !== undefined && <span className="field__value">{props.value}</span>}
      </div>
      {props.children}
    </div>
  );
}

interface NoticeProps {
  readonly kind?: 'error' | 'question' | 'info';
  readonly children: ReactNode;
  readonly actions?: ReactNode;
  readonly onClose?: () => void;
}

/** A calm sentence beside the place where something happened. */
export function NoticeBox({ kind = 'error', children, actions, onClose }: NoticeProps) {
  return (
    <div className={`notice notice--${kind}`} role={kind === 'error' ? 'alert' : 'status'}>
      <Icon name="caution" />
      <div className="notice__body">
        {children}
        {actions && <div className="notice__actions">{actions}</div>}
      </div>
      {onClose && (
        <button type="button" className="notice__close" aria-label="Dismiss" onClick={onClose}>
          <Icon name="close" />
        </button>
      )}
    </div>
  );
}

export function ProgressBar({ done, label }: { done: number; label: string }) {
  const percent = Math.round(100 * done);
  return (
    <div
      className="progress"
      role="progressbar"
      aria-label={label}
      aria-valuenow={percent}
      aria-valuemin={0}
      aria-valuemax={100}
    >
      <div className="progress__bar" style={{ width: `${percent}%` }} />
    </div>
  );
}

interface DialogProps {
  readonly title: string;
  readonly open: boolean;
  onOpenChange(open: boolean): void;
  readonly children: ReactNode;
  /** For forms and tables. */
  readonly wide?: boolean;
}

export function Dialog({ title, open, onOpenChange, children, wide }: DialogProps) {
  const [home, setHome] = useState<HTMLElement | null>(null);
  return (
    <RadixDialog.Root open={open} onOpenChange={onOpenChange}>
      <RadixDialog.Portal>
        <RadixDialog.Overlay className="dialog__scrim" />
        <RadixDialog.Content
          ref={setHome}
          className={`dialog${wide ? ' dialog--wide' : ''}`}
          aria-describedby={undefined}
        >
          <div className="dialog__head">
            <RadixDialog.Title className="dialog__title">{title}</RadixDialog.Title>
            <RadixDialog.Close className="button button--quiet button--icon" aria-label="Close">
              <Icon name="close" />
            </RadixDialog.Close>
          </div>
          <PopupHome at={home}>{children}</PopupHome>
        </RadixDialog.Content>
      </RadixDialog.Portal>
    </RadixDialog.Root>
  );
}

/** What scrolls takes the focus, so that arrow keys reach all of it. */
const FOCUSABLE = { tabIndex: 0 } as const;

/** A named region that scrolls by keyboard too. */
export function ScrollRegion(props: { label: string; className: string; children: ReactNode }) {
  return (
    <section className={props.className} aria-label={props.label} {...FOCUSABLE}>
      {props.children}
    </section>
  );
}
