import type { Reconstruction } from '../../engine/api';
import { fixed, percent } from '../../ui/format';

const SECTIONS = [
  { key: 'latents', label: 'Latents' },
  { key: 'sideInformation', label: 'Side information' },
  { key: 'metadata', label: 'Metadata' },
  { key: 'header', label: 'Header and checks' },
] as const;

/** Two sections may share a byte of the range coder's: then each has a part of it. */
function sectionBytes(value: number): string {
  return fixed(value, Number.isInteger(value) ? 0 : 1);
}

/** Where the file's bytes go; the estimate of the probability tables stands beside them. */
export function BytesBySection({ reconstruction }: { reconstruction: Reconstruction }) {
  const { sections, bytes, estimatedBits } = reconstruction;
  return (
    <div className="sections">
      <div className="sections__bar" aria-hidden="true">
        {SECTIONS.map(({ key }) => (
          <span
            key={key}
            className={`sections__part sections__part--${key}`}
            style={{ flexGrow: sections[key] }}
          />
        ))}
      </div>
      <table className="sections__table">
        <caption className="visually-hidden">Bytes of the file by section</caption>
        <thead className="visually-hidden">
          <tr>
            <th scope="col">Section</th>
            <th scope="col">Bytes</th>
            <th scope="col">Share</th>
          </tr>
        </thead>
        <tbody>
          {SECTIONS.map(({ key, label }) => (
            <tr key={key}>
              <th scope="row">
                <span className={`sections__dot sections__part--${key}`} aria-hidden="true" />
                {label}
              </th>
              <td data-testid={`section-${key}`}>{sectionBytes(sections[key])} B</td>
              <td className="muted">{percent(sections[key] / bytes, 1)}</td>
            </tr>
          ))}
          {estimatedBits !== undefined && (
            <tr className="sections__estimate">
              <th scope="row">Latents + side, estimated</th>
              <td data-testid="estimate">{fixed(estimatedBits / 8, 1)} B</td>
              <td className="muted">{percent(estimatedBits / 8 / bytes, 1)}</td>
            </tr>
          )}
        </tbody>
      </table>
    </div>
  );
}
