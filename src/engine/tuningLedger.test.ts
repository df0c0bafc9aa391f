import { describe, expect, it } from 'vitest';
import { memoryShelf } from './shelf';
import { RunLedger } from './tuningLedger';
import type { TuningRequest } from './tuningTypes';

const request = (run: string) =>
  ({
    run,
    name: 'Hills',
    codec: 'hific-opt',
    scenes: [],
    settings: {},
  }) as unknown as TuningRequest;

const state = { state: Uint8Array.of(1), step: 3, seconds: 9, validations: [], steps: [] };

describe('the ledger of runs', () => {
  it.each([
    ['is cut short', '{"request":{"run"'],
    ['is no entry', '[3]'],
    ['lacks a field', '{"request":{"run":"bad"},"step":3}'],
    ['nests without end', '['.repeat(100_000) + ']'.repeat(100_000)],
  ])('shows all other runs where an entry %s', async (_, text) => {
    const shelf = memoryShelf();
    const ledger = new RunLedger(shelf);
    await ledger.keep(request('good'), state);
    await ledger.keep(request('bad'), state);
    await shelf.write('bad.run.json', new TextEncoder().encode(text));
    expect((await ledger.interrupted()).map((run) => run.request.run)).toEqual(['good']);
    expect(await ledger.read('bad')).toBeUndefined();
    expect(await ledger.read('good')).toMatchObject(state);
    await ledger.forget('bad');
    expect(await shelf.names()).not.toContain('bad.run.json');
  });
});
