import type { CodecMeta } from '../../codecs/types';
import { codecStyle, markerPath, themed } from '../../ui/codecStyle';

/** A codec's name beside its marker, as in the charts. */
export function CodecName({ codec }: { codec: CodecMeta }) {
  const { colour, marker } = codecStyle(codec.id);
  return (
    <span className="codec">
      <svg viewBox="-7 -7 14 14" width={14} height={14} aria-hidden="true">
        <path d={markerPath(marker, 62)} fill={themed(colour)} />
      </svg>
      {codec.label}
    </span>
  );
}
