import { loadWindow, memorySource } from '../core/cube/window';
import { sampleScenes } from '../core/samples';
import type { Picture } from '../engine/api';
import { measureCodec, surveyOriginal } from '../engine/measure';
import type { Example } from '../features/start/example';
import { SAMPLE_PREFIX } from './inputs';
import { loadCube, startStudio } from './studio';

const CHOICE = { sample: 'fields', codec: 'hific-se', targetRate: 1, side: 96 } as const;
/** The pixel whose spectra are shown, from the part's corner. */
const PIXEL = { x: 30, y: 70 };

const round = (value: number, decimals: number) => Number(value.toFixed(decimals));

/** The start page's example: encoded, decoded from its bytes and compared, as the studio does. */
export async function makeExample(): Promise<{
  example: Example;
  original: Picture;
  restored: Picture;
}> {
  const { sample, codec: id, targetRate, side } = CHOICE;
  const scene = await loadCube(`${SAMPLE_PREFIX}${sample}`);
  const window = {
    x: (scene.width - side) / 2,
    y: (scene.height - side) / 2,
    width: side,
    height: side,
  };
  const request = { cube: sample, window, maxSide: side, codec: id, rate: targetRate };
  const survey = await surveyOriginal(memorySource(scene), request);
  const studio = await startStudio({ backend: 'wasm' });
  const codec = studio.codec(id);
  const measured = await measureCodec(survey, codec, request, {});
  const decoded = await codec.decode(measured.file, { bandsFrom: scene.wavelengthsNm });
  const spectrum = async (cube: typeof scene) => {
    const pixel = { ...PIXEL, width: 1, height: 1 };
    const { data } = await loadWindow(memorySource(cube), pixel);
    return Array.from(data as ArrayLike<number>, (value) => round(value, 0));
  };
  const example: Example = {
    sample,
    title: sampleScenes.find((one) => one.id === sample)?.title ?? sample,
    codec: id,
    codecLabel: codec.meta.label,
    targetRate,
    side,
    bytes: measured.rate.bytes,
    ratio: round(measured.rate.ratio, 1),
    psnr: round(measured.figures.psnr, 2),
    sam: round(measured.figures.samDegrees, 2),
    wavelengthsNm: scene.wavelengthsNm?.map((nm) => round(nm, 1)) ?? [],
    original: await spectrum(survey.cube),
    restored: await spectrum(decoded.cube),
  };
  return { example, original: survey.picture, restored: measured.picture };
}
