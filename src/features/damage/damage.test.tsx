// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import fc from 'fast-check';
import { Tooltip } from 'radix-ui';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { fileMap } from '../../core/bitstream/fileMap';
import { writeLatentFile } from '../../core/bitstream/latentFile';
import { testHeader, testMetadata, testSymbols } from '../../core/bitstream/testFile';
import { testModel } from '../../core/entropy/testModel';
import { currentResult } from '../../state/panes';
import { StudioProvider } from '../../state/react';
import { createStudio } from '../../state/store';
import { decoded, fakeEngine, INFO } from '../../state/testing';
import BitsRoom from '../bits/BitsRoom';
import { changedStretches } from './byteMarks';
import { damageText, hitText } from './words';

describe('marks on the bar of bytes', () => {
  it('lie where the copy differs, and nowhere else', () => {
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 300, max: 1 });
    fc.assert(
      fc.property(bytes, bytes, fc.integer({ min: 1, max: 400 }), (file, copy, places) => {
        const ends = copy.subarray(0, file.length);
        const step = Math.max(1, file.length / places);
        const stretches = changedStretches(file, ends, places);
        const marked = (at: number) => stretches.some(([from, to]) => at >= from && at < to + 1e-9);
        for (const [at, value] of ends.entries())
          if (value !== file[at]) expect(marked(at)).toBe(true);
        for (const [from, to] of stretches) {
          const start = Math.max(0, Math.floor(from));
          const part = ends.subarray(start, Math.ceil(to + 1e-9));
          expect(part.some((value, i) => value !== file[start + i])).toBe(true);
          expect(to - from).toBeGreaterThanOrEqual(step - 1e-9);
        }
      }),
    );
  });
});

describe('words', () => {
  it('name damages and what they hit', () => {
    expect(damageText({ kind: 'bits', count: 1, seed: 0 })).toBe('1 random bit flipped');
    expect(damageText({ kind: 'run', from: 1200, length: 3, seed: 0 })).toBe(
      '3 bytes from 1,200 on overwritten',
    );
    expect(damageText({ kind: 'cut', length: 1 })).toBe('Cut after 1 byte');
    const span = { kind: 'tile', tile: 2, from: 5, to: 90 } as const;
    expect(hitText({ span, changed: 1, missing: 30 })).toBe('1 byte changed, 30 bytes cut off');
  });
});

describe('the lab', () => {
  beforeAll(() => {
    // jsdom draws nothing.
    vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(null);
    vi.stubGlobal(
      'ResizeObserver',
      class {
        observe() {}
        unobserve() {}
        disconnect() {}
      },
    );
  });
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => {
    cleanup();
    vi.useRealTimers();
  });

  const header = testHeader({ width: 250, height: 200 });
  const { file } = writeLatentFile(
    testModel(3),
    header,
    testSymbols(header, 1),
    testMetadata(header.bands),
  );
  const spans = fileMap(file);
  const info = { ...INFO, width: 250, height: 200 };
  const settle = () => act(() => vi.advanceTimersByTimeAsync(500));
  const text = (id: string) => screen.getByTestId(id).textContent;
  const press = async (name: string) => {
    fireEvent.click(screen.getByRole('button', { name }));
    await settle();
  };
  const type = async (name: string, value: string) => {
    const entry = screen.getByRole('textbox', { name });
    fireEvent.focus(entry);
    fireEvent.change(entry, { target: { value } });
    fireEvent.keyDown(entry, { key: 'Enter' });
    fireEvent.blur(entry);
    await settle();
  };

  async function lab(parts: Parameters<typeof fakeEngine>[0] = {}) {
    const engine = fakeEngine({
      decode: vi.fn(async (id: string) => decoded(id, info)),
      damage: vi.fn(async ({ damaged }) => ({
        restored: {
          image: { ...decoded(damaged, info), lost: [{ x: 0, y: 0, width: 128, height: 96 }] },
          change: {
            pixels: 400,
            compared: 40_000,
            largest: 12.5,
            notable: { pixels: 30, reach: 31 },
          },
        },
      })),
      ...parts,
    });
    const store = createStudio(engine);
    await store.getState().startEngine();
    await store.getState().openHsc(new File([file], 'a.hsc'));
    const view = render(
      <StudioProvider studio={{ store, engine }}>
        <Tooltip.Provider>
          <BitsRoom />
        </Tooltip.Provider>
      </StudioProvider>,
    );
    await settle();
    fireEvent.click(screen.getByRole('radio', { name: 'Damage' }));
    await settle();
    const id = currentResult(store.getState())?.reconstruction.id ?? '';
    return { store, engine, view, id };
  }

  it('flips the bit that was chosen and tells what it hits and what comes of it', async () => {
    const { engine, id, store } = await lab();
    const tile = spans.find((span) => span.tile === 1);
    await type('Byte, counted from 0', String((tile?.from ?? 0) + 10));
    expect(text('damage-section')).toBe('Tile 2');
    fireEvent.click(screen.getByRole('radio', { name: '6' }));
    await press('Flip this bit');
    expect(engine.damage).toHaveBeenCalledExactlyOnceWith(
      {
        reconstruction: id,
        damages: [{ kind: 'bit', byte: (tile?.from ?? 0) + 10, bit: 6 }],
        damaged: expect.any(String),
      },
      expect.anything(),
    );
    expect(text('damage-hit')).toBe('Tile 21 byte changed');
    expect(text('damage-lost')).toBe('1 of 4');
    expect(text('damage-share')).toMatch(/^24\.58/);
    expect(text('damage-changed')).toMatch(/^400 \(1\.0/);
    expect(text('damage-notable')).toBe('30, within 31 pixels');
    expect(currentResult(store.getState())?.file).toEqual(file);
  });

  it('is walked by keys, section by section and byte by byte', async () => {
    const { store } = await lab();
    const bar = screen.getByRole('slider', { name: 'Byte of the file' });
    const byte = () => store.getState().damageOfFile?.byte;
    for (const [key, expected] of [
      ['ArrowRight', 1],
      ['ArrowLeft', 0],
      ['ArrowLeft', 0],
      ['End', file.length - 1],
      ['PageUp', file.length - 1],
      ['Home', 0],
    ] as const) {
      fireEvent.keyDown(bar, { key });
      expect(byte()).toBe(expected);
    }
    const seen = [text('damage-section')];
    for (let i = 1; i < spans.length; i++) {
      await press('Next section');
      expect(byte()).toBe(spans[i].from);
      seen.push(text('damage-section'));
    }
    expect(seen).toEqual([
      'Header',
      'Tile index',
      'Metadata',
      'Tile 1',
      'Tile 2',
      'Tile 3',
      'Tile 4',
    ]);
    expect(screen.getByRole('button', { name: 'Next section' })).toHaveProperty('disabled', true);
    expect(bar.getAttribute('aria-valuetext')).toMatch(/, Tile 4$/);
  });

  it('damages further, takes back the last, and resets; images are given back', async () => {
    const { engine, view } = await lab();
    const names = () => vi.mocked(engine.damage).mock.calls.map(([{ damaged }]) => damaged);
    await type('Random bits to flip', '3');
    await press('Flip');
    await type('Byte, counted from 0', '60');
    await type('Bytes to overwrite', '5');
    await press('Overwrite');
    await press('Cut after this byte');
    const kinds = vi
      .mocked(engine.damage)
      .mock.calls.at(-1)?.[0]
      .damages.map(({ kind }) => kind);
    expect(kinds).toEqual(['bits', 'run', 'cut']);
    expect(screen.getAllByRole('listitem').map(({ textContent }) => textContent)).toEqual(
      expect.arrayContaining(['3. Cut after 61 bytes', '2. 5 bytes from 60 on overwritten']),
    );
    await type('Byte, counted from 0', '61');
    expect(screen.getByRole('button', { name: 'Flip this bit' })).toHaveProperty('disabled', true);
    await press('Undo the last damage');
    expect(screen.getByRole('button', { name: 'Flip this bit' })).toHaveProperty('disabled', false);
    await press('Reset');
    expect(screen.getByText(/^No damage yet/)).toBeDefined();
    for (const name of names()) expect(engine.close).toHaveBeenCalledWith(name);
    view.unmount();
    expect(engine.damage).toHaveBeenCalledTimes(4);
  });

  it('says what the reader says of a copy that it refuses, and shows no picture', async () => {
    const refusal = {
      code: 'check-failed',
      message: 'The header of the .hsc file is damaged.',
    } as const;
    const { engine } = await lab({ damage: vi.fn(async () => ({ refusal })) });
    await press('Flip');
    expect(text('damage-outcome')).toContain(
      'Refused (check-failed): The header of the .hsc file is damaged.',
    );
    expect(screen.getByText('The copy is refused: there is nothing to show.')).toBeDefined();
    const pictures = vi.mocked(engine.picture).mock.calls.map(([{ cube }]) => cube);
    expect(pictures.filter((cube) => cube.startsWith('damaged'))).toEqual([]);
  });

  it('is left by one click, and finds its damage when it is entered again', async () => {
    await lab();
    await press('Flip');
    fireEvent.click(screen.getByRole('radio', { name: 'Bits and edits' }));
    await settle();
    expect(screen.getByText('Where the bytes go')).toBeDefined();
    fireEvent.click(screen.getByRole('radio', { name: 'Damage' }));
    await settle();
    expect(screen.getByText('1. 1 random bit flipped')).toBeDefined();
    expect(text('damage-lost')).toBe('1 of 4');
  });
});
