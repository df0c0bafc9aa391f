import { useMemo } from 'react';
import { useStudio } from '../../state/react';
import type { SweepFailure } from '../../state/sweepRun';
import { CodecMark } from './CodecMark';

interface FailedCodec {
  readonly label: string;
  readonly rates: ReadonlySet<number>;
}

/** For each sentence the codecs that gave it, and at which rates. */
function bySentence(failures: readonly SweepFailure[]): Map<string, Map<string, FailedCodec>> {
  const sentences = new Map<string, Map<string, FailedCodec>>();
  for (const { codec, label, message, targetRate } of failures) {
    const codecs = sentences.get(message) ?? new Map<string, FailedCodec>();
    const rates = new Set(codecs.get(codec)?.rates);
    if (targetRate !== undefined) rates.add(targetRate);
    sentences.set(message, codecs.set(codec, { label, rates }));
  }
  return sentences;
}

/** What could not be measured, and why. */
export function SweepFailures() {
  const failures = useStudio((state) => state.sweep?.failures);
  const sentences = useMemo(() => bySentence(failures ?? []), [failures]);
  if (sentences.size === 0) return null;
  return (
    <section className="failures" aria-label="Not measured">
      <h3 className="failures__title">Not measured</h3>
      {[...sentences].map(([message, codecs]) => (
        <div key={message}>
          <ul>
            {[...codecs].map(([codec, { label, rates }]) => (
              <li key={codec} className="failures__codec">
                <CodecMark codec={codec} />
                {label}
                {rates.size > 0 && <span className="muted">at {[...rates].join(', ')} bpp</span>}
              </li>
            ))}
          </ul>
          <p className="muted small">{message}</p>
        </div>
      ))}
    </section>
  );
}
