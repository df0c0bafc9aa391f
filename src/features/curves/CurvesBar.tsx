import { useStudio, useStudioStore } from '../../state/react';
import { Button, Segmented, Select } from '../../ui/controls';
import { Menu, MenuItem, MenuLine } from '../../ui/menu';
import { saveFile } from '../result/download';
import { exportName, settingsOf, toCsv, toJson } from './exports';
import { useChart } from './useCurves';

const RATE_CHOICES = [
  { value: 'bpp', label: 'bpp', detail: 'Bits per pixel, all bands together' },
  { value: 'bpppc', label: 'bpppc', detail: 'Bits per pixel and band' },
  { value: 'bytes', label: 'Bytes', detail: 'Size of the file' },
] as const;

const QUALITY_CHOICES = [
  { value: 'psnr', label: 'PSNR', detail: 'dB, over all bands, peak 1' },
  { value: 'ssim', label: 'SSIM', detail: 'Mean over the bands' },
  { value: 'sam', label: 'SAM', detail: 'Mean spectral angle, less is better' },
] as const;

/** What the axes show, and the ways out. */
export default function CurvesBar() {
  const view = useStudio((state) => state.curves);
  const setCurves = useStudio((state) => state.setCurves);
  return (
    <div className="curves-bar">
      <Segmented
        label="What is drawn of the points"
        value={view.drawn}
        choices={[
          { value: 'chart', label: 'Chart' },
          { value: 'pictures', label: 'Pictures' },
        ]}
        onChange={(drawn) => setCurves({ drawn })}
      />
      {view.drawn === 'chart' && <AxisControls />}
      <ExportMenu />
    </div>
  );
}

function AxisControls() {
  const view = useStudio((state) => state.curves);
  const setCurves = useStudio((state) => state.setCurves);
  return (
    <>
      <Select
        label="Quality axis"
        value={view.y}
        choices={QUALITY_CHOICES}
        onChange={(y) => setCurves({ y })}
      />
      <span className="muted small">over</span>
      <Select
        label="Rate axis"
        value={view.x}
        choices={RATE_CHOICES}
        onChange={(x) => setCurves({ x })}
      />
      <Segmented
        label="Scale of the rate axis"
        value={view.scale}
        choices={[
          { value: 'linear', label: 'Linear' },
          { value: 'log', label: 'Log' },
        ]}
        onChange={(scale) => setCurves({ scale })}
      />
    </>
  );
}

const EXPORTS = [
  { id: 'csv', label: 'CSV', detail: 'one row a file, all figures' },
  { id: 'json', label: 'JSON', detail: 'the same with all settings' },
  { id: 'svg', label: 'SVG', detail: 'the drawing, with a caption' },
  { id: 'png', label: 'PNG', detail: 'the drawing at twice its size' },
] as const;

function ExportMenu() {
  const store = useStudioStore();
  const empty = useStudio((state) => !state.sweep || state.sweep.points.length === 0);
  const running = useStudio((state) => state.sweep?.state === 'running');
  const chart = useChart();
  const save = async (id: (typeof EXPORTS)[number]['id']) => {
    const { sweep } = store.getState();
    if (!sweep) return;
    const name = exportName(sweep, id);
    const text = (content: string) => saveFile(name, new TextEncoder().encode(content));
    if (id === 'csv') text(toCsv(sweep));
    if (id === 'json') text(toJson(sweep));
    if (id === 'csv' || id === 'json') return;
    const { toPng, toSvg } = await import('./drawing');
    if (id === 'svg') text(toSvg(chart, settingsOf(sweep)));
    else saveFile(name, await toPng(chart, settingsOf(sweep)));
  };
  return (
    <Menu
      trigger={
        <Button icon="save" data-testid="export-curves">
          Export
        </Button>
      }
    >
      {EXPORTS.map(({ id, label, detail }) => (
        <MenuItem
          key={id}
          label={label}
          detail={detail}
          disabled={empty}
          onSelect={() => save(id)}
        />
      ))}
      <MenuLine />
      <MenuItem
        label="Forget measured points"
        detail="They are kept in this browser so that nothing is measured twice"
        disabled={running}
        onSelect={() => store.getState().clearMeasured()}
      />
    </Menu>
  );
}
