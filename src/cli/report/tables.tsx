import type { CodecMeta } from '../../codecs/types';
import type { BjontegaardDelta, NoDelta } from '../../core/metrics/bjontegaard';
import { count, fixed, significant } from '../../ui/format';
import type { Measurement } from '../measure';
import { type CubeDelta, deltasAgainst, groups, meanPoints } from '../summary';
import { signed } from '../tables';
import { CodecName, type FamilyMark, familyMark } from './parts';

interface TableProps {
  readonly codecs: readonly CodecMeta[];
  readonly points: readonly Measurement[];
}

/** Lossless rates are a thousand times those of the others. */
const bits = (bpp: number, decimals: number) => fixed(bpp, bpp < 100 ? decimals : 1);
const difference = (value: number, decimals: number) => signed(value, decimals).replace('-', '−');

function Codec({ codecs, id }: { codecs: readonly CodecMeta[]; id: string }) {
  const codec = codecs.find((meta) => meta.id === id);
  return codec ? <CodecName codec={codec} /> : id;
}

/** A delta over less than this share of either curve says little of the curves. */
const ENOUGH = 0.5;

function Delta({ delta, decimals }: { delta: BjontegaardDelta | NoDelta; decimals: number }) {
  if (delta.delta === undefined) return '–';
  const little = Math.min(delta.shares.reference, delta.shares.test) < ENOUGH;
  return (
    <>
      {difference(delta.delta, decimals)}
      {little && <sup>†</sup>}
    </>
  );
}

interface DeltaCellsProps {
  readonly found: CubeDelta | undefined;
  readonly family: FamilyMark;
}

function DeltaCells({ found, family }: DeltaCellsProps) {
  if (!found)
    return (
      <td colSpan={2} {...family}>
        –
      </td>
    );
  return (
    <>
      <td {...family} className={found.psnr.delta && found.psnr.delta > 0 ? 'better' : undefined}>
        <Delta delta={found.psnr} decimals={2} />
      </td>
      <td {...family}>
        <Delta delta={found.rate} decimals={1} />
      </td>
    </>
  );
}

/** Bjøntegaard deltas against the anchor: a row a cube, two columns a codec. */
export function DeltaTable({ codecs, points, anchor }: TableProps & { anchor: CodecMeta }) {
  const deltas = deltasAgainst(anchor.id, points);
  if (deltas.length === 0) return null;
  const cubes = [...new Set(points.map(({ cube }) => cube))];
  const family = (id: string) => familyMark(codecs.find((meta) => meta.id === id));
  return (
    <div>
      <div className="scroll">
        <table>
          <thead>
            <tr>
              <th rowSpan={2} scope="col">
                against <CodecName codec={anchor} />
              </th>
              {deltas.map(({ codec }) => (
                <th key={codec} colSpan={2} scope="colgroup" className="group" {...family(codec)}>
                  <Codec codecs={codecs} id={codec} />
                </th>
              ))}
            </tr>
            <tr>
              {deltas.map(({ codec }) => [
                <th key={`${codec} psnr`} {...family(codec)}>
                  BD-PSNR, dB
                </th>,
                <th key={`${codec} rate`} {...family(codec)}>
                  BD-rate, %
                </th>,
              ])}
            </tr>
          </thead>
          <tbody>
            {cubes.map((name) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                {deltas.map(({ codec, cubes: own }) => (
                  <DeltaCells
                    key={codec}
                    found={own.find(({ cube }) => cube === name)}
                    family={family(codec)}
                  />
                ))}
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">Mean</th>
              {deltas.map(({ codec, meanPsnr, meanRate }) => [
                <td key={`${codec} psnr`} {...family(codec)}>
                  {difference(meanPsnr, 2)}
                </td>,
                <td key={`${codec} rate`} {...family(codec)}>
                  {difference(meanRate, 1)}
                </td>,
              ])}
            </tr>
            <tr>
              <th scope="row">Better on</th>
              {deltas.map(({ codec, positive, compared }) => (
                <td key={codec} colSpan={2} {...family(codec)}>
                  {positive} of {compared} cubes
                </td>
              ))}
            </tr>
          </tfoot>
        </table>
      </div>
      <p className="note">
        BD-PSNR above 0 and BD-rate below 0 are in favour of the codec. Each mean runs over what
        both curves cover: rates for BD-PSNR (by their logarithm), PSNR for BD-rate; curves are
        interpolated by PCHIP. A dash stands where they share nothing; <sup>†</sup> marks a delta
        over less than half of one of the curves.
      </p>
    </div>
  );
}

interface GroupedProps<T> {
  readonly codecs: readonly CodecMeta[];
  readonly head: readonly string[];
  readonly rows: readonly T[];
  readonly cells: (row: T) => readonly (string | number)[];
}

/** Rows under the name of their codec and with their target rate. */
function GroupedTable<T extends { readonly codec: string; readonly rate?: number }>(
  props: GroupedProps<T>,
) {
  const { codecs, head, rows, cells } = props;
  return (
    <div className="scroll">
      <table>
        <thead>
          <tr>
            {['Codec', 'Target, bpp', ...head].map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        {[...groups(rows, ({ codec }) => codec)].map(([codec, own]) => (
          <tbody key={codec} {...familyMark(codecs.find(({ id }) => id === codec))}>
            {own.map((row, i) => (
              <tr key={row.rate ?? 'none'}>
                {i === 0 && (
                  <th rowSpan={own.length} scope="rowgroup">
                    <Codec codecs={codecs} id={codec} />
                  </th>
                )}
                <td>{row.rate === undefined ? '–' : fixed(row.rate, 2)}</td>
                {cells(row).map((cell, column) => (
                  <td key={head[column]}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        ))}
      </table>
    </div>
  );
}

/** More codecs than this share two tables side by side, so that the page stays short. */
const ONE_TABLE = 3;

/** Means over the cubes, a row a codec and target rate. */
export function MeanTables({ codecs, points }: TableProps) {
  const means = meanPoints(points);
  const measured = codecs.filter(({ id }) => means.some(({ codec }) => codec === id));
  const first = measured.length > ONE_TABLE ? Math.ceil(measured.length / 2) : measured.length;
  return [measured.slice(0, first), measured.slice(first)]
    .filter((part) => part.length > 0)
    .map((part) => (
      <GroupedTable
        key={part[0].id}
        codecs={codecs}
        head={['Cubes', 'bpp', 'PSNR, dB', 'SSIM', 'SAM, °']}
        rows={means.filter(({ codec }) => part.some(({ id }) => id === codec))}
        cells={(mean) => [
          mean.cubes,
          bits(mean.bpp, 3),
          fixed(mean.psnr, 2),
          fixed(mean.ssim, 4),
          fixed(mean.sam, 2),
        ]}
      />
    ));
}

const POINT_HEAD = [
  'bpp',
  'bpppc',
  'Bytes',
  'Ratio',
  'PSNR, dB',
  'SSIM',
  'SAM, °',
  'max SAM, °',
  'GMSD',
  'RMSE',
  'max error',
  'Bands',
  'Encode, s',
  'Decode, s',
];

/** Every measured point of one cube. */
export function PointTable({ codecs, points }: TableProps) {
  return (
    <GroupedTable
      codecs={codecs}
      head={POINT_HEAD}
      rows={points}
      cells={(point) => [
        bits(point.bpp, 4),
        fixed(point.bpppc, 5),
        count(point.bytes),
        fixed(point.ratio, 1),
        fixed(point.psnr, 2),
        fixed(point.ssim, 4),
        fixed(point.sam, 2),
        fixed(point.samMax, 1),
        fixed(point.gmsd ?? Number.NaN, 4),
        significant(point.rmse),
        significant(point.maxError),
        point.bands,
        fixed(point.encodeMs / 1000, 2),
        fixed(point.decodeMs / 1000, 2),
      ]}
    />
  );
}
