import { useEffect, useState } from 'react';
import type { CodecPane } from '../../state/panes';
import { useEngine } from '../../state/react';

/** PSNR in dB of every band of every pane that is compared, by the id of its reconstruction. */
export function useErrorSpectra(panes: readonly CodecPane[]): ReadonlyMap<string, Float32Array> {
  const engine = useEngine();
  const [known, setKnown] = useState<ReadonlyMap<string, Float32Array>>(new Map());

  useEffect(() => {
    let current = true;
    const read = async () => {
      for (const { result } of panes) {
        if (!result?.original) continue;
        const { id } = result.reconstruction;
        const { cube: original, window } = result.original;
        // A reconstruction that was closed meanwhile has no curve.
        const spectrum = await engine
          .errorSpectrum({ original, reconstruction: id, window })
          .catch(() => undefined);
        if (!current) return;
        if (spectrum) setKnown((old) => new Map(old).set(id, Float32Array.from(spectrum.psnr)));
      }
    };
    read();
    return () => {
      current = false;
    };
  }, [engine, panes]);

  return known;
}
