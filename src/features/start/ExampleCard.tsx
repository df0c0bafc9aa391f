import { useStudio, useStudioStore } from '../../state/react';
import type { StudioStore } from '../../state/store';
import { Button } from '../../ui/controls';
import * as format from '../../ui/format';
import { EXAMPLE, type Example } from './example';

const WIDTH = 240;
const HEIGHT = 96;

/** A spectrum as the points of a line; values up to `top`. */
function line({ wavelengthsNm }: Example, values: readonly number[], top: number): string {
  const [low, high] = [wavelengthsNm[0], wavelengthsNm[wavelengthsNm.length - 1]];
  return values
    .map((value, band) => {
      const x = (WIDTH * (wavelengthsNm[band] - low)) / (high - low);
      return `${x.toFixed(1)},${(HEIGHT * (1 - value / top)).toFixed(1)}`;
    })
    .join(' ');
}

function Spectra({ example }: { example: Example }) {
  const { wavelengthsNm, original, restored } = example;
  const top = 1.05 * Math.max(...original, ...restored);
  return (
    <figure className="example__spectra">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label="Spectra of one pixel, original and reconstruction"
      >
        <polyline points={line(example, original, top)} stroke="var(--original)" />
        <polyline points={line(example, restored, top)} stroke="var(--accent)" />
      </svg>
      <figcaption>
        <span>{format.fixed(wavelengthsNm[0], 0)} nm</span>
        <span className="example__legend">
          <i style={{ background: 'var(--original)' }} /> original
          <i style={{ background: 'var(--accent)' }} /> reconstruction
        </span>
        <span>{format.fixed(wavelengthsNm[wavelengthsNm.length - 1], 0)} nm</span>
      </figcaption>
    </figure>
  );
}

/** The networks may still be on their way when the example is opened. */
function codecsKnown(store: StudioStore): Promise<void> {
  return new Promise((resolve) => {
    if (store.getState().codecs.length > 0) return resolve();
    const stop = store.subscribe(({ codecs }) => {
      if (codecs.length === 0) return;
      stop();
      resolve();
    });
  });
}

/** What the studio does, on one look: a part of a scene, its reconstruction, a pixel of both. */
export function ExampleCard() {
  const store = useStudioStore();
  const busy = useStudio((state) => state.opening !== undefined);
  const { title, codec, codecLabel, targetRate, side, bytes, ratio, psnr, sample } = EXAMPLE;
  const open = async () => {
    await store.getState().openSample(sample);
    await codecsKnown(store);
    const { codecs, setCodec, setRate } = store.getState();
    if (codecs.some(({ id }) => id === codec)) setCodec(codec);
    setRate(targetRate);
  };
  const picture = (name: string, caption: string) => (
    <figure>
      <img src={`./example/${name}.png`} width={side} height={side} alt={`${title}, ${name}`} />
      <figcaption>{caption}</figcaption>
    </figure>
  );
  return (
    <section className="example" aria-labelledby="example-title">
      <h2 id="example-title" className="example__title">
        {format.count(ratio)} times smaller: what was kept
      </h2>
      <div className="example__pictures">
        {picture('original', 'Original')}
        {picture('restored', `${codecLabel}, ${format.bytes(bytes)}`)}
      </div>
      <Spectra example={EXAMPLE} />
      <p className="example__text">
        {side} × {side} pixels in {EXAMPLE.wavelengthsNm.length} bands, PSNR {format.fixed(psnr, 1)}{' '}
        dB.
      </p>
      <Button data-testid="open-example" disabled={busy} onClick={open}>
        Open this example
      </Button>
    </section>
  );
}
