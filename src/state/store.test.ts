import { describe, expect, it, vi } from 'vitest';
import { HscError } from '../core/errors';
import { activePaneOf, currentResult } from './panes';
import { createStudio, type Engine } from './store';
import { DISTORTION, decoded, fakeEngine, INFO, opened } from './testing';

const file = (name: string, bytes: readonly number[] = [1, 2, 3]) =>
  new File([new Uint8Array(bytes)], name);

async function studioWithCube(parts: Partial<Engine> = {}) {
  const engine = fakeEngine(parts);
  const store = createStudio(engine);
  await store.getState().startEngine();
  await store.getState().openFiles([file('field.hdr'), file('field.img')]);
  return { engine, store, state: store.getState };
}

describe('opening', () => {
  it('gives all files to the engine and puts a patch in the middle', async () => {
    const { engine, state } = await studioWithCube();
    expect(engine.open).toHaveBeenCalledOnce();
    expect(state().cube?.info).toBe(INFO);
    expect(state().patch).toEqual({ x: 12, y: 2, width: 96, height: 96 });
    expect(state().rgbBands).toEqual([2, 1, 0]);
    expect(state().opening).toBeUndefined();
  });

  it('says what was wrong and keeps what was open', async () => {
    const { engine, state } = await studioWithCube();
    const wrong = new HscError('truncated', 'field.img ends too early.');
    vi.mocked(engine.open).mockRejectedValueOnce(wrong);
    await state().openFiles([file('other.img')]);
    expect(state().openNotice).toEqual({ message: 'field.img ends too early.', code: 'truncated' });
    expect(state().cube?.info).toBe(INFO);
  });

  it('lets the later of two opens win, however late the first comes', async () => {
    let finishFirst: (cube: ReturnType<typeof opened>) => void = () => {};
    const slow = new Promise<ReturnType<typeof opened>>((resolve) => {
      finishFirst = resolve;
    });
    const engine = fakeEngine();
    vi.mocked(engine.openSample).mockReturnValueOnce(slow);
    const state = createStudio(engine).getState;
    const first = state().openSample('slow');
    await state().openSample('quick');
    const { id } = state().cube ?? opened('none');
    finishFirst(opened('late'));
    await first;
    expect(state().cube?.id).toBe(id);
    expect(engine.close).toHaveBeenCalledWith('late');
  });

  it('tells .hsc files by content', async () => {
    const engine = fakeEngine();
    const state = createStudio(engine).getState;
    await state().openFiles([file('renamed.bin', [0x48, 0x53, 0xc1, 0])]);
    expect(engine.decode).toHaveBeenCalledOnce();
    expect(currentResult(state())?.fileName).toBe('renamed.bin');
    expect(currentResult(state())?.distortion).toBeUndefined();
    expect(state().stage).toBe('compare');
  });
});

describe('encoding', () => {
  it('shows what the decoded bytes tell', async () => {
    const { engine, state } = await studioWithCube();
    await state().encode();
    expect(engine.encode).toHaveBeenCalledOnce();
    const { job, stage } = state();
    const result = currentResult(state());
    expect(result?.distortion).toBe(DISTORTION);
    expect(result?.rate.bpp).toBeCloseTo((300 * 8) / (96 * 96));
    expect(result?.original?.window).toEqual({ x: 12, y: 2, width: 96, height: 96 });
    expect(result?.fileName).toBe('field_96x96+12+2_hific-opt_0.60bpp.hsc');
    expect(job).toBeUndefined();
    expect(stage).toBe('compare');
  });

  it('asks about bands outside the range once a cube', async () => {
    const info = { ...INFO, wavelengthsNm: [450, 550, 1650] };
    const { engine, state } = await studioWithCube({ open: async (id) => opened(id, info) });
    const refusal = new HscError('band-range', 'One band lies outside.');
    vi.mocked(engine.encode).mockRejectedValueOnce(refusal);
    await state().encode();
    expect(state().bandQuestion).toEqual({ total: 3, inside: 2, outside: 1, range: '400–1000 nm' });
    expect(state().codingNotice).toBeUndefined();
    await state().answerBands('covered');
    expect(currentResult(state())).toBeDefined();
    await state().encode();
    const policies = vi
      .mocked(engine.encode)
      .mock.calls.map(([request]) => request.options.bandPolicy);
    expect(policies).toEqual(['refuse', 'covered', 'covered']);
  });

  it('has nothing to ask where no band lies inside the range', async () => {
    const info = { ...INFO, wavelengthsNm: [1450, 1550, 1650] };
    const { engine, state } = await studioWithCube({ open: async (id) => opened(id, info) });
    vi.mocked(engine.encode).mockRejectedValueOnce(new HscError('band-range', 'None lies inside.'));
    await state().encode();
    expect(state().bandQuestion).toBeUndefined();
    expect(state().codingNotice?.message).toBe('None lies inside.');
  });

  it('is cancelled without a word', async () => {
    const { engine, state } = await studioWithCube();
    vi.mocked(engine.encode).mockImplementationOnce(
      (_, options) =>
        new Promise((_resolve, reject) => {
          options?.onProgress?.(0.25, 'analysis transform');
          options?.signal?.addEventListener('abort', () =>
            reject(new HscError('aborted', 'The job was cancelled.')),
          );
        }),
    );
    const encoding = state().encode();
    await vi.waitFor(() => expect(state().job?.done).toBe(0.25));
    state().cancel();
    expect(state().job?.cancelling).toBe(true);
    await encoding;
    expect(state().job).toBeUndefined();
    expect(state().codingNotice).toBeUndefined();
    expect(currentResult(state())).toBeUndefined();
  });

  it('of a large image is held up and goes on, and its tiles are told', async () => {
    const { engine, state } = await studioWithCube();
    const tiles = { done: 16, of: 84, before: 10, pass: 1 };
    let finish: () => void = () => {};
    const encoded = await fakeEngine().encode({
      reconstruction: 'decoded',
      window: INFO,
    } as unknown as Parameters<Engine['encode']>[0]);
    vi.mocked(engine.encode).mockImplementationOnce(
      async (_request, { onJob, onProgress } = {}) => {
        onJob?.('job 7');
        onProgress?.(0.5, 'going on at tile 17 of 84', tiles);
        await new Promise<void>((resolve) => {
          finish = resolve;
        });
        return encoded;
      },
    );
    const encoding = state().encode();
    await vi.waitFor(() => expect(state().job?.tiles).toEqual(tiles));
    await state().pauseJob(true);
    expect(engine.hold).toHaveBeenLastCalledWith('job 7', true);
    expect(state().job).toMatchObject({ paused: true, label: 'going on at tile 17 of 84' });
    await state().pauseJob(false);
    expect(state().job?.paused).toBe(false);
    finish();
    await encoding;
    await state().pauseJob(true);
    expect(engine.hold).toHaveBeenCalledTimes(2);
  });

  it('offers a file that is complete where only its image could not be made', async () => {
    const { engine, state } = await studioWithCube();
    const bytes = Uint8Array.of(1, 2, 3);
    vi.mocked(engine.encode).mockImplementationOnce(async (_request, { onFile } = {}) => {
      onFile?.(bytes);
      throw new HscError('io', 'The browser’s storage for this page is full.');
    });
    await state().encode();
    expect(state().codingNotice).toEqual({
      code: 'io',
      message:
        'The browser’s storage for this page is full. The coded file is complete: save it here.',
      file: { name: expect.stringMatching(/^field_.*_hific-opt_.*bpp\.hsc$/), bytes },
    });
  });

  it('keeps the rate on the slider’s steps', async () => {
    const { state } = await studioWithCube();
    state().setRate(5);
    expect(activePaneOf(state()).rate).toBe(1);
    state().setRate(0.1 + 0.2);
    expect(activePaneOf(state()).rate).toBe(0.3);
  });
});

describe('a backend that is asked for and does not work', () => {
  it('gives way to the best one', async () => {
    const engine = fakeEngine();
    const state = createStudio(engine).getState;
    vi.mocked(engine.start).mockRejectedValueOnce(new HscError('device', 'No WebGPU here.'));
    await state().startEngine('webgpu');
    expect(state().engineNotice?.message).toBe('No WebGPU here.');
    expect(state().backendWanted).toBeUndefined();
    expect(state().backend?.chosen.name).toBe('wasm');
  });
});

describe('a file from disk', () => {
  it('is compared by itself where the open cube has its size', async () => {
    const { engine, state } = await studioWithCube();
    await state().openFiles([file('a.hsc')]);
    expect(engine.locate).toHaveBeenCalledOnce();
    expect(currentResult(state())?.distortion).toBe(DISTORTION);
  });

  it('waits for the user where it is a part of the open cube', async () => {
    const part = { ...INFO, width: 64, height: 64 };
    const { engine, state } = await studioWithCube({ decode: async (id) => decoded(id, part) });
    await state().openFiles([file('a.hsc')]);
    expect(currentResult(state())?.distortion).toBeUndefined();
    vi.mocked(engine.locate).mockResolvedValueOnce({ x: 7, y: 9, width: 64, height: 64 });
    await state().compareWithCube();
    expect(currentResult(state())?.original?.window.x).toBe(7);
    expect(currentResult(state())?.distortion).toBe(DISTORTION);
  });

  it('meets its original when that is opened after it', async () => {
    const engine = fakeEngine();
    const state = createStudio(engine).getState;
    await state().openFiles([file('a.hsc')]);
    await state().openFiles([file('field.mat')]);
    expect(currentResult(state())?.distortion).toBe(DISTORTION);
    expect(state().stage).toBe('compare');
  });

  it('that is damaged leaves a sentence and nothing else', async () => {
    const { engine, state } = await studioWithCube();
    vi.mocked(engine.decode).mockRejectedValueOnce(new HscError('check-failed', 'It is damaged.'));
    await state().openFiles([file('a.hsc')]);
    expect(state().openNotice?.message).toBe('It is damaged.');
    expect(currentResult(state())).toBeUndefined();
    expect(state().opening).toBeUndefined();
  });
});
