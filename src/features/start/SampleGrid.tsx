import type { SampleCard } from '../../engine/api';
import { useStudio } from '../../state/react';

function Sample({ card, busy }: { card: SampleCard; busy: boolean }) {
  const openSample = useStudio((state) => state.openSample);
  return (
    <li>
      <button
        type="button"
        className="sample"
        disabled={busy}
        data-testid={`sample-${card.id}`}
        onClick={() => openSample(card.id)}
      >
        <span className="sample__picture">
          <img src={`./samples/${card.id}.png`} alt="" />
        </span>
        <span className="sample__title">{card.title}</span>
        <span className="sample__text">{card.description}</span>
      </button>
    </li>
  );
}

/** Keeps the place of the cards, which come from the engine, so that nothing moves for them. */
const PLACES = ['first', 'second', 'third'];

function Place() {
  return (
    <li className="sample" aria-hidden="true">
      <span className="sample__picture" />
      <span className="sample__title">&nbsp;</span>
      <span className="sample__text">&nbsp;</span>
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
        {samples.length === 0 && PLACES.map((place) => <Place key={place} />)}
        {samples.map((card) => (
          <Sample key={card.id} card={card} busy={busy} />
        ))}
      </ul>
    </section>
  );
}
