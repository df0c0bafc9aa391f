import { batchCodec } from '../../state/batch';
import { type BatchFileState, type BatchTask, planBatch } from '../../state/batchPlan';
import { useStudio, useStudioStore } from '../../state/react';
import { ScrollRegion } from '../../ui/blocks';
import { bytes, fixed, small } from '../../ui/format';

const STATES: Readonly<Record<BatchFileState, string>> = {
  waiting: 'Waiting',
  running: 'Running',
  done: 'Done',
  failed: 'Failed',
  kept: 'There already',
};

/** The files of the batch as they run, or as they would. */
function useTasks(): readonly BatchTask[] {
  const { getState } = useStudioStore();
  const running = useStudio((state) => state.batch?.tasks);
  const cubes = useStudio((state) => state.batchCubes);
  const rates = useStudio((state) => state.batchChoice.rates);
  const codecId = useStudio(batchCodec);
  if (running) return running;
  const codec = getState().codecs.find(({ id }) => id === codecId);
  return codec ? planBatch(cubes, codec, rates) : [];
}

/** One row a file that is made. */
export function BatchTable() {
  const tasks = useTasks();
  if (tasks.length === 0) return null;
  return (
    <ScrollRegion className="batch__table" label="Files of the batch">
      <table>
        <thead>
          <tr>
            <th scope="col">Image</th>
            <th scope="col">Target</th>
            <th scope="col">State</th>
            <th scope="col">Size</th>
            <th scope="col">bpp</th>
            <th scope="col">PSNR dB</th>
            <th scope="col">SAM °</th>
          </tr>
        </thead>
        <tbody>
          {tasks.map((task) => (
            <Row key={task.id} task={task} />
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

function Row({ task }: { task: BatchTask }) {
  const { cube, rate, state, message, row } = task;
  const figure = (name: string) => (row?.[name] === 'inf' ? Infinity : Number(row?.[name]));
  const made = state === 'done' || state === 'kept';
  return (
    <tr data-testid="batch-row" data-state={state}>
      <th scope="row" className="truncate" title={[cube.folder, cube.name].join('/')}>
        {cube.name}
      </th>
      <td>{rate === undefined ? '–' : fixed(rate, 2)}</td>
      <td className={`batch__state batch__state--${state}`}>{STATES[state]}</td>
      {made ? (
        <>
          <td>{bytes(figure('bytes'))}</td>
          <td>{small(figure('bpp'))}</td>
          <td>{fixed(figure('psnr'), 2)}</td>
          <td>{fixed(figure('sam'), 2)}</td>
        </>
      ) : (
        <td colSpan={4} className="batch__message">
          {message}
        </td>
      )}
    </tr>
  );
}
