import type { FileBits } from '../../engine/bits';
import type { Result } from '../../state/result';
import { Panel } from '../../ui/blocks';
import { bytes as bytesText, fixed } from '../../ui/format';
import { lostText } from '../lostText';
import { BytesBySection } from '../result/BytesBySection';

/** The file's bytes by section, and what the range coder wrote against what its tables promised. */
export function BytesPanel({ result, bits }: { result: Result; bits: FileBits }) {
  const { reconstruction } = result;
  return (
    <Panel
      title="Where the bytes go"
      aside={<span className="small muted">{bytesText(bits.bytes)}</span>}
    >
      <BytesBySection reconstruction={{ ...reconstruction, estimatedBits: undefined }} />
      {bits.coded && <CodedBars {...bits.coded} />}
      {reconstruction.lost && (
        <p className="small">
          {lostText(reconstruction)}: bits are shown and counted of the others, and bytes of damaged
          tiles stand under latents.
        </p>
      )}
      {bits.frameBytes !== undefined && bits.frameBytes > 0 && (
        <p className="small muted">
          {bytesText(bits.frameBytes)} of the side information are the image’s spectral frame, which
          belongs to no block.
        </p>
      )}
    </Panel>
  );
}

function CodedBars({ bytes, estimatedBits }: NonNullable<FileBits['coded']>) {
  const estimated = estimatedBits / 8;
  const more = 100 * (bytes / estimated - 1);
  const most = Math.max(bytes, estimated);
  const rows = [
    { id: 'estimated', label: 'Estimated', value: estimated, text: `${fixed(estimated, 1)} B` },
    { id: 'coded', label: 'Coded', value: bytes, text: bytesText(bytes) },
  ];
  return (
    <div className="coded">
      <div className="field__label">
        <span>Latents and hyper-latents</span>
        <span className="field__value" data-testid="coded-more">
          {more < 0 ? '−' : '+'}
          {fixed(Math.abs(more), 2)} %
        </span>
      </div>
      {rows.map(({ id, label, value, text }) => (
        <div key={id} className="coded__row">
          <span className="muted">{label}</span>
          <span className="coded__track" aria-hidden="true">
            <span
              className={`coded__bar coded__bar--${id}`}
              style={{ width: `${(100 * value) / most}%` }}
            />
          </span>
          <span className="coded__value" data-testid={`bits-${id}`}>
            {text}
          </span>
        </div>
      ))}
    </div>
  );
}
