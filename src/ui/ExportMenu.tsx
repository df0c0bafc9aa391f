import { DropdownMenu } from 'radix-ui';
import { type ReactNode, useState } from 'react';
import { NoticeBox } from './blocks';
import { Button, type ButtonProps, grouped } from './controls';
import './exportMenu.css';
import type { Export } from './exports';
import { Menu, MenuItem, MenuLine } from './menu';

interface ExportMenuProps extends Pick<ButtonProps, 'disabled' | 'variant' | 'className'> {
  /** Completes “Export …” for assistive technology, e.g. `the spectra`. */
  readonly what: string;
  readonly testId: string;
  readonly choices: readonly Export[];
  /** Takes the place of “Export” on the button. */
  readonly label?: string;
  /** More items, below a line. */
  readonly children?: ReactNode;
}

/** The ways out for what a view shows; what fails is said in the corner of the page. */
export function ExportMenu(props: ExportMenuProps) {
  const { what, testId, choices, label = 'Export', children, ...button } = props;
  const [problem, setProblem] = useState<string>();
  const run = async (choice: Export) => {
    setProblem(undefined);
    try {
      await choice.run();
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <span className="export">
      <Menu
        trigger={
          <Button {...button} icon="save" aria-label={`${label} ${what}`} data-testid={testId}>
            <span className="export__word">{label}</span>
          </Button>
        }
      >
        {grouped(choices).map(({ heading, members }) => (
          <DropdownMenu.Group key={heading ?? ''} aria-label={heading}>
            {heading && <DropdownMenu.Label className="popup__label">{heading}</DropdownMenu.Label>}
            {members.map((choice) => (
              <MenuItem key={choice.label} {...choice} onSelect={() => run(choice)} />
            ))}
          </DropdownMenu.Group>
        ))}
        {children && choices.length > 0 && <MenuLine />}
        {children}
      </Menu>
      {problem && (
        <span className="export__problem">
          <NoticeBox onClose={() => setProblem(undefined)}>{problem}</NoticeBox>
        </span>
      )}
    </span>
  );
}
