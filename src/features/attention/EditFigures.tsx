import type { EditedAttention } from '../../engine/attention';
import { attentionStale } from '../../state/attention';
import { useStudio } from '../../state/react';
import { count, fixed } from '../../ui/format';
import { signed } from './text';

interface Row {
  readonly id: string;
  readonly name: string;
  readonly plain: number;
  readonly edited: number | undefined;
  text(value: number): string;
}

/** A change with its sign and digits of its own: it may be far smaller than the figures. */
function changeText({ plain, edited }: Row): string {
  if (edited === undefined) return '–';
  const change = edited - plain;
  if (change === 0) return '0';
  if (!Number.isInteger(change)) return signed(change);
  return `${change > 0 ? '+' : '−'}${count(Math.abs(change))}`;
}

const FILE_WORDS: Readonly<Record<EditedAttention['file'], string>> = {
  kept: 'The same file: the generator alone was edited, so its bits stay.',
  same:
    'Coded anew with the edits: every byte came out the same. Latents are fitted to the image; ' +
    'the encoder’s stack reaches the file mainly through the hyperprior.',
  changed: 'Coded anew with the edits and decoded from its bytes.',
};

/** What the file costs and keeps, without and with the edits: bytes, decoded, measured. */
export function EditFigures() {
  const plain = useStudio((state) => state.attention?.figures);
  const applied = useStudio((state) => state.attentionApplied);
  const stale = useStudio(attentionStale);
  if (!plain) return null;
  const edited = applied?.figures;
  const rows: readonly Row[] = [
    {
      id: 'psnr',
      name: 'PSNR, dB',
      plain: plain.distortion.psnr,
      edited: edited?.distortion.psnr,
      text: (value) => fixed(value, 3),
    },
    {
      id: 'sam',
      name: 'SAM, °',
      plain: plain.distortion.samDegrees,
      edited: edited?.distortion.samDegrees,
      text: (value) => fixed(value, 4),
    },
    {
      id: 'rmse',
      name: 'RMSE',
      plain: plain.distortion.rmse,
      edited: edited?.distortion.rmse,
      text: (value) => value.toPrecision(4),
    },
    {
      id: 'bits',
      name: 'Bits',
      plain: 8 * plain.rate.bytes,
      edited: edited && 8 * edited.rate.bytes,
      text: count,
    },
    {
      id: 'bpp',
      name: 'bpp',
      plain: plain.rate.bpp,
      edited: edited?.rate.bpp,
      text: (value) => fixed(value, 4),
    },
  ];
  return (
    <>
      <table className={`edit-figures${stale ? ' edit-figures--stale' : ''}`}>
        <thead>
          <tr>
            <td>
              <span className="visually-hidden">Figure</span>
            </td>
            <th scope="col">Unedited</th>
            <th scope="col">Edited</th>
            <th scope="col">Change</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <th scope="row">{row.name}</th>
              <td data-testid={`${row.id}-plain`}>{row.text(row.plain)}</td>
              <td data-testid={`${row.id}-edited`}>
                {row.edited === undefined ? '–' : row.text(row.edited)}
              </td>
              <td data-testid={`${row.id}-change`}>{changeText(row)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="muted small" aria-live="polite">
        {applied && FILE_WORDS[applied.file]}
      </p>
    </>
  );
}
