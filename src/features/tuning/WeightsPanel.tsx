import { useStudio } from '../../state/react';
import { WEIGHTS_EXTENSION } from '../../state/tuned';
import { shippedCodec } from '../../state/tuningSettings';
import { Panel } from '../../ui/blocks';
import { Button } from '../../ui/controls';
import { FilePicker } from '../../ui/FilePicker';
import { WeightsItem } from './WeightsItem';

/** Tuned weights beside the shipped ones that they come from. */
export function WeightsPanel() {
  const weights = useStudio((state) => state.tunedWeights);
  const importTuned = useStudio((state) => state.importTuned);
  const shipped = [...new Set(weights.map(({ codec }) => shippedCodec(codec)))];
  return (
    <Panel
      title="Tuned weights"
      aside={
        <FilePicker
          single
          icon="file"
          variant="quiet"
          label={`Weights to import, ${WEIGHTS_EXTENSION}`}
          testId="import-weights"
          data-import-weights
          onFiles={([file]) => file && importTuned(file)}
        >
          Import
        </FilePicker>
      }
    >
      {weights.length === 0 && (
        <p className="muted small">
          None yet. They are kept in this browser, and listed with every codec choice; a{' '}
          {WEIGHTS_EXTENSION} file can be dropped here too.
        </p>
      )}
      {shipped.map((variant) => (
        <section key={variant} className="weights" aria-label={`Weights of ${variant}`}>
          <Shipped codec={variant} />
          <ul>
            {weights
              .filter(({ codec }) => shippedCodec(codec) === variant)
              .map((one) => (
                <WeightsItem key={one.codec} weights={one} />
              ))}
          </ul>
        </section>
      ))}
    </Panel>
  );
}

/** The weights that ship, to go back to. */
function Shipped({ codec }: { codec: string }) {
  const label = useStudio((state) => state.codecs.find(({ id }) => id === codec)?.label ?? codec);
  const used = useStudio((state) => state.panes.some(({ codecId }) => codecId === codec));
  const tuned = useStudio((state) =>
    state.panes.some(({ codecId }) => codecId?.startsWith(`${codec}@`)),
  );
  const original = useStudio((state) => state.useOriginal);
  return (
    <div className="weights__shipped">
      <span>
        {label} <span className="muted small">shipped{used && ', in use'}</span>
      </span>
      <Button disabled={!tuned} onClick={() => original()}>
        Back to these
      </Button>
    </div>
  );
}
