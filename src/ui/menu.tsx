import { DropdownMenu } from 'radix-ui';
import { type ReactElement, type ReactNode, useRef, useState } from 'react';

/**
 * Where what a button opens stands in the document: in the dialog around it, else among the main
 * content, for screen readers look for everything in a landmark.
 */
export function usePopupPlace() {
  const trigger = useRef<HTMLButtonElement>(null);
  const [container, setContainer] = useState<HTMLElement | null>(null);
  const onOpenChange = (open: boolean) => {
    if (!open) return;
    const dialog = trigger.current?.closest<HTMLElement>('[role="dialog"]');
    setContainer(dialog ?? document.querySelector('main'));
  };
  return { trigger, container, onOpenChange };
}

/**
 * What a button opens to choose from. The page around stays as it is, for people who see it and for
 * screen readers alike.
 */
export function Menu(props: {
  /** The button. */
  trigger: ReactElement;
  align?: 'start' | 'end';
  children: ReactNode;
}) {
  const { trigger, container, onOpenChange } = usePopupPlace();
  return (
    <DropdownMenu.Root modal={false} onOpenChange={onOpenChange}>
      <DropdownMenu.Trigger asChild ref={trigger}>
        {props.trigger}
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal container={container}>
        <DropdownMenu.Content
          className="popup"
          align={props.align ?? 'end'}
          sideOffset={4}
          collisionPadding={8}
        >
          {props.children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

/** One choice, in a word and what it means. */
export function MenuItem(props: {
  label: string;
  detail?: string;
  disabled?: boolean;
  onSelect(): void;
}) {
  return (
    <DropdownMenu.Item className="popup__item" disabled={props.disabled} onSelect={props.onSelect}>
      <div>
        {props.label}
        {props.detail && <small>{props.detail}</small>}
      </div>
    </DropdownMenu.Item>
  );
}

export function MenuLine() {
  return <DropdownMenu.Separator className="popup__line" />;
}
