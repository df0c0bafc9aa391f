import { codecStyle, markerPath, themed } from '../../ui/codecStyle';

/** The marker that stands for a codec in every chart and list. */
export function CodecMark({ codec }: { codec: string }) {
  const { colour, marker } = codecStyle(codec);
  return (
    <svg className="codec-mark" viewBox="-7 -7 14 14" aria-hidden="true">
      <path d={markerPath(marker, 62)} fill={themed(colour)} />
    </svg>
  );
}
