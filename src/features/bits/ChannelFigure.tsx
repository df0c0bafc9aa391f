import { useMemo, useState } from 'react';
import type { LatentBits } from '../../engine/bits';
import type { ChannelSort } from '../../state/bits';
import { useStudio, useStudioStore } from '../../state/react';
import { type Result, resultBase } from '../../state/result';
import { Segmented } from '../../ui/controls';
import { ExportMenu } from '../../ui/ExportMenu';
import { figureExports, tableExport } from '../../ui/exports';
import { fixed, percent } from '../../ui/format';
import { BarChart } from './BarChart';
import { type Bar, type BarContent, MARKED_SHARE } from './BarDrawing';
import { channelOrder, countFor, cumulativeShares, originText } from './channels';
import { channelsCsv } from './csv';
import { drawBars } from './figures';
import { useBitsOfFile } from './useBits';

const SORTS = [
  { value: 'index', label: 'Number' },
  { value: 'bits', label: 'Bits' },
  { value: 'component', label: 'Component' },
  { value: 'frequency', label: 'Frequency' },
] as const;

/** Bits of the latent channels; a click chooses one. */
export function ChannelFigure({ result, latents }: { result: Result; latents: LatentBits }) {
  const { id } = result.reconstruction;
  const store = useStudioStore();
  const sort = useStudio((state) => state.bitsView.sort);
  const { channel, edits } = useBitsOfFile(id);
  const [hovered, setHovered] = useState<number>();
  const bars = useBars(latents, sort, edits);
  const groups = useMemo(() => groupsOf(bars, latents, sort), [bars, latents, sort]);
  const { setBitsView, setBitsOfFile } = store.getState();
  const shown = hovered ?? channel;
  return (
    <section className="bits-chart" aria-label="Bits of the latent channels">
      <div className="bits-chart__head">
        <strong>Bits per channel</strong>
        <Segmented
          label="Order of the channels"
          value={sort}
          choices={SORTS}
          onChange={(next) => setBitsView({ sort: next })}
        />
        <ChannelExport result={result} latents={latents} bars={{ bars, groups, unit: 'bits' }} />
      </div>
      <p className="bits-chart__text small muted truncate" data-testid="channel-readout">
        {shown === undefined ? summary(bars) : describe(latents, shown)}
      </p>
      <BarChart
        label="Bits of the latent channels"
        bars={bars}
        groups={groups}
        unit="bits"
        selected={channel}
        hovered={hovered}
        onHover={setHovered}
        onSelect={(next) => setBitsOfFile(id, { channel: next })}
      />
    </section>
  );
}

function useBars(
  latents: LatentBits,
  sort: ChannelSort,
  edits: ReturnType<typeof useBitsOfFile>['edits'],
): readonly Bar[] {
  return useMemo(() => {
    const edited = new Set(
      edits.flatMap(({ edit }) => (edit.position ? [] : (edit.channels ?? []))),
    );
    return channelOrder(latents, sort).map((channel) => ({
      id: channel,
      value: latents.channelBits[channel],
      tone: (latents.origins[channel]?.component ?? 0) % 2 === 0 ? 0 : 1,
      edited: edited.has(channel),
    }));
  }, [latents, sort, edits]);
}

/** Stretches of one spectral component, where the order keeps them together. */
function groupsOf(bars: readonly Bar[], { origins }: LatentBits, sort: ChannelSort) {
  if (sort === 'bits' || sort === 'frequency') return [];
  const groups: { from: number; to: number; text: string }[] = [];
  for (const [i, { id }] of bars.entries()) {
    const component = origins[id]?.component;
    const text = component === undefined ? 'none' : `component ${component}`;
    const last = groups.at(-1);
    if (last?.text === text) last.to = i + 1;
    else groups.push({ from: i, to: i + 1, text });
  }
  return groups;
}

function summary(bars: readonly Bar[]): string {
  const first = countFor(cumulativeShares(bars.map(({ value }) => value)), MARKED_SHARE);
  return `The first ${first} of ${bars.length} channels carry ${percent(MARKED_SHARE, 0)} of the latents’ bits.`;
}

function describe(latents: LatentBits, channel: number): string {
  const { channelBits, nonZeroShare } = latents;
  const total = channelBits.reduce((sum, bits) => sum + bits, 0);
  return [
    `Channel ${channel}: ${fixed(channelBits[channel], 1)} bits (${percent(channelBits[channel] / total, 1)})`,
    `${percent(nonZeroShare[channel], 0)} not zero`,
    originText(latents, channel),
  ].join(', ');
}

interface ChannelExportProps {
  readonly result: Result;
  readonly latents: LatentBits;
  readonly bars: BarContent;
}

function ChannelExport({ result, latents, bars }: ChannelExportProps) {
  const store = useStudioStore();
  const base = `${resultBase(result)}_bits-channels`;
  const draw = () => {
    const state = store.getState();
    const order = SORTS.find(({ value }) => value === state.bitsView.sort)?.label.toLowerCase();
    return drawBars(state, 'Bits per latent channel', bars, [
      `Channels by ${order}; bits of the latents from the file’s probability tables.`,
    ]);
  };
  return (
    <ExportMenu
      what="the channels"
      testId="export-bits"
      choices={[
        tableExport(base, 'one row a latent channel', () => channelsCsv(latents)),
        ...figureExports(base, draw),
      ]}
    />
  );
}
