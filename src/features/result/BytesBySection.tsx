import type { CodecMeta } from '../../codecs/types';
import type { Reconstruction } from '../../engine/api';
import { useStudio } from '../../state/react';
import { fixed, percent } from '../../ui/format';

const NAMES: NonNullable<CodecMeta['payload']> = {
  latents: 'Latents',
  sideInformation: 'Side information',
};

function sectionsFor(sections: Reconstruction['sections'], names = NAMES) {
  const { latents, sideInformation, metadata, header, weights = 0 } = sections;
  const parts = [
    { key: 'latents', label: names.latents, own: latents },
    { key: 'sideInformation', label: names.sideInformation, own: sideInformation },
    { key: 'weights', label: 'Tuned weights', own: weights },
    { key: 'metadata', label: 'Metadata', own: metadata },
    { key: 'header', label: 'Header and checks', own: header },
  ];
  return parts.filter(({ key, own }) => key !== 'weights' || own > 0);
}

/** Two sections may share a byte of the range coder's: then each has a part of it. */
function sectionBytes(value: number): string {
  return fixed(value, Number.isInteger(value) ? 0 : 1);
}

/** Where the file's bytes go; the estimate of the probability tables stands beside them. */
export function BytesBySection({ reconstruction }: { reconstruction: Reconstruction }) {
  const { bytes, estimatedBits, codec, sections } = reconstruction;
  const codecs = useStudio((state) => state.codecs);
  const parts = sectionsFor(sections, codecs.find(({ id }) => id === codec)?.payload);
  return (
    <div className="sections">
      <div className="sections__bar" aria-hidden="true">
        {parts.map(({ key, own }) => (
          <span
            key={key}
            className={`sections__part sections__part--${key}`}
            style={{ flexGrow: own }}
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
          {parts.map(({ key, label, own }) => (
            <tr key={key}>
              <th scope="row">
                <span className={`sections__dot sections__part--${key}`} aria-hidden="true" />
                {label}
              </th>
              <td data-testid={`section-${key}`}>{sectionBytes(own)} B</td>
              <td className="muted">{percent(own / bytes, 1)}</td>
            </tr>
          ))}
          {estimatedBits !== undefined && (
            <tr className="sections__estimate">
              <th scope="row">{`${parts[0].label} + side, estimated`}</th>
              <td data-testid="estimate">{fixed(estimatedBits / 8, 1)} B</td>
              <td className="muted">{percent(estimatedBits / 8 / bytes, 1)}</td>
            </tr>
          )}
        </tbody>
      </table>
    </div>
  );
}
