import { type Batch, batchCodec, isBusy } from '../../state/batch';
import { folderOutput } from '../../state/batchOutput';
import { batchRates } from '../../state/batchPlan';
import { useStudio } from '../../state/react';
import { ProgressBar } from '../../ui/blocks';
import { Button } from '../../ui/controls';
import { saveFile } from '../../ui/download';

/** Chromium has it; types of the DOM do not. */
interface FolderAccess {
  showDirectoryPicker?(options: {
    id: string;
    mode: 'readwrite';
  }): Promise<FileSystemDirectoryHandle>;
}

/** Where the files go, and start, pause, resume, cancel. */
export function BatchRunner() {
  const batch = useStudio((state) => state.batch);
  const ready = useStudio((state) => {
    const codec = state.codecs.find(({ id }) => id === batchCodec(state));
    const made = codec ? batchRates(codec, state.batchChoice.rates).length : 0;
    return Boolean(state.backend) && made > 0 && state.batchCubes.length > 0;
  });
  const start = useStudio((state) => state.startBatch);
  const pause = useStudio((state) => state.pauseBatch);
  const resume = useStudio((state) => state.resumeBatch);
  const cancel = useStudio((state) => state.cancelBatch);
  const busy = isBusy(batch);
  return (
    <>
      {batch && (
        <div className="batch__progress" aria-live="polite">
          <ProgressBar done={batch.done} label="Progress of the batch" />
          <span className="muted small" data-testid="batch-state">
            {told(batch)}
          </span>
        </div>
      )}
      <div className="batch__foot">
        <OutputChoice />
        <span className="batch__gap" />
        {batch && busy ? (
          <>
            <Button onClick={cancel} disabled={batch.state === 'cancelling'}>
              Cancel
            </Button>
            {batch.state === 'running' ? (
              <Button variant="primary" onClick={pause}>
                Pause
              </Button>
            ) : (
              <Button variant="primary" onClick={resume} disabled={batch.state === 'cancelling'}>
                Resume
              </Button>
            )}
          </>
        ) : (
          <>
            <SaveArchive />
            <Button
              variant={batch?.state === 'done' ? 'plain' : 'primary'}
              disabled={!ready}
              data-testid="batch-start"
              onClick={start}
            >
              {batch ? 'Start again' : 'Start'}
            </Button>
          </>
        )}
      </div>
    </>
  );
}

function OutputChoice() {
  const output = useStudio((state) => state.batchOutput);
  const setOutput = useStudio((state) => state.setBatchOutput);
  const busy = useStudio((state) => isBusy(state.batch));
  const access = window as FolderAccess;
  const choose = async () => {
    try {
      const folder = await access.showDirectoryPicker?.({ id: 'hsc-batch', mode: 'readwrite' });
      if (folder) setOutput(folderOutput(folder));
    } catch (error) {
      // Closing the browser's dialog is a choice too: the output stays what it was.
      if (!(error instanceof DOMException) || error.name !== 'AbortError') throw error;
    }
  };
  return (
    <>
      {access.showDirectoryPicker && (
        <Button icon="folder" disabled={busy} data-testid="batch-output" onClick={choose}>
          Output folder
        </Button>
      )}
      <span className="muted truncate batch__label">{output?.label ?? 'One .zip at the end'}</span>
    </>
  );
}

function SaveArchive() {
  const output = useStudio((state) => state.batchOutput);
  const some = useStudio(({ batch }) => batch?.tasks.some(({ row }) => row !== undefined) ?? false);
  if (!some || !output?.archive) return null;
  const save = async () => {
    const archive = await output.archive?.();
    if (archive) saveFile('batch.zip', new Uint8Array(await archive.arrayBuffer()));
  };
  return (
    <Button variant="primary" icon="save" data-testid="batch-zip" onClick={save}>
      Save .zip
    </Button>
  );
}

function told({ state, tasks, secondsLeft, label }: Batch): string {
  const of = (wanted: string) => tasks.filter((task) => task.state === wanted).length;
  const [done, kept, failed] = [of('done'), of('kept'), of('failed')];
  const counts = [
    `${done + kept} of ${tasks.length} files${kept > 0 ? `, ${kept} of them there already` : ''}`,
    ...(failed > 0 ? [`${failed} failed`] : []),
  ].join(', ');
  const left = secondsLeft === undefined ? '' : ` · about ${duration(secondsLeft)} left`;
  const words = {
    running: `${counts}${left} · ${label}`,
    pausing: `${counts} · pausing after this file`,
    paused: `${counts} · paused`,
    cancelling: 'Cancelling…',
    cancelled: `${counts} · cancelled`,
    done: counts,
  };
  return words[state];
}

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
