import { useRef, useState } from 'react';
import { nearestBand } from '../../core/cube/composite';
import type { ReadAttention } from '../../state/attention';
import { useStudio, useStudioStore } from '../../state/react';
import { NEUTRAL, PAPER_PALETTE, SCREEN_PALETTE } from '../../ui/chartPalette';
import { ExportMenu } from '../../ui/ExportMenu';
import { figureExports } from '../../ui/exports';
import { sheetOf } from '../../ui/FigureSheet';
import { fixed, significant } from '../../ui/format';
import { LineMark } from '../../ui/LineMark';
import { captionOf } from '../figureCaption';
import { useSize } from '../stage/useSize';
import { readTexts } from './captions';
import { attentionBase } from './exports';
import { bandScale, InputBandChart } from './InputBandChart';
import { type InputBandContent, useInputBands } from './inputBands';
import { PlotTabs } from './PlotTabs';

/** Weights of the input bands against wavelength, over the patch's mean spectrum. */
export function InputBandPlot({ read }: { read: ReadAttention }) {
  const box = useRef<HTMLDivElement>(null);
  const size = useSize(box);
  const [cursor, setCursor] = useState<number>();
  const chosen = useStudio((state) => state.attentionCell);
  const edits = useStudio((state) => state.attentionEdits.gates);
  const chooseCell = useStudio((state) => state.chooseCell);
  const content = useInputBands(read);
  const { block } = read.blocks[0];
  const bandAt = (event: React.PointerEvent<HTMLElement>) => {
    if (!size) return undefined;
    const x = bandScale(content, size);
    const at = event.clientX - event.currentTarget.getBoundingClientRect().left;
    const value = x.low + ((at - x.from) / (x.to - x.from)) * (x.high - x.low);
    return value >= x.low && value <= x.high ? nearestBand(content.xs, value) : undefined;
  };
  const marks = new Set([
    ...edits.filter((edit) => edit.block === block).map(({ channel }) => channel),
    ...(chosen?.block === block ? [chosen.channel] : []),
  ]);
  return (
    <section className="input-plot" aria-label="Weights of the input bands">
      <PlotCaption read={read} content={content} band={cursor} />
      <div
        ref={box}
        className="plot input-plot__box"
        data-testid="input-plot"
        onPointerMove={(event) => setCursor(bandAt(event))}
        onPointerLeave={() => setCursor(undefined)}
        onPointerDown={(event) => {
          const channel = bandAt(event);
          if (channel !== undefined) chooseCell({ block, channel });
        }}
      >
        {size && size.width > 120 && size.height > 60 && (
          <InputBandChart
            {...size}
            {...{ content, cursor }}
            marks={[...marks]}
            palette={SCREEN_PALETTE}
          />
        )}
      </div>
    </section>
  );
}

interface CaptionProps {
  readonly read: ReadAttention;
  readonly content: InputBandContent;
  readonly band: number | undefined;
}

/** Legend, and the values under the pointer. */
function PlotCaption({ read, content, band }: CaptionProps) {
  const { xs, xLabel, lines, mean } = content;
  return (
    <div className="input-plot__caption">
      <PlotTabs />
      {band !== undefined && (
        <span className="caption__title">
          {xLabel === 'nm' ? `${fixed(xs[band], 1)} nm` : `band ${xs[band]}`}
        </span>
      )}
      {lines.map(({ name, shades, dash, values }) => (
        <span key={name} className="legend__item">
          <LineMark colour={shades} dash={dash} />
          {name}
          {band !== undefined && ` ${fixed(values[band], 4)}`}
        </span>
      ))}
      <span className="legend__item muted">
        <LineMark colour={NEUTRAL} />
        mean spectrum{band !== undefined && ` ${significant(mean[band])}`}
      </span>
      <BandExport read={read} content={content} />
    </div>
  );
}

const PAPER = { width: 860, height: 360 };

function BandExport({ read, content }: Omit<CaptionProps, 'band'>) {
  const store = useStudioStore();
  const draw = () => {
    const state = store.getState();
    return sheetOf({
      title: 'Gates of the input bands',
      ...PAPER,
      drawing: <InputBandChart {...PAPER} content={content} palette={PAPER_PALETTE} />,
      caption: [
        ...content.lines.map(({ name, shades, dash }) => ({ text: name, shades, dash })),
        { text: 'mean spectrum of the patch, on a scale of its own', shades: NEUTRAL },
        ...captionOf(...readTexts(state, read)),
      ],
    });
  };
  return (
    <ExportMenu
      what="the weights of the bands"
      testId="export-bands"
      variant="quiet"
      className="spectrum__button"
      choices={figureExports(`${attentionBase(read)}_input-bands`, draw)}
    />
  );
}
