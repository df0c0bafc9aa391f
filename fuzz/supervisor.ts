import { type ChildProcess, fork } from 'node:child_process';
import { closeSync, openSync, readFileSync, readSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Job, Message } from './child';
import type { Lane } from './inputs';
import { TIME_LIMIT_MS } from './lane';
import { indexOf, partsOf } from './record';
import type { Failure, Figures, Part } from './types';

export interface SupervisorHooks {
  figures(target: string, figures: Figures): void;
  failed(failure: Failure, parts: readonly Part[]): void;
}

const POLL_MS = 200;
/** What waits without working, or a machine that does not tell a process' own time. */
const WALL_LIMIT_MS = 60_000;
/** To import everything and to make the seeds. */
const START_LIMIT_MS = 300_000;
const HEAP_MB = 1024;

/**
 * Runs lanes in a process of its own. What hangs or kills it is a failure, with the input that did it; the
 * lane goes on in a new process behind it.
 */
export class Supervisor {
  private child: ChildProcess | undefined;
  private readonly file: string;

  constructor(
    private readonly script: string,
    folder: string,
    number: number,
    private readonly hooks: SupervisorHooks,
  ) {
    this.file = join(folder, `current-${number}`);
    writeFileSync(this.file, '');
  }

  async run(lane: Lane, stopped: () => boolean): Promise<void> {
    const skip: number[] = [];
    let from = lane.from;
    while (from < lane.to && !stopped()) {
      const ended = await this.attempt({ lane: { ...lane, from }, skip }, stopped);
      from = ended.next;
      if (ended.culprit !== undefined) skip.push(ended.culprit);
      else if (from < lane.to) break;
    }
  }

  stop(): void {
    this.child?.kill('SIGKILL');
    this.child = undefined;
  }

  /** One process until the lane is done or the process is; `culprit` is the input that ended it. */
  private attempt(job: Job, stopped: () => boolean): Promise<{ next: number; culprit?: number }> {
    const { target } = job.lane;
    writeFileSync(this.file, '');
    const child = this.child ?? this.start();
    this.child = child;
    return new Promise((resolve) => {
      let next = job.lane.from;
      const watch = new Watch(child, this.file);
      const end = (culprit?: number) => {
        clearInterval(timer);
        child.off('message', listen);
        child.off('exit', fell);
        if (culprit !== undefined) this.stop();
        resolve({ next, culprit });
      };
      const blame = (failure: Omit<Failure, 'target'>) => {
        const record = readFileSync(this.file);
        const index = indexOf(record);
        this.hooks.failed({ target, ...failure }, index < 0 ? [] : partsOf(record));
        this.hooks.figures(target, { ...ONE_FAILURE });
        // Without a first input the process cannot run at all.
        if (index < 0) next = job.lane.to;
        end(index);
      };
      const listen = (message: Message) => {
        if (message.kind === 'ready') watch.ready();
        else if (message.kind === 'failed') this.hooks.failed(message.failure, message.parts);
        else if (message.kind === 'report') {
          next = message.next;
          this.hooks.figures(target, message.figures);
        } else end();
      };
      const fell = (code: number | null, signal: string | null) => {
        blame({ kind: 'crash', message: `The process ended by itself (${signal ?? code}).` });
      };
      const timer = setInterval(() => {
        if (stopped()) {
          this.stop();
          end();
        } else if (watch.hangs()) {
          child.off('exit', fell);
          blame({ kind: 'hang', message: `It did not end within ${TIME_LIMIT_MS} ms.` });
        }
      }, POLL_MS);
      child.on('message', listen);
      child.on('exit', fell);
      child.send(job);
    });
  }

  private start(): ChildProcess {
    return fork(this.script, [this.file], {
      serialization: 'advanced',
      execArgv: [`--max-old-space-size=${HEAP_MB}`],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
  }
}

const ONE_FAILURE: Figures = {
  inputs: 1,
  accepted: 0,
  refused: {},
  slowestMs: TIME_LIMIT_MS,
  growth: 0,
  failures: 1,
};

/** Looks whether a process has been busy with one input for too long. */
class Watch {
  private index = -1;
  /** Polls since the input was first seen: a machine that was suspended has made none. */
  private polls = 0;
  private busySince = 0;
  private limit = START_LIMIT_MS;

  constructor(
    private readonly child: ChildProcess,
    private readonly file: string,
  ) {}

  ready(): void {
    this.limit = WALL_LIMIT_MS;
    this.restart(this.index);
  }

  hangs(): boolean {
    const index = readIndex(this.file);
    if (index !== this.index) this.restart(index);
    if (++this.polls * POLL_MS > this.limit) return true;
    if (this.limit === START_LIMIT_MS || index < 0) return false;
    return busyMs(this.child) - this.busySince > TIME_LIMIT_MS + 2 * POLL_MS;
  }

  private restart(index: number): void {
    this.index = index;
    this.polls = 0;
    this.busySince = busyMs(this.child);
  }
}

function readIndex(file: string): number {
  const descriptor = openSync(file, 'r');
  const bytes = new Uint8Array(4);
  const length = readSync(descriptor, bytes, 0, 4, 0);
  closeSync(descriptor);
  return length < 4 ? -1 : indexOf(bytes);
}

/** Linux counts in hundredths of a second. */
const TICK_MS = 10;

/** Processor time that a process has had; 0 where the system does not tell. */
function busyMs({ pid }: ChildProcess): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return TICK_MS * (Number(fields[11]) + Number(fields[12]));
  } catch {
    return 0;
  }
}
