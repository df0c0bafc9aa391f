import { Popover } from 'radix-ui';
import { useCallback } from 'react';
import { useStudio } from '../../state/react';
import type { Percentiles } from '../../state/view';
import { Button, Segmented } from '../../ui/controls';
import { Icon } from '../../ui/icons';
import { usePopupHome } from '../../ui/landmark';
import { usePaneSource } from '../compare/useStretched';
import { PercentileChoice } from './PercentileChoice';
import { useHistogram } from './StretchHistogram';
import './view.css';

/** Takes a pane (`name` for people) out of the stretch that all panes share, or puts it back. */
export function PaneStretch({ paneKey, name }: { paneKey: string; name: string }) {
  const own = useStudio((state) => state.paneStretch[paneKey]);
  const shared = useStudio((state) => state.percentiles);
  const setPaneStretch = useStudio((state) => state.setPaneStretch);
  const home = usePopupHome();
  const text = own ? `Own ${own.join('–')} %` : 'Stretch';
  return (
    <Popover.Root>
      <Popover.Trigger asChild>
        <Button
          variant="quiet"
          className={`pane-stretch${own ? ' pane-stretch--own' : ''}`}
          aria-label={`${text} of the ${name}`}
          title={`${text} of the ${name}`}
          data-testid={`stretch-${name}`}
        >
          {own ? text : <Icon name="contrast" />}
        </Button>
      </Popover.Trigger>
      <Popover.Portal container={home}>
        <Popover.Content
          className="popup popup--form"
          align="end"
          collisionPadding={8}
          aria-label={`Stretch of the ${name}`}
        >
          <Segmented
            label="Stretch of this pane"
            value={own ? 'own' : 'shared'}
            choices={[
              { value: 'shared', label: 'Shared' },
              { value: 'own', label: 'Own' },
            ]}
            onChange={(next) => setPaneStretch(paneKey, next === 'own' ? shared : undefined)}
          />
          {own && <OwnStretch paneKey={paneKey} value={own} />}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function OwnStretch({ paneKey, value }: { paneKey: string; value: Percentiles }) {
  const setPaneStretch = useStudio((state) => state.setPaneStretch);
  const channels = useHistogram(usePaneSource(paneKey));
  const change = useCallback(
    (percents: Percentiles) => setPaneStretch(paneKey, percents),
    [setPaneStretch, paneKey],
  );
  return (
    <PercentileChoice label="Own stretch" channels={channels} value={value} onChange={change} />
  );
}
