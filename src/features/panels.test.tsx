// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { Tooltip } from 'radix-ui';
import type { ReactNode } from 'react';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { ErrorBoundary } from '../app/ErrorBoundary';
import { HscError } from '../core/errors';
import type { Verification } from '../engine/verification';
import { currentResult } from '../state/panes';
import { StudioProvider } from '../state/react';
import { createStudio } from '../state/store';
import { decoded, fakeEngine, INFO, opened, VERIFICATION } from '../state/testing';
import { CodingPanel } from './coding/CodingPanel';
import { CubePanel } from './cube/CubePanel';
import { ResultPanel } from './result/ResultPanel';

beforeAll(() => {
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe() {}
      unobserve() {}
      disconnect() {}
    },
  );
});
afterEach(cleanup);

async function studio(engine = fakeEngine()) {
  const store = createStudio(engine);
  await store.getState().startEngine();
  const show = (children: ReactNode) =>
    render(
      <StudioProvider studio={{ store, engine }}>
        <Tooltip.Provider>{children}</Tooltip.Provider>
      </StudioProvider>,
    );
  return { store, state: store.getState, engine, show };
}

const text = (id: string) => screen.getByTestId(id).textContent;

describe('panels', () => {
  it('show a result with every figure of the file', async () => {
    const { state, show } = await studio();
    await state().openSample('field');
    await state().encode();
    show(<ResultPanel />);
    expect(text('psnr')).toBe('31.50');
    expect(text('bpp')).toBe('0.260');
    expect(text('ratio')).toBe('184 : 1');
    expect(text('figure-size')).toBe('300 B');
    expect(text('section-latents')).toBe('250 B');
    expect(screen.queryByTestId('section-weights')).toBeNull();
    expect(text('estimate')).toBe('268.8 B');
    expect(text('figure-time')).toBe('34 ms, 12 ms on WebAssembly');
  });

  it('check a file in another engine, and say what came of it', async () => {
    const { state, engine, show } = await studio();
    await state().openSample('field');
    await state().encode();
    show(<ResultPanel />);
    expect(text('verification')).toBe('Not checked yet.');
    let answer: (found: Verification) => void = () => {};
    const waits = () =>
      vi.mocked(engine.verify).mockImplementationOnce(
        () =>
          new Promise((resolve) => {
            answer = resolve;
          }),
      );
    waits();
    fireEvent.click(screen.getByTestId('verify'));
    expect(text('verification')).toBe('Decoding in another engine…');
    expect(text('verify')).toBe('Cancel');
    fireEvent.click(screen.getByTestId('verify'));
    await waitFor(() => expect(text('verification')).toBe('Not checked yet.'));
    expect(vi.mocked(engine.verify).mock.calls[0][1]?.aborted).toBe(true);
    waits();
    fireEvent.click(screen.getByTestId('verify'));
    answer(VERIFICATION);
    await waitFor(() =>
      expect(text('verification')).toBe(
        ' Verified on JavaScript: all symbols are the same, 25 spectra differ by less than 0.001 % of the value range.',
      ),
    );
    vi.mocked(engine.verify).mockResolvedValueOnce({ ...VERIFICATION, sameSymbols: false });
    fireEvent.click(screen.getByTestId('verify'));
    await waitFor(() => expect(text('verification')).toMatch(/^Decoded to other symbols on Java/));
    await state().encode();
    await waitFor(() => expect(text('verification')).toBe('Not checked yet.'));
  });

  it('show what a file takes to carry tuned weights', async () => {
    const engine = fakeEngine();
    const plain = decoded('result');
    const sections = { ...plain.sections, latents: 130, weights: 120 };
    vi.mocked(engine.encode).mockImplementation(async ({ reconstruction }) => ({
      file: new Uint8Array(300),
      reconstruction: { ...plain, id: reconstruction, sections },
      report: { encodeMs: 34 },
    }));
    const { state, show } = await studio(engine);
    await state().openSample('field');
    await state().encode();
    show(<ResultPanel />);
    expect(text('section-weights')).toBe('120 B');
  });

  it('show the same figures for the file opened alone, without distortion', async () => {
    const { state, show } = await studio();
    await state().openFiles([new File([new Uint8Array([0x48, 0x53, 0xc1])], 'a.hsc')]);
    show(<ResultPanel />);
    expect(text('psnr')).toBe('–');
    expect(text('figure-size')).toBe('300 B');
    expect(screen.queryByTestId('figure-rmse')).toBeNull();
    expect(screen.getByText(/need the original/)).toBeDefined();
  });

  it('say how many tiles of a file are damaged, and what that means', async () => {
    const { state, engine, show } = await studio();
    const info = { ...INFO, width: 256, height: 256 };
    const lost = [{ x: 128, y: 0, width: 128, height: 128 }];
    vi.mocked(engine.decode).mockImplementation(async (id) => ({ ...decoded(id, info), lost }));
    await state().openFiles([new File([new Uint8Array([0x48, 0x53, 0xc1])], 'a.hsc')]);
    show(<ResultPanel />);
    expect(text('lost-tiles')).toMatch(
      /^1 of 4 tiles is damaged: its pixels carry no data\..*guesses/,
    );
    expect(text('lost-tiles')).not.toMatch(/All figures/);
  });

  it('ask about bands outside the range, and encode on yes', async () => {
    const { state, engine, show } = await studio();
    vi.mocked(engine.openSample).mockImplementationOnce(async (id) =>
      opened(id, { ...INFO, wavelengthsNm: [450, 550, 1650] }),
    );
    await state().openSample('field');
    const refusal = new HscError('band-range', 'Some lie outside.');
    vi.mocked(engine.encode).mockRejectedValueOnce(refusal);
    show(<CodingPanel />);
    await act(async () => fireEvent.click(screen.getByTestId('encode')));
    expect(screen.getByText(/1 of 3 bands lie outside/)).toBeDefined();
    await act(async () =>
      fireEvent.click(screen.getByRole('button', { name: /Encode the 2 inside/ })),
    );
    expect(currentResult(state())?.rate.bytes).toBe(300);
  });

  it('say what failed, beside the button, and take it back', async () => {
    const { state, engine, show } = await studio();
    await state().openSample('field');
    vi.mocked(engine.encode).mockRejectedValueOnce(
      new HscError('limit', 'The patch is too large.'),
    );
    show(<CodingPanel />);
    await act(async () => fireEvent.click(screen.getByTestId('encode')));
    expect(screen.getByRole('alert').textContent).toBe('The patch is too large.');
    await act(async () => fireEvent.click(screen.getByRole('button', { name: 'Dismiss' })));
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('let a large image wait, and say what is kept', async () => {
    const engine = fakeEngine();
    let fail: (error: Error) => void = () => {};
    vi.mocked(engine.encode).mockImplementationOnce((_request, { onJob, onProgress } = {}) => {
      onJob?.('job 1');
      onProgress?.(0.4, 'going on at tile 17 of 84', { done: 16, of: 84, before: 16, pass: 1 });
      return new Promise((_, reject) => {
        fail = reject;
      });
    });
    const { state, show } = await studio(engine);
    await state().openSample('field');
    show(<CodingPanel />);
    fireEvent.click(screen.getByTestId('encode'));
    expect(await screen.findByText('Going on at tile 17 of 84')).toBeTruthy();
    expect(screen.getByText(/^What is coded is kept/)).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Pause' }));
    expect(await screen.findByText('Paused: going on at tile 17 of 84')).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Continue' }));
    expect(await screen.findByRole('button', { name: 'Pause' })).toBeTruthy();
    expect(vi.mocked(engine.hold).mock.calls).toEqual([
      ['job 1', true],
      ['job 1', false],
    ]);
    await act(async () => fail(new HscError('aborted', 'The job was cancelled.')));
    expect(screen.queryByRole('button', { name: 'Pause' })).toBeNull();
  });

  it('describe the open cube', async () => {
    const { state, show } = await studio();
    await state().openSample('field');
    show(<CubePanel />);
    expect(screen.getByText('120 × 100 pixels, 3 bands')).toBeDefined();
    expect(screen.getByText('450–650 nm')).toBeDefined();
  });

  it('give way to a sentence where a part cannot be drawn', () => {
    const quiet = vi.spyOn(console, 'error').mockImplementation(() => {});
    let broken = true;
    const Fragile = () => {
      if (broken) throw new Error('no canvas');
      return <p>drawn</p>;
    };
    render(
      <ErrorBoundary>
        <Fragile />
      </ErrorBoundary>,
    );
    expect(screen.getByRole('alert').textContent).toContain('no canvas');
    broken = false;
    fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(screen.getByText('drawn')).toBeDefined();
    quiet.mockRestore();
  });
});
