import { useState } from 'react';
import type { Distortion } from '../../core/metrics/distortion';
import type { EditedImage, LatentBits } from '../../engine/bits';
import { useStudio, useStudioStore } from '../../state/react';
import type { Result } from '../../state/result';
import { Field, Panel } from '../../ui/blocks';
import { Button, IconButton, Select, Slider } from '../../ui/controls';
import { fixed, percent } from '../../ui/format';
import { channelOrder, componentsOf } from './channels';
import { channelKey, factorOf, KEEP_KEY, keepFirst, scaleChannel, zeroComponent } from './edits';
import { FactorControl } from './FactorControl';
import { useBitsOfFile, usePutEdit } from './useBits';
import type { useJob } from './useJob';
import { valueText } from './words';

interface EditsPanelProps {
  readonly result: Result;
  readonly latents: LatentBits;
  readonly edited: ReturnType<typeof useJob<EditedImage>>;
}

/** Latents scaled or taken away, and what that costs. */
export function EditsPanel({ result, latents, edited }: EditsPanelProps) {
  const { id } = result.reconstruction;
  const store = useStudioStore();
  const { edits } = useBitsOfFile(id);
  const { setBitsOfFile, removeBitsEdit } = store.getState();
  return (
    <Panel
      title="Edit the latents"
      aside={
        <Button
          variant="quiet"
          disabled={edits.length === 0}
          data-testid="reset-edits"
          onClick={() => setBitsOfFile(id, { edits: [] })}
        >
          Reset
        </Button>
      }
    >
      <EditFigures result={result} edited={edits.length > 0 ? edited : undefined} />
      <ChannelControl result={result} />
      <KeepControl result={result} latents={latents} />
      <ComponentControl result={result} latents={latents} />
      {edits.length > 0 && (
        <ul className="edits" aria-label="Edits">
          {edits.map(({ key, label }) => (
            <li key={key}>
              <span className="truncate">{label}</span>
              <IconButton
                icon="close"
                label={`Undo: ${label}`}
                onClick={() => removeBitsEdit(id, key)}
              />
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function ChannelControl({ result }: { result: Result }) {
  const { id } = result.reconstruction;
  const { channel, edits } = useBitsOfFile(id);
  const { put, remove } = usePutEdit(id);
  const known = channel !== undefined;
  const key = known ? channelKey(channel) : '';
  return (
    <FactorControl
      title={known ? `Channel ${channel}` : 'Channel: click a bar'}
      label="Factor of the channel"
      factor={factorOf(edits, key)}
      disabled={!known}
      onChange={(factor) => {
        if (!known) return;
        if (factor === 1) remove(key);
        else put(scaleChannel(channel, factor));
      }}
    />
  );
}

function KeepControl({ result, latents }: { result: Result; latents: LatentBits }) {
  const { id } = result.reconstruction;
  const sort = useStudio((state) => state.bitsView.sort);
  const { edits } = useBitsOfFile(id);
  const { put, remove } = usePutEdit(id);
  const { channels } = latents;
  const zeroed = edits.find(({ key }) => key === KEEP_KEY)?.edit.channels ?? [];
  const kept = channels - zeroed.length;
  const lost = zeroed.reduce((sum, c) => sum + latents.channelBits[c], 0);
  const total = latents.channelBits.reduce((sum, bits) => sum + bits, 0);
  const text = `${kept} of ${channels}, ${percent(1 - lost / total, 0)} of the bits`;
  return (
    <Field label="First channels kept" value={text}>
      <Slider
        label="Channels that are kept"
        value={kept}
        min={0}
        max={channels}
        step={1}
        valueText={text}
        onChange={(count) => {
          if (count === channels) remove(KEEP_KEY);
          else put(keepFirst(channelOrder(latents, sort), count, sort));
        }}
      />
    </Field>
  );
}

function ComponentControl({ result, latents }: { result: Result; latents: LatentBits }) {
  const { id } = result.reconstruction;
  const components = componentsOf(latents);
  const [component, setComponent] = useState(components[0]);
  const { put } = usePutEdit(id);
  if (components.length === 0) return null;
  return (
    <Field label="Spectral component">
      <div className="edits__row">
        <Select
          label="Spectral component"
          value={String(component)}
          choices={components.map((k) => {
            const count = latents.origins.filter((origin) => origin.component === k).length;
            return {
              value: String(k),
              label: `Component ${k}`,
              detail: `${count} ${count === 1 ? 'channel' : 'channels'}`,
            };
          })}
          onChange={(value) => setComponent(Number(value))}
        />
        <Button onClick={() => put(zeroComponent(latents, component))}>Zero</Button>
      </div>
    </Field>
  );
}

type FigureName = 'psnr' | 'samDegrees' | 'rmse';

/** Against the original where that is open, else against the unedited reconstruction. */
function EditFigures(props: { result: Result; edited: EditsPanelProps['edited'] | undefined }) {
  const { result, edited } = props;
  // Figures of the edits before are worth a look while new ones come, and no longer.
  const value = edited?.notice || edited?.cancelled ? undefined : edited?.value;
  const base = result.distortion;
  const units = result.reconstruction.info.units;
  const rows: readonly {
    readonly name: FigureName;
    readonly label: string;
    readonly unit: string;
  }[] = [
    { name: 'psnr', label: 'PSNR', unit: ' dB' },
    { name: 'samDegrees', label: 'SAM', unit: '°' },
    { name: 'rmse', label: 'RMSE', unit: units ? ` ${units}` : '' },
  ];
  const now = base ? value?.fromOriginal : value?.fromUnedited;
  const text = (name: FigureName, value: number, unit: string) =>
    `${name === 'rmse' ? valueText(value) : fixed(value, 2)}${unit}`;
  return (
    <table className="edit-figures" aria-busy={edited?.progress !== undefined}>
      <caption className="small muted">
        {base ? 'Against the original' : 'Against the unedited reconstruction'}
      </caption>
      <thead>
        <tr>
          <td />
          {base && <th scope="col">Unedited</th>}
          <th scope="col">Edited</th>
          {base && <th scope="col">Change</th>}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, label, unit }) => (
          <tr key={name}>
            <th scope="row">{label}</th>
            {base && <td data-testid={`unedited-${name}`}>{text(name, base[name], unit)}</td>}
            <td data-testid={`edited-${name}`}>{now ? text(name, now[name], unit) : '–'}</td>
            {base && (
              <td data-testid={`change-${name}`}>{now ? changeText(name, base, now) : '–'}</td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function changeText(name: FigureName, base: Distortion, now: Distortion): string {
  const change = now[name] - base[name];
  const size = Math.abs(change);
  const sign = change < 0 ? '−' : '+';
  return `${sign}${name === 'rmse' ? valueText(size) : fixed(size, 2)}`;
}
