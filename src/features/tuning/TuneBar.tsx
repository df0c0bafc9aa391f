import { useStudio, useStudioStore } from '../../state/react';
import { Button, Segmented } from '../../ui/controls';
import { Menu, MenuItem } from '../../ui/menu';
import { saveFile } from '../result/download';
import { exportName, toCsv } from './exports';

const EXPORTS = [
  { id: 'csv', label: 'CSV', detail: 'one row a step, one a validation file' },
  { id: 'svg', label: 'SVG', detail: 'the drawing, with a caption' },
  { id: 'png', label: 'PNG', detail: 'the drawing at twice its size' },
] as const;

/** What the stage shows, and the ways out for the curves. */
export default function TuneBar() {
  const shown = useStudio((state) => state.tuningShown);
  const setTuning = useStudio((state) => state.setTuning);
  return (
    <div className="tune-bar">
      <Segmented
        label="What is shown of fine-tuning"
        value={shown}
        choices={[
          { value: 'split', label: 'Split' },
          { value: 'progress', label: 'Progress' },
        ]}
        onChange={(next) => setTuning({ tuningShown: next })}
      />
      <ExportMenu />
    </div>
  );
}

function ExportMenu() {
  const store = useStudioStore();
  const empty = useStudio(({ tuningRun }) => !tuningRun || tuningRun.validations.length === 0);
  const save = async (id: (typeof EXPORTS)[number]['id']) => {
    const { tuningRun, codecs } = store.getState();
    if (!tuningRun) return;
    const start = tuningRun.request.codec;
    const codec = codecs.find((one) => one.id === start)?.label ?? start;
    const name = exportName(tuningRun, id);
    const text = (content: string) => saveFile(name, new TextEncoder().encode(content));
    if (id === 'csv') {
      text(toCsv(tuningRun));
      return;
    }
    const { toPng, toSvg } = await import('./drawing');
    if (id === 'svg') text(toSvg(tuningRun, codec));
    else saveFile(name, await toPng(tuningRun, codec));
  };
  return (
    <Menu
      trigger={
        <Button icon="save" disabled={empty} data-testid="export-tuning">
          Export
        </Button>
      }
    >
      {EXPORTS.map(({ id, label, detail }) => (
        <MenuItem key={id} label={label} detail={detail} onSelect={() => save(id)} />
      ))}
    </Menu>
  );
}
