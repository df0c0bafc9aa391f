import { describe, expect, it, vi } from 'vitest';
import { parseCsv } from '../core/csv';
import { HscError } from '../core/errors';
import { memoryOutput } from './batchOutput';
import { TABLE_NAME } from './batchRun';
import { createStudio, type Engine } from './store';
import { fakeEngine, opened } from './testing';

const file = (name: string, size = 8) => new File([new Uint8Array(size)], name);
const FILES = ['d.npy', 'a.npy', 'b.img', 'b.hdr', 'c.npy'].map((name) => file(name));

async function studio(parts: Partial<Engine> = {}, output = memoryOutput()) {
  const engine = fakeEngine(parts);
  const store = createStudio(engine);
  await store.getState().startEngine();
  store.getState().setBatchFiles(FILES);
  store.getState().setBatchOutput(output);
  const rows = async () => parseCsv((await output.read(TABLE_NAME)) ?? '');
  return { engine, output, state: store.getState, rows };
}

const states = (state: ReturnType<typeof createStudio>['getState']) =>
  state().batch?.tasks.map((task) => task.state);

describe('a batch', () => {
  it('makes a file of every image, and a table', async () => {
    const { engine, output, state, rows } = await studio();
    expect(state().batchCubes.map(({ name }) => name)).toEqual([
      'a.npy',
      'b.img',
      'c.npy',
      'd.npy',
    ]);
    state().setBatch({ rates: [0.2, 1] });
    await state().startBatch();
    expect(state().batch?.state).toBe('done');
    expect(state().batch?.tasks).toHaveLength(8);
    expect(await output.has('a_hific-opt_0.20bpp.hsc')).toBe(true);
    const table = await rows();
    expect(table).toHaveLength(8);
    expect(table[0]).toMatchObject({ codec: 'hific-opt', rate: '0.2', psnr: '31.5', error: '' });
    // Every cube and every reconstruction is closed again.
    expect(engine.close).toHaveBeenCalledTimes(4 + 8);
  });

  it('goes on where an image or a file fails, and says what failed', async () => {
    const open: Engine['open'] = async (id, [first]) => {
      if (first.name === 'c.npy') throw new HscError('truncated', 'c.npy ends too early.');
      return opened(id);
    };
    const { engine, state, rows } = await studio({ open });
    vi.mocked(engine.encode).mockRejectedValueOnce(new HscError('limit', 'Too large.'));
    await state().startBatch();
    expect(states(state)).toEqual(['failed', 'done', 'failed', 'done']);
    expect((await rows()).map(({ error }) => error)).toEqual([
      'Too large.',
      '',
      'c.npy ends too early.',
      '',
    ]);
  });

  it('pauses after a file and goes on from there', async () => {
    const { engine, state } = await studio();
    const encode = vi.mocked(engine.encode).getMockImplementation()!;
    vi.mocked(engine.encode).mockImplementationOnce(async (...args) => {
      state().pauseBatch();
      expect(state().batch?.state).toBe('pausing');
      return encode(...args);
    });
    const running = state().startBatch();
    await vi.waitFor(() => expect(state().batch?.state).toBe('paused'));
    expect(states(state)).toEqual(['done', 'waiting', 'waiting', 'waiting']);
    state().resumeBatch();
    await running;
    expect(states(state)).toEqual(['done', 'done', 'done', 'done']);
  });

  it('lets an interactive job go first', async () => {
    const { engine, state } = await studio();
    let finish: () => void = () => {};
    const job = state().runJob('encode', () => new Promise<void>((resolve) => (finish = resolve)));
    const running = state().startBatch();
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(engine.encode).not.toHaveBeenCalled();
    finish();
    await job;
    await running;
    expect(engine.encode).toHaveBeenCalledTimes(4);
  });

  it('keeps what is there already with the same settings, and nothing else', async () => {
    const first = await studio();
    await first.state().startBatch();
    const again = await studio({}, first.output);
    await again.state().startBatch();
    expect(states(again.state)).toEqual(['kept', 'kept', 'kept', 'kept']);
    expect(again.engine.open).not.toHaveBeenCalled();
    const other = await studio({}, first.output);
    other.state().setBatch({ metadata: 'all' });
    await other.state().startBatch();
    expect(states(other.state)).toEqual(['done', 'done', 'done', 'done']);
    // Rows of files with other names stay in the table.
    other.state().setBatch({ rates: [0.2] });
    await other.state().startBatch();
    expect(await other.rows()).toHaveLength(8);
  });

  it('is cancelled without a word', async () => {
    const { engine, state } = await studio();
    vi.mocked(engine.encode).mockImplementationOnce(
      (_, options) =>
        new Promise((_resolve, reject) => {
          const stop = () => reject(new HscError('aborted', 'The job was cancelled.'));
          options?.signal?.addEventListener('abort', stop);
        }),
    );
    const running = state().startBatch();
    await vi.waitFor(() => expect(engine.encode).toHaveBeenCalled());
    state().cancelBatch();
    await running;
    expect(state().batch?.state).toBe('cancelled');
    expect(states(state)).toEqual(['waiting', 'waiting', 'waiting', 'waiting']);
    expect(state().batchNotice).toBeUndefined();
  });

  it('says so where there is no image', async () => {
    const { state } = await studio();
    state().setBatchFiles([file('readme.md')]);
    expect(state().batchNotice?.message).toBe('There is no image among these files.');
  });
});
