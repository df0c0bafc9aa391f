import type { CubeInfo } from '../../core/cube/types';
import {
  type BandAxis,
  type BandTriple,
  colourInfrared,
  shortWave,
  trueColour,
} from '../../state/bands';
import type { ColourMode } from '../../state/view';
import type { Choice } from '../../ui/controls';

export type Preset = 'true' | 'infrared' | 'short-wave' | 'components' | 'grey';

/** The three bands of each preset that has some; undefined where the cube does not reach. */
export function triplesOf(info: CubeInfo, axis: BandAxis) {
  return {
    true: trueColour(info, axis),
    infrared: colourInfrared(axis),
    'short-wave': shortWave(axis),
  } satisfies Partial<Record<Preset, BandTriple | undefined>>;
}

/** The preset that is shown; undefined for bands of one's own. */
export function presetOf(
  mode: ColourMode,
  rgb: BandTriple,
  triples: ReturnType<typeof triplesOf>,
): Preset | undefined {
  if (mode !== 'colour') return mode;
  const names = Object.keys(triples) as (keyof typeof triples)[];
  return names.find((name) => triples[name]?.every((band, i) => band === rgb[i]));
}

/** What can be chosen, and why the rest cannot. */
export function presetChoices(
  axis: BandAxis,
  triples: ReturnType<typeof triplesOf>,
): readonly Choice<Preset>[] {
  const unreached = (what: string) =>
    axis.nm ? `This image holds no ${what}` : 'This image has no wavelengths';
  const few = axis.bands.length < 3;
  return [
    {
      value: 'true',
      label: axis.nm ? 'True colour' : 'Colour',
      detail: axis.nm ? '650, 550, 450 nm' : 'Bands spread over the image',
    },
    {
      value: 'infrared',
      label: 'Colour infrared',
      detail: triples.infrared ? '860, 650, 550 nm' : unreached('near infrared'),
      disabled: !triples.infrared,
    },
    {
      value: 'short-wave',
      label: 'Short-wave infrared',
      detail: triples['short-wave'] ? '2200, 1650, 860 nm' : unreached('bands near 2200 nm'),
      disabled: !triples['short-wave'],
    },
    {
      value: 'components',
      label: 'Principal components',
      detail: few ? 'Three bands or more are needed' : 'The first three of the original',
      disabled: few,
    },
    { value: 'grey', label: 'One band', detail: 'In a colour map, or played through' },
  ];
}
