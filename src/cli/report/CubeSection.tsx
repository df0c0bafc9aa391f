import type { CodecMeta } from '../../codecs/types';
import { headingOf } from '../../ui/codecHeadings';
import { codecStyle, themed } from '../../ui/codecStyle';
import { count, fixed, significant } from '../../ui/format';
import { CubeCharts } from './charts';
import type { CubeRecord, Exhibit } from './collect';
import { CodecName, familyMark } from './parts';
import { commonTop, mapPicture, scalePicture } from './pictures';
import { SpectrumChart } from './SpectrumChart';
import { PointTable } from './tables';

interface CubeProps {
  readonly cube: CubeRecord;
  /** In the order in which they are shown. */
  readonly codecs: readonly CodecMeta[];
}

/** One cube: what it is, its curves, pictures, errors, spectra and points. */
export function CubeSection({ cube, codecs }: CubeProps) {
  return (
    <section>
      <h2>{cube.name}</h2>
      <Facts cube={cube} />
      <CubeCharts codecs={codecs} points={cube.points} />
      {cube.exhibits.length > 0 && <Pictures cube={cube} codecs={codecs} />}
      {cube.exhibits.length > 0 && <Spectra cube={cube} codecs={codecs} />}
      <h3>All points</h3>
      <PointTable codecs={codecs} points={cube.points} />
    </section>
  );
}

function Facts({ cube: { info, range, points } }: { cube: CubeRecord }) {
  const { width, height, bands, wavelengthsNm: nm, sensor, units, notes = [], sampleType } = info;
  const shown = [
    sensor,
    `${width}×${height} px`,
    `${bands} bands`,
    nm && `${fixed(Math.min(...nm), 0)}–${fixed(Math.max(...nm), 0)} nm`,
    sampleType,
    units,
    `normalised from ${significant(range[0])} to ${significant(range[1])}`,
    `mean spectrum alone: ${fixed(points[0].meanSpectrumPsnr, 2)} dB`,
  ];
  return (
    <>
      <p className="facts">{shown.filter(Boolean).join(' · ')}</p>
      {notes.map((note) => (
        <p key={note} className="note">
          {note}
        </p>
      ))}
    </>
  );
}

/** Few cards stay as large as four of them would be; many share two rows evenly. */
const columnsOf = (cards: number) => (cards > 6 ? Math.ceil(cards / 2) : Math.max(4, cards));

function Pictures({ cube, codecs }: CubeProps) {
  const shown = exhibitsOf(cube, codecs);
  const top = commonTop(shown.map(({ exhibit }) => exhibit.angles));
  const { wavelengthsNm, width, height } = cube.info;
  return (
    <>
      <h3>Reconstructions and spectral angle</h3>
      <div
        className="cards"
        style={{ gridTemplateColumns: `repeat(${columnsOf(shown.length + 1)}, minmax(0, 1fr))` }}
      >
        <figure>
          <img src={cube.picture} alt={`${cube.name}, original`} {...{ width, height }} />
          <figcaption>
            <strong>Original</strong>
            {wavelengthsNm ? 'true colour' : 'three bands'}, stretched from 2 to 98 %, the same for
            all
          </figcaption>
          <div className="scale">
            Spectral angle
            <img src={scalePicture()} alt="" />
            <span>0°</span>
            <span>≥ {significant(top, 2)}°</span>
          </div>
        </figure>
        {shown.map(({ codec, exhibit }) => (
          <ExhibitCard key={codec.id} {...{ codec, exhibit, top, width, height }} />
        ))}
      </div>
    </>
  );
}

interface CardProps {
  readonly codec: CodecMeta;
  readonly exhibit: Exhibit;
  /** Largest angle of the scale in degrees. */
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

function ExhibitCard({ codec, exhibit, top, width, height }: CardProps) {
  const { point, picture, angles } = exhibit;
  return (
    <figure {...familyMark(codec)}>
      <img src={picture} alt={`Reconstruction by ${codec.label}`} {...{ width, height }} />
      <figcaption>
        <strong>
          <CodecName codec={codec} />
        </strong>
        {fixed(point.bpp, 3)} bpp · {fixed(point.psnr, 2)} dB
        <small>
          target {point.rate} bpp, {count(point.bytes)} bytes
        </small>
      </figcaption>
      <img
        src={mapPicture(angles, width, top)}
        alt={`Spectral angle of ${codec.label} by pixel`}
        {...{ width, height }}
      />
      <figcaption>
        {fixed(point.sam, 2)}° on average, {fixed(point.samMax, 1)}° at most
      </figcaption>
    </figure>
  );
}

function exhibitsOf({ exhibits }: CubeRecord, codecs: readonly CodecMeta[]) {
  return codecs.flatMap((codec) => {
    const exhibit = exhibits.find(({ point }) => point.codec === codec.id);
    return exhibit ? [{ codec, exhibit }] : [];
  });
}

function Spectra({ cube, codecs }: CubeProps) {
  const shown = exhibitsOf(cube, codecs);
  const lines = (of: 'mean' | 'rmse') =>
    shown.map(({ codec, exhibit }) => ({
      name: codec.label,
      family: headingOf(codec),
      colour: themed(codecStyle(codec.id).colour),
      spectrum: exhibit[of],
    }));
  const original = { name: 'Original', colour: 'var(--text)', spectrum: cube.mean };
  const xLabel = cube.info.wavelengthsNm ? 'Wavelength, nm' : 'Band';
  const unit = cube.info.units ?? 'units of the cube';
  return (
    <>
      <h3>Spectra at the same rates</h3>
      <p className="legend">
        <span className="codec">
          <i /> Original
        </span>
        {shown.map(({ codec }) => (
          <CodecName key={codec.id} codec={codec} />
        ))}
      </p>
      <div className="charts">
        <SpectrumChart
          lines={[...lines('mean'), original]}
          xLabel={xLabel}
          yLabel={`Mean spectrum, ${unit}`}
        />
        <SpectrumChart lines={lines('rmse')} xLabel={xLabel} yLabel={`RMSE, ${unit}`} zero />
      </div>
    </>
  );
}
