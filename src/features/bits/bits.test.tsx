// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import fc from 'fast-check';
import { Tooltip } from 'radix-ui';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { HscError } from '../../core/errors';
import type { LatentBits } from '../../engine/bits';
import { activePaneOf, currentResult } from '../../state/panes';
import { StudioProvider } from '../../state/react';
import { createStudio } from '../../state/store';
import { DISTORTION, FILE_BITS, fakeEngine } from '../../state/testing';
import BitsRoom from './BitsRoom';
import { channelOrder, componentsOf, countFor, cumulativeShares, originText } from './channels';
import { blockPixels, channelsCsv, componentsCsv, positionsCsv } from './csv';
import { factorOf, keepFirst, scaleBlock, scaleChannel, zeroComponent } from './edits';

const LATENTS = FILE_BITS.latents as LatentBits;

describe('order of the channels', () => {
  it('goes by number, bits, component or frequency', () => {
    expect(channelOrder(LATENTS, 'index')).toEqual([0, 1, 2]);
    expect(channelOrder(LATENTS, 'bits')).toEqual([1, 0, 2]);
    expect(channelOrder(LATENTS, 'component')).toEqual([0, 1, 2]);
    expect(channelOrder(LATENTS, 'frequency')).toEqual([0, 1, 2]);
    const origins = [...LATENTS.origins].reverse();
    expect(channelOrder({ ...LATENTS, origins }, 'frequency')).toEqual([1, 0, 2]);
    expect(componentsOf({ ...LATENTS, origins })).toEqual([0, 1]);
    expect(originText(LATENTS, 1)).toBe('component 1, frequency 0 down 1 across');
    expect(originText(LATENTS, 2)).toMatch(/no spectral component/);
  });

  it('counts as many of the first as reach a share, and no more', () => {
    const values = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(values, fc.constantFrom(0.5, 0.9, 1), (bits, share) => {
        fc.pre(bits.some((value) => value > 0));
        const shares = cumulativeShares(bits);
        const count = countFor(shares, share);
        const total = bits.reduce((sum, value) => sum + value, 0);
        const first = (n: number) => bits.slice(0, n).reduce((sum, value) => sum + value, 0);
        expect(first(count)).toBeGreaterThanOrEqual(share * total - 1e-6 * total);
        expect(first(count - 1)).toBeLessThan(share * total);
      }),
    );
    expect(cumulativeShares([0, 0])).toEqual([0, 0]);
  });
});

describe('edits by name', () => {
  it('name what they change', () => {
    expect(scaleChannel(7, 0.5)).toMatchObject({ label: 'Channel 7: × 0.50' });
    expect(zeroComponent(LATENTS, 1).edit).toEqual({ factor: 0, channels: [1] });
    const order = channelOrder(LATENTS, 'bits');
    expect(keepFirst(order, 1, 'bits').edit).toEqual({ factor: 0, channels: [0, 2] });
    expect(scaleBlock({ x: 1, y: 2 }, undefined, 0).edit.channels).toBeUndefined();
    const edit = scaleBlock({ x: 1, y: 2 }, 3, 0.25);
    expect(edit.label).toBe('Block (1, 2), channel 3: × 0.25');
    expect(factorOf([scaleChannel(3, 2), edit], edit.key)).toBe(0.25);
    expect(factorOf([], edit.key)).toBe(1);
  });
});

describe('tables', () => {
  it('hold every channel and every block', () => {
    expect(channelsCsv(LATENTS).split('\r\n')).toEqual([
      'channel,latent_bits,non_zero_share,spectral_component,order_in_component,frequency_down,frequency_across',
      '0,400,0.5,0,0,0,0',
      '1,1500,1,1,0,0,1',
      '2,100,0.5,,,,',
      '',
    ]);
    expect(positionsCsv(LATENTS, { width: 20, height: 9 }).split('\r\n')).toEqual([
      'x,y,first_pixel_x,first_pixel_y,pixels,latent_bits,side_information_bits',
      '0,0,0,0,144,1500,100',
      '1,0,16,0,36,500,50',
      '',
    ]);
    const lost = [{ x: 16, y: 0, width: 4, height: 9 }];
    expect(positionsCsv(LATENTS, { width: 20, height: 9 }, lost).split('\r\n')[2]).toBe(
      '1,0,16,0,36,,',
    );
    expect(componentsCsv({ ...FILE_BITS, componentBytes: [5, 7] })).toBe(
      'component,bytes\r\n0,5\r\n1,7\r\n',
    );
  });

  it('blocks cover the image once', () => {
    const side = fc.integer({ min: 1, max: 100 });
    fc.assert(
      fc.property(side, side, (width, height) => {
        let pixels = 0;
        for (let y = 0; y < Math.ceil(height / 16); y++) {
          for (let x = 0; x < Math.ceil(width / 16); x++) {
            pixels += blockPixels({ width, height }, x, y);
          }
        }
        expect(pixels).toBe(width * height);
      }),
    );
  });
});

describe('the room', () => {
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

  const settle = () => act(() => vi.advanceTimersByTimeAsync(500));

  async function room(engine = fakeEngine()) {
    const store = createStudio(engine);
    await store.getState().startEngine();
    await store.getState().openSample('field');
    await store.getState().encode();
    const view = render(
      <StudioProvider studio={{ store, engine }}>
        <Tooltip.Provider>
          <BitsRoom />
        </Tooltip.Provider>
      </StudioProvider>,
    );
    await settle();
    return { store, engine, view, id: currentResult(store.getState())?.reconstruction.id ?? '' };
  }

  const text = (id: string) => screen.getByTestId(id).textContent;

  it('shows estimated and coded bytes, and the channels', async () => {
    await room();
    expect(text('bits-estimated')).toBe('268.8 B');
    expect(text('bits-coded')).toBe('270 B');
    expect(text('coded-more')).toBe('+0.47 %');
    expect(text('channel-readout')).toMatch(/^The first 2 of 3 channels carry 90 %/);
  });

  it('decodes a block’s footprint, of one channel where asked', async () => {
    const { store, engine, id } = await room();
    act(() => store.getState().setBitsOfFile(id, { block: { x: 1, y: 0 } }));
    await settle();
    expect(engine.footprint).toHaveBeenLastCalledWith(
      { reconstruction: id, position: { x: 1, y: 0 }, channels: undefined },
      expect.anything(),
    );
    expect(text('block-bits')).toBe('500.0 bits + 50.0 bits');
    fireEvent.click(screen.getByRole('button', { name: '1' }));
    fireEvent.click(screen.getByRole('radio', { name: 'Channel 1' }));
    await settle();
    expect(engine.footprint).toHaveBeenLastCalledWith(
      expect.objectContaining({ channels: [1] }),
      expect.anything(),
    );
    fireEvent.click(screen.getAllByRole('button', { name: 'Zero' }).at(-1) as HTMLElement);
    await settle();
    const [request] = vi.mocked(engine.editLatents).mock.calls[0];
    expect(request.edits).toEqual([{ factor: 0, position: { x: 1, y: 0 }, channels: [1] }]);
  });

  it('decodes the last of quick edits only, tells what they cost, and gives images back', async () => {
    const { store, engine, view, id } = await room();
    act(() => store.getState().setBitsOfFile(id, { channel: 1 }));
    fireEvent.keyDown(screen.getByRole('slider', { name: 'Factor of the channel' }), {
      key: 'ArrowLeft',
    });
    fireEvent.click(screen.getAllByRole('button', { name: 'Zero' })[0]);
    await settle();
    expect(engine.editLatents).toHaveBeenCalledOnce();
    const [request] = vi.mocked(engine.editLatents).mock.calls[0];
    expect(request).toMatchObject({
      reconstruction: id,
      edits: [{ factor: 0, channels: [1] }],
      original: currentResult(store.getState())?.original,
    });
    expect(text('unedited-psnr')).toBe('31.50 dB');
    expect(text('edited-psnr')).toBe('28.25 dB');
    expect(text('change-psnr')).toBe('−3.25');
    expect(text('change-samDegrees')).toBe('+1.25');
    fireEvent.click(screen.getByTestId('reset-edits'));
    await settle();
    expect(engine.close).toHaveBeenCalledWith(request.edited);
    expect(text('edited-psnr')).toBe('–');
    view.unmount();
    expect(engine.editLatents).toHaveBeenCalledOnce();
  });

  it('measures against the unedited image where no original is open', async () => {
    const { store, id } = await room();
    const { id: pane, result } = activePaneOf(store.getState());
    act(() => {
      if (result) {
        store.getState().updatePane(pane, {
          result: { ...result, original: undefined, distortion: undefined },
        });
      }
      store.getState().putBitsEdit(id, scaleChannel(0, 0.5));
    });
    await settle();
    expect(screen.getByText('Against the unedited reconstruction')).toBeDefined();
    expect(text('edited-psnr')).toBe(`${DISTORTION.psnr.toFixed(2)} dB`);
    expect(screen.queryByTestId('change-psnr')).toBeNull();
  });

  it('cancels a decode, and runs it again when asked', async () => {
    const editLatents = vi.fn(fakeEngine().editLatents).mockImplementationOnce(
      (_, options) =>
        new Promise((_resolve, reject) => {
          options?.signal?.addEventListener('abort', () =>
            reject(new HscError('aborted', 'The job was cancelled.')),
          );
        }),
    );
    const { store, id } = await room(fakeEngine({ editLatents }));
    act(() => {
      store.getState().setBitsView({ effect: 'edited' });
      store.getState().putBitsEdit(id, scaleChannel(0, 0.5));
    });
    await settle();
    fireEvent.click(screen.getByRole('button', { name: 'Cancel' }));
    await settle();
    expect(text('edited-psnr')).toBe('–');
    fireEvent.click(screen.getByRole('button', { name: 'Decode again' }));
    await settle();
    expect(editLatents).toHaveBeenCalledTimes(2);
    expect(text('edited-psnr')).toBe('28.25 dB');
  });

  it('says in a sentence why there is no map, and what failed', async () => {
    const noMap = 'Its bytes belong to no place.';
    const { sections, bytes } = FILE_BITS;
    const classical = { bytes, sections, noMap, componentBytes: [180, 70] };
    await room(fakeEngine({ fileBits: vi.fn(async () => classical) }));
    expect(screen.getByText(noMap)).toBeDefined();
    expect(text('channel-readout')).toMatch(/^The first 2 of 2 components/);
    expect(screen.queryByTestId('reset-edits')).toBeNull();
    cleanup();
    const fileBits = vi.fn(async () => {
      throw new HscError('model-missing', 'The weights are not installed.');
    });
    await room(fakeEngine({ fileBits }));
    expect(screen.getByRole('alert').textContent).toContain('The weights are not installed.');
  });
});
