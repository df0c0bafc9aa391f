import { DropdownMenu } from 'radix-ui';
import { Button } from '../../ui/controls';

const EXPORTS = [
  { id: 'csv', label: 'CSV', detail: 'one row a band, all values' },
  { id: 'svg', label: 'SVG', detail: 'the plot, with a caption' },
  { id: 'png', label: 'PNG', detail: 'the plot at twice its size' },
] as const;

export type SpectraExport = (typeof EXPORTS)[number]['id'];

/** The ways out for what the plot shows. */
export function ExportMenu(props: { disabled: boolean; onExport(id: SpectraExport): void }) {
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger asChild>
        <Button
          variant="quiet"
          icon="save"
          className="spectrum__button"
          disabled={props.disabled}
          aria-label="Export the spectra"
          data-testid="export-spectra"
        >
          Export
        </Button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="popup" align="end" sideOffset={4} collisionPadding={8}>
          {EXPORTS.map(({ id, label, detail }) => (
            <DropdownMenu.Item key={id} className="popup__item" onSelect={() => props.onExport(id)}>
              <div>
                {label}
                <small>{detail}</small>
              </div>
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
