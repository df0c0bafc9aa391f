import { Command as List } from 'cmdk';
import { Dialog } from 'radix-ui';
import { useState } from 'react';
import { useStudioStore } from '../state/react';
import { grouped } from '../ui/controls';
import { type Command, commandsFor } from './commands';
import './palette.css';

/** Everything the studio can do at the moment, found by typing a part of its name. */
export default function CommandPalette({ onClose }: { onClose(): void }) {
  const store = useStudioStore();
  // What can be done is what could be done when it was opened: the list must not move under a hand.
  const [commands] = useState(() => commandsFor(store.getState()));
  const run = (command: Command) => {
    onClose();
    command.run(store);
  };
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="dialog__scrim" />
        <Dialog.Content className="dialog palette" aria-describedby={undefined}>
          <Dialog.Title className="visually-hidden">Commands</Dialog.Title>
          <List label="Commands" loop>
            <List.Input className="palette__input" placeholder="What do you want to do?" />
            <div className="palette__body">
              <List.List className="palette__list" label="Commands">
                {grouped(commands).map(({ heading, members }) => (
                  <List.Group key={heading} heading={heading}>
                    {members.map((command) => (
                      <List.Item
                        key={command.id}
                        className="palette__item"
                        value={command.title}
                        keywords={command.keywords && [...command.keywords]}
                        onSelect={() => run(command)}
                      >
                        <span className="truncate">{command.title}</span>
                        {command.shown && <kbd>{command.shown}</kbd>}
                      </List.Item>
                    ))}
                  </List.Group>
                ))}
              </List.List>
              {/* Beside the list: a list of options holds options only. */}
              <List.Empty className="palette__empty">
                Nothing of that name can be done now.
              </List.Empty>
            </div>
          </List>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
