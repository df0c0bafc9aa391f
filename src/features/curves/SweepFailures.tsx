import { useMemo } from 'react';
import { useStudio } from '../../state/react';
import type { SweepFailure } from '../../state/sweepRun';
import { CodecMark } from './CodecMark';

interface FailureGroup {
  readonly codec: string;
  readonly label: string;
  readonly message: string;
  readonly rates: readonly number[];
}

/** One entry a codec and sentence. */
function groupFailures(failures: readonly SweepFailure[]): FailureGroup[] {
  const groups = new Map<string, FailureGroup>();
  for (const { codec, label, message, targetRate } of failures) {
    const key = `${codec} ${message}`;
    const rates = new Set(groups.get(key)?.rates);
    if (targetRate !== undefined) rates.add(targetRate);
    groups.set(key, { codec, label, message, rates: [...rates] });
  }
  return [...groups.values()];
}

/** What could not be measured, and why. */
export function SweepFailures() {
  const failures = useStudio((state) => state.sweep?.failures);
  const groups = useMemo(() => groupFailures(failures ?? []), [failures]);
  if (groups.length === 0) return null;
  return (
    <section className="failures" aria-label="Not measured">
      <h3 className="failures__title">Not measured</h3>
      <ul>
        {groups.map(({ codec, label, message, rates }) => (
          <li key={`${codec} ${message}`} className="failures__item">
            <CodecMark codec={codec} />
            <div>
              <strong>
                {label}
                {rates.length > 0 && ` at ${rates.join(', ')} bpp`}
              </strong>
              <p className="muted small">{message}</p>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
