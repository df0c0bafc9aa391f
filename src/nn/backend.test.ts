import { describe, expect, it } from 'vitest';
import { type BackendCandidate, startBackend } from './backend';
import { nodeBackends } from './backendNode';
import { knownAnswerFault } from './knownAnswer';

function candidate(name: BackendCandidate['name'], software: boolean, fault?: string) {
  const [cpu] = nodeBackends().filter((backend) => backend.name === 'cpu');
  return {
    name,
    probe: async () => ({ adapter: software ? 'SwiftShader' : 'Some GPU', software }),
    register: async () => {
      if (fault) throw new Error(fault);
      await cpu.register();
    },
  } satisfies BackendCandidate;
}

describe('startBackend', () => {
  it('prefers wasm to plain JavaScript in Node and says why the other was left', async () => {
    const { chosen, reports } = await startBackend(nodeBackends().reverse());
    expect(chosen.name).toBe('wasm');
    expect(chosen.adapter.length).toBeGreaterThan(0);
    expect(reports.map(({ name, skipped }) => [name, skipped])).toEqual([
      ['wasm', undefined],
      ['cpu', 'wasm ranks higher'],
    ]);
  });

  it.each(['wasm', 'cpu'] as const)('%s gives the known answer', async (only) => {
    await startBackend(nodeBackends(), { only });
    expect(await knownAnswerFault()).toBeUndefined();
  });

  it('ranks software GPUs below wasm and passes over what fails', async () => {
    const { chosen, reports } = await startBackend([
      candidate('webgl', true),
      candidate('webgpu', false, 'no luck'),
      ...nodeBackends(),
    ]);
    expect(chosen.name).toBe('wasm');
    expect(reports.map(({ name }) => name)).toEqual(['webgpu', 'wasm', 'webgl', 'cpu']);
    expect(reports[0].skipped).toBe('no luck');
  });

  it('throws `device` with every reason where nothing works', async () => {
    const broken = candidate('webgpu', false, 'no luck');
    await expect(startBackend([broken])).rejects.toThrow(/webgpu: no luck/);
    await expect(startBackend([])).rejects.toMatchObject({ code: 'device' });
  });
});
