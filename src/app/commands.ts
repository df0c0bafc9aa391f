import { codecChoices } from '../features/codecs';
import { EXPORTS } from '../features/result/ResultPanel';
import { bandAxis, colourInfrared, trueColour } from '../state/bands';
import { activePaneOf, codecOf, currentResult } from '../state/panes';
import { PATCH_SIZES } from '../state/patch';
import { resultBase } from '../state/result';
import type { StudioState, StudioStore } from '../state/store';
import { isActive } from '../state/tuningRun';
import { isTuned } from '../state/tuningSettings';
import { STRETCHES } from '../state/view';
import { saveWritten } from '../ui/download';
import { SHORTCUTS } from './shortcuts';

/** Something that the studio can do now, by name. */
export interface Command {
  readonly id: string;
  readonly title: string;
  readonly group: string;
  /** The key that does the same. */
  readonly shown?: string;
  /** Words that find it and are not in its title. */
  readonly keywords?: readonly string[];
  run(store: StudioStore): void;
}

function actions(state: StudioState): Command[] {
  return SHORTCUTS.filter(({ when }) => when?.(state) ?? true)
    .filter(({ keys }) => !keys.includes('/'))
    .map(({ text, shown, keys, run }) => ({
      id: `key ${shown}`,
      title: keys.includes('?') ? 'Keyboard shortcuts' : text,
      group: 'Do',
      shown,
      run,
    }));
}

function codecCommands(state: StudioState): Command[] {
  const { cube, codecs, tunedWeights } = state;
  if (!cube) return [];
  const { codecId } = activePaneOf(state);
  return codecChoices(codecs, tunedWeights)
    .filter(({ value }) => value !== codecId)
    .map(({ value, label, detail, group }) => ({
      id: `codec ${value}`,
      title: isTuned(value) ? `Use ${label} (${value.split('@')[1]})` : `Use ${label}`,
      group: 'Codec',
      keywords: [group ?? '', value, detail ?? ''],
      run: ({ getState }) => getState().setCodec(value),
    }));
}

function tuningCommands(state: StudioState): Command[] {
  const { tuningRun, panes } = state;
  const command = (title: string, run: Command['run']): Command => ({
    id: `tune ${title}`,
    title,
    group: 'Fine-tuning',
    keywords: ['tune', 'train', 'weights'],
    run,
  });
  const found: Command[] = [];
  if (tuningRun?.state === 'paused') {
    found.push(
      command('One step of fine-tuning', ({ getState }) => getState().steerTuning('step')),
    );
  }
  if (isActive(tuningRun)) {
    found.push(command('Stop fine-tuning', ({ getState }) => getState().steerTuning('stop')));
  }
  if (tuningRun?.state === 'interrupted') {
    const { run } = tuningRun.request;
    found.push(command('Resume fine-tuning', ({ getState }) => getState().resumeRun(run)));
  }
  if (panes.some(({ codecId }) => codecId && isTuned(codecId))) {
    found.push(command('Back to the original weights', ({ getState }) => getState().useOriginal()));
  }
  return found;
}

function rateChoices(state: StudioState): Command[] {
  const { cube } = state;
  const codec = codecOf(state, activePaneOf(state));
  if (!cube || !codec?.rateRange) return [];
  return codec.targetRates.map((rate) => ({
    id: `rate ${rate}`,
    title: `Target rate ${rate} bpp`,
    group: 'Rate',
    run: ({ getState }) => getState().setRate(rate),
  }));
}

function patchChoices({ cube, patchSize }: StudioState): Command[] {
  if (!cube) return [];
  return [...PATCH_SIZES, 'whole' as const]
    .filter((size) => size !== patchSize)
    .map((size) => ({
      id: `patch ${size}`,
      title: size === 'whole' ? 'Encode the whole scene' : `Patch of ${size} × ${size} pixels`,
      group: 'Patch',
      run: ({ getState }) => getState().setPatchSize(size),
    }));
}

function viewChoices(state: StudioState): Command[] {
  const { cube, greyBand } = state;
  if (!cube) return [];
  const axis = bandAxis(cube.info);
  const infrared = colourInfrared(axis);
  const bands: Command[] = [
    {
      id: 'bands true',
      title: 'True colour',
      group: 'View',
      run: ({ getState }) => getState().setRgbBands(trueColour(cube.info, axis)),
    },
    ...(infrared
      ? [
          {
            id: 'bands infrared',
            title: 'Colour infrared',
            group: 'View',
            keywords: ['CIR', 'false colour', 'vegetation'],
            run: ({ getState }: StudioStore) => getState().setRgbBands(infrared),
          },
        ]
      : []),
    {
      id: 'bands grey',
      title: 'One band, grey',
      group: 'View',
      run: ({ getState }) => getState().setGreyBand(greyBand),
    },
  ];
  const stretches = STRETCHES.map(({ label, percents }) => ({
    id: `stretch ${label}`,
    title: `Stretch ${label}`,
    group: 'View',
    keywords: ['contrast', 'percentiles'],
    run: ({ getState }: StudioStore) => getState().setPercentiles(percents),
  }));
  return [...bands, ...stretches];
}

function exportChoices(state: StudioState): Command[] {
  const result = currentResult(state);
  if (!result) return [];
  const base = resultBase(result);
  return EXPORTS.map(({ id, label, detail }) => ({
    id: `export ${id}`,
    title: `Export as ${label}`,
    group: 'Export',
    keywords: [detail, 'reconstruction', 'save'],
    run: async ({ getState }) => {
      const files = await getState().exportAs(id);
      if (files) await saveWritten(files, `${base}_${id}`);
    },
  }));
}

function opening({ samples, cube, cubes }: StudioState): Command[] {
  const scenes = samples.map(({ id, title }) => ({
    id: `sample ${id}`,
    title: `Open ${title}`,
    group: 'Open',
    keywords: ['sample', 'simulated', 'example'],
    run: ({ getState }: StudioStore) => void getState().openSample(id),
  }));
  if (!cube) return scenes;
  const close: Command = {
    id: 'close',
    title: `Close ${cube.info.name}`,
    group: 'Open',
    run: ({ getState }) => void getState().closeCube(),
  };
  const others = cubes
    .filter((entry) => entry.cube.id !== cube.id)
    .map(
      (entry): Command => ({
        id: `look ${entry.cube.id}`,
        title: `Look at ${entry.cube.info.name}`,
        group: 'Open',
        run: ({ getState }) => getState().activateCube(entry.cube.id),
      }),
    );
  return [...scenes, ...others, close];
}

/** Everything that can be done in this state, the shortcuts' actions first. */
export function commandsFor(state: StudioState): Command[] {
  return [
    ...actions(state),
    ...codecCommands(state),
    ...tuningCommands(state),
    ...rateChoices(state),
    ...patchChoices(state),
    ...viewChoices(state),
    ...exportChoices(state),
    ...opening(state),
  ];
}
