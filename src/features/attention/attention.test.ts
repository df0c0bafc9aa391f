import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReadAttention } from '../../state/attention';
import { ATTENTION } from '../../state/testing';
import { colourOf, sequential } from './colours';
import { attentionBase, toCsv } from './exports';
import { cellAt, cellSpan, colourScale, layoutMap, neighbour } from './gateMap';
import { blockName } from './names';
import { alike, difference, largest, population, summaryOf, valuesOf } from './statistics';
import { fine, signed } from './text';

const { blocks } = ATTENTION;
const SIZE = { width: 60, height: 400 };
const gates = fc.float32Array({ min: 0, max: 1, minLength: 1, maxLength: 40, noNaN: true });

describe('statistics of gates', () => {
  it('summarises a block', () => {
    const summary = summaryOf(Float32Array.of(0.25, 0.75, 0.5, 0.5), 0.5);
    expect(summary).toMatchObject({ mean: 0.5, min: 0.25, max: 0.75, below: 0.25 });
    expect(summaryOf(Float32Array.of(0.9, 0.9, 0.9), 0.5).evenness).toBeCloseTo(1, 6);
    expect(summaryOf(Float32Array.of(1, 0, 0), 0.5).evenness).toBe(0);
  });

  it('keeps every figure in its range', () => {
    fc.assert(
      fc.property(gates, (values) => {
        const { mean, min, max, below, evenness } = summaryOf(values, 0.5);
        expect(mean).toBeGreaterThanOrEqual(min - 1e-6);
        expect(mean).toBeLessThanOrEqual(max + 1e-6);
        expect(below >= 0 && below <= 1).toBe(true);
        if (max > 0) expect(evenness >= 0 && evenness <= 1 + 1e-6).toBe(true);
      }),
    );
  });

  it('has mean and standard deviation over patches', () => {
    const other = blocks.map((block) => ({ ...block, gates: block.gates.map((g) => g / 2) }));
    const { mean, spread } = population([blocks, other]);
    expect(mean[0].values[0]).toBeCloseTo(0.375);
    expect(spread[0].values[0]).toBeCloseTo(0.125);
    expect(population([blocks, blocks]).spread.every(({ values }) => !values.some(Boolean))).toBe(
      true,
    );
    expect(population([])).toEqual({ mean: [], spread: [] });
  });

  it('compares like with like and finds what differs most', () => {
    expect(alike(blocks, blocks)).toBe(true);
    expect(alike(blocks, blocks.slice(1))).toBe(false);
    const other = blocks.map((block) => ({ ...block, gates: Float32Array.from(block.gates) }));
    other[1].gates[1] = 0.25;
    expect(largest(difference(other, blocks), 1)).toEqual([
      { block: 'encoder.se0', channel: 1, value: -0.75 },
    ]);
  });
});

describe('heat map', () => {
  it('has rows of both parts under their headings', () => {
    const layout = layoutMap(valuesOf(blocks), { sort: 'index' }, SIZE);
    expect(layout.headings.map(({ title }) => title)).toEqual(['Encoder', 'Generator']);
    expect(layout.rows.map(({ top }) => top)).toEqual([22, 48, 96]);
    expect(layout.height).toBe(122);
  });

  it('covers every pixel of a row by one cell, and finds it again', () => {
    fc.assert(
      fc.property(gates, fc.constantFrom('index', 'value'), (values, sort) => {
        const block = { block: 'b', part: 'encoder', values } as const;
        const layout = layoutMap([block], { sort }, SIZE);
        const [row] = layout.rows;
        let left = 0;
        for (const i of row.order.keys()) {
          const [from, to] = cellSpan(layout, row, i);
          expect(from).toBe(left);
          left = to;
        }
        expect(left).toBe(SIZE.width);
        const seen = new Set<number>();
        for (let x = 0; x < SIZE.width; x += 0.5) {
          seen.add(cellAt(layout, x, row.top)?.channel ?? -1);
        }
        expect([...seen].sort((a, b) => a - b)).toEqual([...values.keys()]);
      }),
    );
  });

  it('sorts from the largest value down', () => {
    const { rows } = layoutMap(valuesOf(blocks), { sort: 'value' }, SIZE);
    expect(rows[0].order).toEqual([2, 0, 1]);
  });

  it('goes from cell to cell by arrows and stays on the map', () => {
    const layout = layoutMap(valuesOf(blocks), { sort: 'index' }, SIZE);
    const first = neighbour(layout, undefined, 1, 0);
    expect(first).toEqual({ block: 'encoder.se_input', channel: 0 });
    expect(neighbour(layout, first, -1, 0)).toEqual(first);
    const right = neighbour(layout, first, 16, 0);
    expect(right).toEqual({ block: 'encoder.se_input', channel: 2 });
    expect(neighbour(layout, right, 0, 1)).toEqual({ block: 'encoder.se0', channel: 1 });
    expect(neighbour(layout, right, 0, -1)).toEqual(right);
    expect(cellAt(layout, 1, 5)).toBeUndefined();
    expect(cellAt(layout, -1, 30)).toBeUndefined();
  });

  it('colours the whole range or what occurs', () => {
    const values = valuesOf(blocks);
    const range = (shown: 'patch' | 'spread' | 'difference', scale: 'whole' | 'stretch') => {
      const { low, high } = colourScale(values, { shown, scale });
      return [low, high];
    };
    expect(range('patch', 'whole')).toEqual([0, 1]);
    expect(range('patch', 'stretch')).toEqual([0.125, 1]);
    expect(range('spread', 'whole')).toEqual([0, 0.5]);
    expect(range('difference', 'whole')).toEqual([-1, 1]);
    expect(range('difference', 'stretch')).toEqual([-1, 1]);
    expect(sequential(-1)).toEqual([68, 1, 84]);
    expect(sequential(2)).toEqual([253, 231, 37]);
    const diverging = { kind: 'diverging', low: -2, high: 2 } as const;
    expect(colourOf(diverging, 0)).toMatch(/ 0\.000\)$/);
    expect(colourOf(diverging, 1)).not.toBe(colourOf(diverging, -1));
  });
});

describe('words and files', () => {
  it('names blocks', () => {
    expect(blockName('encoder.se1')).toEqual({ full: 'Encoder, stage 2', short: 'Stage 2' });
    expect(blockName('generator.block0.se2').full).toBe('Generator, residual 1, second');
    expect(blockName('encoder.se_input').short).toBe('Input bands');
    expect(blockName('other.se').full).toBe('other.se');
  });

  it('keeps the size of small numbers', () => {
    expect(fine(0.98213)).toBe('0.9821');
    expect(fine(-0.000031)).toBe('−3.1e-5');
    expect([signed(0.25), signed(0)]).toEqual(['+0.2500', '0.0000']);
  });

  it('writes one row a channel with all that is known of it', () => {
    const read: ReadAttention = {
      ...ATTENTION,
      of: {
        cube: 'cube 1',
        window: { x: 4, y: 8, width: 64, height: 64 },
        codec: 'hific-se',
        options: { rate: 0.6, bandPolicy: 'refuse', metadata: 'none' },
      },
      cubeName: 'my field.img',
      reconstruction: 'attended 1',
    };
    const edits = { gates: [{ block: 'encoder.se0', channel: 1, factor: 0 }], bands: [] };
    const state = { attentionHeld: read, attentionPopulation: undefined, attentionEdits: edits };
    const lines = toCsv(read, state).trimEnd().split('\r\n');
    expect(attentionBase(read)).toBe('my-field_64x64+4+8_hific-se');
    expect(lines).toHaveLength(1 + 7);
    const [names, ...rows] = lines.map((line) => line.split(','));
    const at = (row: number, name: string) => rows[row][names.indexOf(name)];
    expect(at(1, 'wavelength_nm')).toBe('550');
    expect(at(1, 'gate')).toBe('0.25');
    expect(at(4, 'factor')).toBe('0');
    expect(at(4, 'held_gate')).toBe('1');
    expect(at(4, 'wavelength_nm')).toBe('');
    expect(at(4, 'patches_mean')).toBe('');
  });
});
