import { DropdownMenu } from 'radix-ui';
import { useEffect } from 'react';
import { version } from '../../../package.json';
import type { BackendName, BackendReport } from '../../engine/api';
import { useStudio } from '../../state/react';
import { megabytes } from '../../ui/format';
import { Icon } from '../../ui/icons';
import { Landmark } from '../../ui/landmark';
import { Menu, MenuLabel } from '../../ui/menu';
import { BACKENDS } from '../backends';
import { TuningStatus } from '../tuning/TuningStatus';
import './status.css';

const MEMORY_INTERVAL_MS = 3000;
const ORDER: readonly BackendName[] = ['webgpu', 'webgl', 'wasm', 'cpu'];

function summary(report: BackendReport): string {
  const software = report.software ? ', in software' : '';
  const gpu = report.name === 'webgpu' || report.name === 'webgl';
  return `${BACKENDS[report.name]}${gpu ? ` on ${report.adapter}` : ' on the CPU'}${software}`;
}

function detail(name: BackendName, reports: readonly BackendReport[]): string {
  const report = reports.find((one) => one.name === name);
  if (!report) return 'Not tried';
  if (report.skipped) return `Not used: ${report.skipped}`;
  return `In use: ${report.adapter}${report.software ? ', in software' : ''}`;
}

function BackendMenu() {
  const backend = useStudio((state) => state.backend);
  const starting = useStudio((state) => state.backendStarting);
  const wanted = useStudio((state) => state.backendWanted);
  const busy = useStudio((state) => state.job !== undefined);
  const start = useStudio((state) => state.startEngine);
  const text = starting ? 'Starting…' : backend ? summary(backend.chosen) : 'No backend';
  return (
    <Menu
      align="start"
      trigger={
        <button type="button" className="status__button" data-testid="backend">
          <span className={`status__dot${backend ? ' status__dot--on' : ''}`} aria-hidden="true" />
          <span className="truncate">{text}</span>
          <Icon name="chevron" />
        </button>
      }
    >
      <MenuLabel>Where the networks run</MenuLabel>
      <DropdownMenu.RadioGroup
        value={wanted ?? 'best'}
        onValueChange={(value) => start(value === 'best' ? undefined : (value as BackendName))}
      >
        {(['best', ...ORDER] as const).map((name) => (
          <DropdownMenu.RadioItem
            key={name}
            value={name}
            className="popup__item"
            disabled={busy || starting}
          >
            <DropdownMenu.ItemIndicator className="popup__check">
              <Icon name="check" />
            </DropdownMenu.ItemIndicator>
            <div>
              {name === 'best' ? 'Best that passes the check' : BACKENDS[name]}
              {name !== 'best' && <small>{detail(name, backend?.reports ?? [])}</small>}
            </div>
          </DropdownMenu.RadioItem>
        ))}
      </DropdownMenu.RadioGroup>
    </Menu>
  );
}

/** Where the work is done and what it takes. */
export function StatusBar() {
  const memory = useStudio((state) => state.memory);
  const refresh = useStudio((state) => state.refreshMemory);
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') refresh();
    }, MEMORY_INTERVAL_MS);
    return () => clearInterval(timer);
  }, [refresh]);
  return (
    <Landmark as="footer" className="status">
      <BackendMenu />
      <TuningStatus />
      {memory && memory.cubes + memory.tensors > 0 && (
        <span className="status__item">
          Memory: cubes {megabytes(memory.cubes)}, networks {megabytes(memory.tensors)}
        </span>
      )}
      <span className="status__item status__end">Everything stays on this computer</span>
      <span className="status__item">Studio {version}</span>
    </Landmark>
  );
}
