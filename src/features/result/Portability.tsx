import type { Verification } from '../../engine/verification';
import { useStudio } from '../../state/react';
import type { Result } from '../../state/result';
import { Button, Hint } from '../../ui/controls';
import * as format from '../../ui/format';
import { Icon } from '../../ui/icons';
import { BACKENDS } from '../backends';

const HOW =
  'The file is decoded once more in an engine of its own, on another backend. Its symbols have to be the same everywhere; samples may differ in their last digits, for networks are computed in floating point. To compare elsewhere: “hsc evaluate --json” and the Python decoder (--digest) print the digest too.';

/** Whether the file decodes to the same elsewhere, as far as this machine can tell. */
export function Portability({ result }: { result: Result }) {
  const check = useStudio((state) => state.check);
  const verify = useStudio((state) => state.verify);
  const { id, symbolDigest } = result.reconstruction;
  if (!symbolDigest) return null;
  const own = check?.of === id ? check : undefined;
  const going = own !== undefined && !own.found;
  return (
    <section className="portability" aria-label="Portability">
      <div className="portability__head">
        <Hint pressed text={HOW}>
          <button type="button" className="how">
            The same elsewhere?
          </button>
        </Hint>
        <Button data-testid="verify" onClick={verify}>
          {going ? 'Cancel' : 'Check'}
        </Button>
      </div>
      <p className="small" role="status" data-testid="verification">
        {going && 'Decoding in another engine…'}
        {own?.found && <Outcome {...own.found} />}
        {!own && <span className="muted">Not checked yet.</span>}
      </p>
      <p className="muted small truncate" title={symbolDigest}>
        Symbols, SHA-256: <span data-testid="symbol-digest">{symbolDigest}</span>
      </p>
    </section>
  );
}

function Outcome({ backend, sameSymbols, pixels, difference }: Verification) {
  if (!sameSymbols) {
    return (
      <span className="portability__bad">
        Decoded to other symbols on {BACKENDS[backend]}: do not rely on this file, and please report
        it.
      </span>
    );
  }
  const apart =
    difference < 1e-5 ? 'less than 0.001 %' : `at most ${format.percent(difference, 3)}`;
  return (
    <span className="portability__good">
      <Icon name="check" /> Verified on {BACKENDS[backend]}: all symbols are the same, {pixels}{' '}
      spectra differ by {apart} of the value range.
    </span>
  );
}
