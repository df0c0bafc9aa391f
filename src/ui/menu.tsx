import { DropdownMenu } from 'radix-ui';
import type { ComponentProps, ReactNode } from 'react';
import { Icon } from './icons';
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

interface MenuCheckProps {
  readonly label: string;
  readonly detail?: string;
  readonly checked: boolean;
  onChange(checked: boolean): void;
}

/** Something that is on or off; the menu stays open. */
export function MenuCheck({ label, detail, checked, onChange }: MenuCheckProps) {
  return (
    <DropdownMenu.CheckboxItem
      className="popup__item"
      checked={checked}
      onCheckedChange={onChange}
      onSelect={(event) => event.preventDefault()}
    >
      <DropdownMenu.ItemIndicator className="popup__check">
        <Icon name="check" />
      </DropdownMenu.ItemIndicator>
      <div>
        {label}
        {detail && <small>{detail}</small>}
      </div>
    </DropdownMenu.CheckboxItem>
  );
}

export function MenuLine() {
  return <DropdownMenu.Separator className="popup__line" />;
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return <DropdownMenu.Label className="popup__label">{children}</DropdownMenu.Label>;
}
