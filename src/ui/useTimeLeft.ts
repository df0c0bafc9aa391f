import { useEffect, useState } from 'react';
import { JobTime } from '../state/jobTime';

const TICK_MS = 500;

/** Seconds that the work still takes whose share `done` (0..1) is reported while mounted; pauses do not count. */
export function useTimeLeft(done: number, paused = false): number | undefined {
  const [time] = useState(() => new JobTime(undefined, done));
  const [left, setLeft] = useState<number>();
  useEffect(() => time.hold(paused), [time, paused]);
  useEffect(() => {
    time.report(done);
  }, [time, done]);
  useEffect(() => {
    const timer = setInterval(() => setLeft(time.secondsLeft()), TICK_MS);
    return () => clearInterval(timer);
  }, [time]);
  return left;
}
