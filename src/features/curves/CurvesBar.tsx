import { baseName } from '../../core/fileNames';
import { useStudio, useStudioStore } from '../../state/react';
import type { Sweep } from '../../state/sweep';
import { byHeading } from '../../ui/codecHeadings';
import { Segmented, Select } from '../../ui/controls';
import { saveText } from '../../ui/download';
import { ExportMenu } from '../../ui/ExportMenu';
import { type Export, figureExports, tableExport } from '../../ui/exports';
import { Menu, MenuCheck, MenuItem } from '../../ui/menu';
import { captionOf } from '../figureCaption';
import { settingsOf, toCsv, toJson } from './exports';
import { useChart, useCodecCurves, useCurveCodecs } from './useCurves';

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
      <Families />
      <CurvesExport />
    </div>
  );
}

/** Which families of codecs are drawn; only where there are several. */
function Families() {
  const headings = byHeading(useCurveCodecs());
  const hidden = useStudio((state) => state.curves.hidden);
  const setCurves = useStudio((state) => state.setCurves);
  if (headings.length < 2) return null;
  const toggle = (heading: string, shown: boolean) =>
    setCurves({ hidden: shown ? hidden.filter((one) => one !== heading) : [...hidden, heading] });
  const left = headings.filter(({ heading }) => !hidden.includes(heading)).length;
  return (
    <Menu
      align="start"
      trigger={
        <button type="button" className="button button--quiet">
          Families{left < headings.length ? `, ${left} of ${headings.length}` : ''}
        </button>
      }
    >
      {headings.map(({ heading, members }) => (
        <MenuCheck
          key={heading}
          label={heading}
          detail={members.map(({ label }) => label).join(', ')}
          checked={!hidden.includes(heading)}
          onChange={(shown) => toggle(heading, shown)}
        />
      ))}
    </Menu>
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

function CurvesExport() {
  const store = useStudioStore();
  const sweep = useStudio((state) => state.sweep);
  const chart = useChart();
  const curves = useCodecCurves();
  const draw = async (measured: Sweep) => {
    const { drawCurves, drawMatrix } = await import('./drawing');
    const state = store.getState();
    const caption = captionOf(...settingsOf(measured, state.codecs));
    return state.curves.drawn === 'pictures'
      ? drawMatrix(state, curves, caption)
      : drawCurves(chart, caption);
  };
  const exportsOf = (measured: Sweep): readonly Export[] => {
    const base = `${baseName(measured.info.name)}_curves`;
    return [
      tableExport(base, 'one row a file, all figures', () => toCsv(measured)),
      {
        label: 'JSON',
        detail: 'the same with all settings',
        run: () => saveText(`${base}.json`, toJson(measured)),
      },
      ...figureExports(base, () => draw(measured)),
    ];
  };
  return (
    <ExportMenu
      what="the curves"
      testId="export-curves"
      choices={sweep?.points.length ? exportsOf(sweep) : []}
    >
      <MenuItem
        label="Forget measured points"
        detail="They are kept in this browser so that nothing is measured twice"
        disabled={sweep?.state === 'running'}
        onSelect={() => store.getState().clearMeasured()}
      />
    </ExportMenu>
  );
}
