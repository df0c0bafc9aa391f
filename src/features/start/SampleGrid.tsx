import { useEffect, useState } from 'react';
import type { Picture, SampleCard } from '../../engine/api';
import { useEngine, useStudio } from '../../state/react';
import { PictureCanvas } from '../../ui/PictureCanvas';

const THUMBNAIL_SIDE = 256;

/** Nothing until it is drawn; a sample whose picture fails still opens by its name. */
function useSamplePicture(sample: string): Picture | undefined {
  const engine = useEngine();
  const [picture, setPicture] = useState<Picture>();
  useEffect(() => {
    let current = true;
    engine.samplePicture(sample, THUMBNAIL_SIDE).then(
      (next) => current && setPicture(next),
      () => current && setPicture(undefined),
    );
    return () => {
      current = false;
    };
  }, [engine, sample]);
  return picture;
}

function Sample({ card, busy }: { card: SampleCard; busy: boolean }) {
  const openSample = useStudio((state) => state.openSample);
  const picture = useSamplePicture(card.id);
  return (
    <li>
      <button
        type="button"
        className="sample"
        disabled={busy}
        data-testid={`sample-${card.id}`}
        onClick={() => openSample(card.id)}
      >
        <span className="sample__picture">{picture && <PictureCanvas picture={picture} />}</span>
        <span className="sample__title">{card.title}</span>
        <span className="sample__text">{card.description}</span>
      </button>
    </li>
  );
}

/** The scenes that ship with the studio, in true colour. */
export function SampleGrid() {
  const samples = useStudio((state) => state.samples);
  const busy = useStudio((state) => state.opening !== undefined);
  return (
    <section className="samples" aria-labelledby="samples-title">
      <h2 id="samples-title" className="samples__title">
        Or start from a simulated scene
      </h2>
      <ul className="samples__grid">
        {samples.map((card) => (
          <Sample key={card.id} card={card} busy={busy} />
        ))}
      </ul>
    </section>
  );
}
