import { type BackendName, startBackend } from '../../src/nn/backend';
import { browserBackends } from '../../src/nn/backendBrowser';
import type { Variant } from '../../src/nn/spec';
import { GoldenAblation } from '../../src/training/goldenAblation';
import { type Deviation, GoldenTerms } from '../../src/training/goldenTerms';
import type { Placement } from '../../src/training/types';

/** Golden files in base 64. */
export interface EncodedFiles {
  readonly terms: string;
  readonly batch: string;
  readonly tripletNet: string;
}

declare global {
  interface Window {
    startOn: (backend: BackendName) => Promise<string>;
    deviationsOf: (
      variant: Variant,
      files: EncodedFiles,
      terms: readonly string[],
    ) => Promise<Deviation[]>;
    ablationDeviations: (file: string, placement: Placement) => Promise<Deviation[]>;
  }
}

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

/** The adapter that the backend runs on. */
window.startOn = async (only) => {
  const unused = { plain: '', simd: '', threadedSimd: '' };
  const { chosen } = await startBackend(browserBackends(unused), { only });
  return chosen.adapter;
};

window.deviationsOf = async (variant, { terms: file, batch, tripletNet }, terms) => {
  const golden = new GoldenTerms(variant, {
    terms: bytesOf(file),
    batch: bytesOf(batch),
    tripletNet: bytesOf(tripletNet),
  });
  const found: Deviation[] = [];
  for (const term of terms) found.push(...(await golden.deviations(term)));
  golden.dispose();
  return found;
};

window.ablationDeviations = async (file, placement) => {
  const golden = new GoldenAblation(bytesOf(file), placement);
  const found = await golden.deviations();
  golden.dispose();
  return found;
};
