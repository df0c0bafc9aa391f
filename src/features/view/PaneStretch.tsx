import { Popover } from 'radix-ui';
import { useStudio } from '../../state/react';
import { Button, Segmented } from '../../ui/controls';
import { Icon } from '../../ui/icons';
import { usePopupPlace } from '../../ui/menu';
import { PercentileChoice } from './PercentileChoice';
import './view.css';

/** Takes a pane (`name` for people) out of the stretch that all panes share, or puts it back. */
export function PaneStretch({ paneKey, name }: { paneKey: string; name: string }) {
  const own = useStudio((state) => state.paneStretch[paneKey]);
  const shared = useStudio((state) => state.percentiles);
  const setPaneStretch = useStudio((state) => state.setPaneStretch);
  const text = own ? `Own ${own.join('–')} %` : 'Stretch';
  const { trigger, container, onOpenChange } = usePopupPlace();
  return (
    <Popover.Root onOpenChange={onOpenChange}>
      <Popover.Trigger asChild ref={trigger}>
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
      <Popover.Portal container={container}>
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
          {own && (
            <PercentileChoice
              label="Own stretch"
              value={own}
              onChange={(percents) => setPaneStretch(paneKey, percents)}
            />
          )}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
