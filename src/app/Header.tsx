import { useState } from 'react';
import { BatchButton } from '../features/batch/BatchButton';
import { SessionBar } from '../features/session/SessionBar';
import { useStudio } from '../state/react';
import { IconButton } from '../ui/controls';
import { FilePicker } from '../ui/FilePicker';
import { Mark } from '../ui/icons';
import { Landmark } from '../ui/landmark';
import { Opening } from './Opening';
import { overlays } from './overlays';
import { currentTheme, toggleTheme } from './theme';

interface HeaderProps {
  readonly working: boolean;
  onShortcuts(): void;
}

export function Header({ working, onShortcuts }: HeaderProps) {
  const openFiles = useStudio((state) => state.openFiles);
  const opening = useStudio((state) => state.opening);
  const close = useStudio((state) => state.closeAll);
  const [theme, setTheme] = useState(currentTheme);
  return (
    <Landmark as="header" className="header">
      <button
        type="button"
        className="brand"
        onClick={close}
        disabled={!working}
        aria-label="HSI Compression Studio, start page"
      >
        <Mark />
        <span>HSI Compression Studio</span>
      </button>
      <span className="header__middle truncate" aria-live="polite">
        {opening && <Opening key={opening} name={opening} />}
      </span>
      <BatchButton />
      {working && <SessionBar />}
      {working && (
        <FilePicker
          icon="file"
          label="Hyperspectral or .hsc files"
          testId="file-input"
          disabled={opening !== undefined}
          onFiles={openFiles}
        >
          Open
        </FilePicker>
      )}
      <IconButton
        icon="search"
        label="All commands (/)"
        data-testid="commands"
        onClick={() => overlays.show('palette')}
      />
      <IconButton
        icon={theme === 'dark' ? 'sun' : 'moon'}
        label={theme === 'dark' ? 'Light theme (T)' : 'Dark theme (T)'}
        data-toggle-theme
        onClick={() => setTheme(toggleTheme())}
      />
      <IconButton icon="keyboard" label="Keyboard shortcuts (?)" onClick={onShortcuts} />
    </Landmark>
  );
}
