import { DropdownMenu } from 'radix-ui';
import { useStudio } from '../../state/react';
import { Button, IconButton } from '../../ui/controls';
import { saveFile } from '../../ui/download';
import { Icon } from '../../ui/icons';
import { Menu, MenuItem, MenuLine } from '../../ui/menu';
import './session.css';

/** What concerns the whole of the work: back and forth, views, the experiment. */
export function SessionBar() {
  const canUndo = useStudio((state) => state.canUndo);
  const canRedo = useStudio((state) => state.canRedo);
  const undo = useStudio((state) => state.undo);
  const redo = useStudio((state) => state.redo);
  return (
    <>
      <IconButton icon="undo" label="Undo (Ctrl+Z)" disabled={!canUndo} onClick={undo} />
      <IconButton icon="redo" label="Redo (Ctrl+Shift+Z)" disabled={!canRedo} onClick={redo} />
      <ViewsMenu />
      <SaveExperiment />
    </>
  );
}

function ViewsMenu() {
  const views = useStudio((state) => state.savedViews);
  const save = useStudio((state) => state.saveView);
  const show = useStudio((state) => state.showView);
  const remove = useStudio((state) => state.removeView);
  const present = useStudio((state) => state.present);
  return (
    <Menu
      trigger={
        <Button variant="quiet" data-testid="views">
          Views{views.length > 0 && ` ${views.length}`}
          <Icon name="chevron" />
        </Button>
      }
    >
      <MenuItem
        label="Save this view"
        detail="Panes, bands, zoom and close-ups, to come back to (V)"
        onSelect={() => save()}
      />
      <MenuItem
        label="Present"
        detail="Large type, no panels; arrow keys step through the views (W)"
        onSelect={() => present(true)}
      />
      {views.length > 0 && <MenuLine />}
      {views.map(({ id, name }) => (
        <div key={id} className="view-item">
          <MenuItem label={name} onSelect={() => show(id)} />
          <DropdownMenu.Item
            className="popup__item view-item__remove"
            aria-label={`Remove ${name}`}
            onSelect={(event) => {
              event.preventDefault();
              remove(id);
            }}
          >
            <Icon name="close" />
          </DropdownMenu.Item>
        </div>
      ))}
    </Menu>
  );
}

function SaveExperiment() {
  const saving = useStudio((state) => state.savingExperiment);
  const busy = useStudio((state) => state.job !== undefined);
  const save = useStudio((state) => state.saveExperiment);
  const onClick = async () => {
    const written = await save();
    if (written) saveFile(written.name, written.bytes);
  };
  return (
    <Button
      variant="quiet"
      icon="save"
      disabled={busy || saving}
      data-testid="save-experiment"
      onClick={onClick}
    >
      {saving ? 'Saving…' : 'Save experiment'}
    </Button>
  );
}
