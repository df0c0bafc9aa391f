import { Button } from '../../ui/controls';
import { Menu, MenuItem } from '../../ui/menu';

const EXPORTS = [
  { id: 'csv', label: 'CSV', detail: 'one row a band, all values' },
  { id: 'svg', label: 'SVG', detail: 'the plot, with a caption' },
  { id: 'png', label: 'PNG', detail: 'the plot at twice its size' },
] as const;

export type SpectraExport = (typeof EXPORTS)[number]['id'];

/** The ways out for what the plot shows. */
export function ExportMenu(props: { disabled: boolean; onExport(id: SpectraExport): void }) {
  return (
    <Menu
      trigger={
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
      }
    >
      {EXPORTS.map(({ id, label, detail }) => (
        <MenuItem key={id} label={label} detail={detail} onSelect={() => props.onExport(id)} />
      ))}
    </Menu>
  );
}
