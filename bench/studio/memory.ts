import { existsSync, readdirSync, readFileSync } from 'node:fs';

function readOr(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // The process has ended meanwhile.
    return '';
  }
}

const processes = () => readdirSync('/proc').filter((name) => /^\d+$/.test(name));

function parentOf(process: string): string | undefined {
  return /^PPid:\s+(\d+)/m.exec(readOr(`/proc/${process}/status`))?.[1];
}

/** The renderers among the descendants of this process: the benchmark starts one browser. */
function renderers(): string[] {
  const parents = new Map(processes().map((id) => [id, parentOf(id)]));
  const ours = (id: string | undefined): boolean =>
    id !== undefined && id !== '0' && (id === String(process.pid) || ours(parents.get(id)));
  return [...parents.keys()].filter(
    (id) => ours(id) && readOr(`/proc/${id}/cmdline`).includes('--type=renderer'),
  );
}

/** Bytes of memory of the browser's renderers, shared pages counted by their share; Linux only. */
export function rendererBytes(): number | undefined {
  if (!existsSync('/proc/self/smaps_rollup')) return undefined;
  return renderers().reduce((sum, id) => {
    const kilobytes = /^Pss:\s+(\d+)/m.exec(readOr(`/proc/${id}/smaps_rollup`))?.[1];
    return sum + 1024 * Number(kilobytes ?? 0);
  }, 0);
}

/** The most that the renderers take while `work` runs. */
export async function peakRendererBytes(work: () => Promise<void>): Promise<number | undefined> {
  let peak = rendererBytes();
  const look = () => {
    const now = rendererBytes();
    if (peak !== undefined && now !== undefined) peak = Math.max(peak, now);
  };
  const timer = setInterval(look, 100);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
  look();
  return peak;
}
