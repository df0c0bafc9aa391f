import { type KeyboardEvent, type PointerEvent, useMemo, useRef } from 'react';
import { type FileSpan, spanAt } from '../../core/bitstream/fileMap';
import { useStudio } from '../../state/react';
import type { Result } from '../../state/result';
import { IconButton } from '../../ui/controls';
import { count, bytes as sizeText } from '../../ui/format';
import { changedStretches, lookOf, type SpanLook, stretchPath } from './byteMarks';
import { useCopy, useDamageOfFile } from './useDamage';
import { spanName } from './words';

const LOOKS: readonly { readonly look: SpanLook; readonly text: string }[] = [
  { look: 'header', text: 'Header' },
  { look: 'index', text: 'Tile index' },
  { look: 'metadata', text: 'Metadata' },
  { look: 'weights', text: 'Tuned weights' },
  { look: 'even', text: 'Tiles' },
];
/** The bar tells no more places apart. */
const PLACES = 2000;

/** All bytes of the file from the first to the last; a click chooses one. */
export function ByteBar({ result }: { result: Result }) {
  const { file, reconstruction } = result;
  const { byte } = useDamageOfFile(reconstruction.id);
  const choosePlace = useStudio((state) => state.chooseDamagePlace);
  const { spans, copy } = useCopy(result);
  const choose = (to: number) => {
    choosePlace(reconstruction.id, { byte: Math.min(file.length - 1, Math.max(0, to)) });
  };
  const at = spans.findIndex(({ to }) => byte < to);
  const present = new Set(spans.map(lookOf));
  const several = spans.some(({ kind }) => kind === 'tile');
  return (
    <section className="byte-map" aria-label="Bytes of the file">
      <div className="byte-map__head">
        <strong>Bytes of the file</strong>
        <span className="small muted">{sizeText(file.length)}</span>
        <div className="byte-map__place">
          <IconButton
            icon="previous"
            label="Previous section"
            disabled={at <= 0}
            onClick={() => choose(spans[at - 1].from)}
          />
          <span className="byte-map__section" data-testid="damage-section">
            {spanName(spans[at])}
          </span>
          <IconButton
            icon="next"
            label="Next section"
            disabled={at >= spans.length - 1}
            onClick={() => choose(spans[at + 1].from)}
          />
        </div>
      </div>
      <Bar file={file} copy={copy} spans={spans} byte={byte} onChoose={choose} />
      <ul className="byte-map__legend small muted">
        {LOOKS.filter(({ look }) => present.has(look)).map(({ look, text }) => (
          <li key={look}>
            <span className={`byte-map__dot byte-map__dot--${look}`} aria-hidden="true" />
            {look === 'even' && !several ? 'Coded image' : text}
          </li>
        ))}
        <li>
          <span className="byte-map__dot byte-map__dot--changed" aria-hidden="true" />
          Changed
        </li>
      </ul>
    </section>
  );
}

interface BarProps {
  readonly file: Uint8Array;
  readonly copy: Uint8Array;
  readonly spans: readonly FileSpan[];
  readonly byte: number;
  onChoose(byte: number): void;
}

const STEPS: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowDown: -1,
  ArrowRight: 1,
  ArrowUp: 1,
};
const [TOP, MIDDLE, BOTTOM] = [0, 34, 48];

function Bar({ file, copy, spans, byte, onChoose }: BarProps) {
  const { length } = file;
  const box = useRef<HTMLDivElement>(null);
  const held = useRef(false);
  const paths = useMemo(
    () =>
      (['header', 'index', 'metadata', 'weights', 'even', 'odd'] as const).map((look) => {
        const own = spans.filter((span) => lookOf(span) === look);
        const stretches = own.map(({ from, to }) => [from, to] as const);
        return { look, d: stretchPath(stretches, TOP, MIDDLE) };
      }),
    [spans],
  );
  const changed = useMemo(
    () => stretchPath(changedStretches(file, copy, PLACES), MIDDLE + 2, BOTTOM),
    [file, copy],
  );
  const choose = (event: PointerEvent) => {
    const place = box.current?.getBoundingClientRect();
    if (place?.width) {
      onChoose(Math.floor(((event.clientX - place.left) / place.width) * length));
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const leap = Math.max(1, Math.round(length / 100));
    const to = {
      ...Object.fromEntries(Object.entries(STEPS).map(([key, by]) => [key, byte + by])),
      PageUp: byte + leap,
      PageDown: byte - leap,
      Home: 0,
      End: length - 1,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    onChoose(to);
  };
  const span = spanAt(spans, byte);
  return (
    <div
      ref={box}
      className="byte-bar"
      role="slider"
      tabIndex={0}
      aria-label="Byte of the file"
      aria-valuemin={0}
      aria-valuemax={length - 1}
      aria-valuenow={byte}
      aria-valuetext={`Byte ${count(byte)}, ${span ? spanName(span) : ''}`}
      data-testid="byte-bar"
      onPointerDown={(event) => {
        held.current = true;
        event.currentTarget.setPointerCapture(event.pointerId);
        choose(event);
      }}
      onPointerMove={(event) => held.current && choose(event)}
      onPointerUp={() => {
        held.current = false;
      }}
      onPointerCancel={() => {
        held.current = false;
      }}
      onKeyDown={onKeyDown}
    >
      <svg viewBox={`0 0 ${length} ${BOTTOM}`} preserveAspectRatio="none" aria-hidden="true">
        {paths.map(({ look, d }) => (
          <path key={look} className={`byte-bar__part byte-bar__part--${look}`} d={d} />
        ))}
        {copy.length < length && (
          <path
            className="byte-bar__missing"
            d={stretchPath([[copy.length, length]], TOP, BOTTOM)}
          />
        )}
        <path className="byte-bar__changed" d={changed} />
      </svg>
      <span className="byte-bar__mark" style={{ left: `${(100 * (byte + 0.5)) / length}%` }} />
    </div>
  );
}
