import { DropdownMenu } from 'radix-ui';
import type { ComponentProps, ReactNode } from 'react';
import { usePopupHome } from './landmark';

interface MenuProps {
  /** The button that opens it. */
  readonly trigger: ReactNode;
  readonly align?: 'start' | 'end';
  readonly children: ReactNode;
}

/** A menu below a button. The page around it stays within reach, to assistive technology too. */
export function Menu({ trigger, align = 'end', children }: MenuProps) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal container={usePopupHome()}>
        <DropdownMenu.Content className="popup" align={align} sideOffset={4} collisionPadding={8}>
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

interface MenuItemProps extends Omit<ComponentProps<typeof DropdownMenu.Item>, 'children'> {
  readonly label: string;
  readonly detail?: string;
}

/** Something to be done, in a word and a line. */
export function MenuItem({ label, detail, ...rest }: MenuItemProps) {
  return (
    <DropdownMenu.Item className="popup__item" {...rest}>
      <div>
        {label}
        {detail && <small>{detail}</small>}
      </div>
    </DropdownMenu.Item>
  );
}

export function MenuLine() {
  return <DropdownMenu.Separator className="popup__line" />;
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return <DropdownMenu.Label className="popup__label">{children}</DropdownMenu.Label>;
}
