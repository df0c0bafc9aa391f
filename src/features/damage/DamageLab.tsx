import type { ReactNode } from 'react';
import type { Result } from '../../state/result';
import { Landmark } from '../../ui/landmark';
import { ByteBar } from './ByteBar';
import { DamageFigures } from './DamageFigures';
import { DamagePanel } from './DamagePanel';
import './damage.css';
import { HitPanel, OutcomePanel } from './OutcomePanel';
import { useOutcome } from './useDamage';

/** A copy of the file is damaged and read again; `tools` leads back. */
export function DamageLab({ result, tools }: { result: Result; tools: ReactNode }) {
  const running = useOutcome(result);
  return (
    <div className="bits">
      <div className="bits__main">
        <div className="bits__figures">
          <DamageFigures result={result} running={running} />
        </div>
        <ByteBar result={result} />
      </div>
      <Landmark as="aside" className="side side--right" aria-label="Damage">
        {tools}
        <DamagePanel result={result} />
        <OutcomePanel result={result} running={running} />
        <HitPanel result={result} />
      </Landmark>
    </div>
  );
}
