import { currentResult } from '../../state/panes';
import { useStudio } from '../../state/react';
import { type Result, resultBase } from '../../state/result';
import { NoticeBox, Panel } from '../../ui/blocks';
import { Button, Hint } from '../../ui/controls';
import { saveFile, saveWritten } from '../../ui/download';
import { ExportMenu } from '../../ui/ExportMenu';
import * as format from '../../ui/format';
import { BACKENDS } from '../backends';
import { lostSentences } from '../lostText';
import { BytesBySection } from './BytesBySection';
import { Portability } from './Portability';
import './result.css';

export const EXPORTS = [
  { id: 'envi', label: 'ENVI', detail: '.hdr and .img in a .zip' },
  { id: 'geotiff', label: 'GeoTIFF', detail: 'one .tif' },
  { id: 'numpy', label: 'NumPy', detail: '.npy and .json in a .zip' },
] as const;

/** Ratios of five digits leave no room for figures of full size. */
const LONG_RATIO = 9_999.5;

function Headline({ result }: { result: Result }) {
  const { distortion, rate } = result;
  const long = rate.ratio >= LONG_RATIO;
  return (
    <dl className={`headline${long ? ' headline--dense' : ''}`}>
      <div>
        <dt>PSNR, dB</dt>
        <dd data-testid="psnr">{distortion ? format.fixed(distortion.psnr, 2) : '–'}</dd>
      </div>
      <div>
        <dt>SAM, °</dt>
        <dd data-testid="sam">{distortion ? format.fixed(distortion.samDegrees, 2) : '–'}</dd>
      </div>
      <div>
        <dt>Rate, bpp</dt>
        <dd data-testid="bpp">{format.small(rate.bpp)}</dd>
      </div>
      <div>
        <dt>Ratio</dt>
        <dd data-testid="ratio">{format.fixed(rate.ratio, rate.ratio < 100 ? 1 : 0)} : 1</dd>
      </div>
    </dl>
  );
}

function Figures({ result }: { result: Result }) {
  const { reconstruction, rate, distortion, report } = result;
  const { info, decodeMs, backend, storedType, quality } = reconstruction;
  const units = info.units ? ` ${info.units}` : '';
  const times = [report?.encodeMs, decodeMs]
    .filter((ms) => ms !== undefined)
    .map(format.milliseconds)
    .join(', ');
  const rows: readonly (readonly [string, string, string])[] = [
    ['size', 'File', format.bytes(rate.bytes)],
    ...(quality ? ([['quality', 'Quality', `${quality.position} of ${quality.of}`]] as const) : []),
    ['stored', `Original, ${storedType}`, format.bytes(Math.round(rate.bytes * rate.ratio))],
    ['bands', 'Decoded', `${info.width} × ${info.height} × ${info.bands}`],
    ['bpppc', 'Per pixel and band', `${rate.bpppc.toPrecision(3)} bpppc`],
    ...(distortion
      ? ([
          ['rmse', 'RMSE', `${format.significant(distortion.rmse)}${units}`],
          ['max', 'Largest error', `${format.significant(distortion.maxError)}${units}`],
          ['clipped', 'Clipped samples', format.percent(distortion.clippedShare)],
        ] as const)
      : []),
    ['time', report ? 'Encode, decode' : 'Decode', `${times} on ${BACKENDS[backend]}`],
  ];
  return (
    <dl className="figures figures--small">
      {rows.map(([id, label, value]) => (
        <div key={id} className="figures__row">
          <dt>{label}</dt>
          <dd data-testid={`figure-${id}`}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** The reconstruction for other programs. */
function ExportReconstruction() {
  const exportAs = useStudio((state) => state.exportAs);
  const exporting = useStudio((state) => state.exporting);
  const result = useStudio(currentResult);
  const save = async (id: string) => {
    const files = await exportAs(id);
    if (files && result) await saveWritten(files, `${resultBase(result)}_${id}`);
  };
  return (
    <ExportMenu
      what="the reconstruction"
      testId="export"
      label={exporting ? 'Exporting…' : 'Export'}
      disabled={exporting}
      choices={EXPORTS.map((one) => ({
        ...one,
        group: 'The reconstruction, with its wavelengths',
        run: () => save(one.id),
      }))}
    />
  );
}

/** Everything that the decoded bytes tell, and what can be done with them. */
export function ResultPanel() {
  const result = useStudio(currentResult);
  const notice = useStudio((state) => state.resultNotice);
  const dismiss = useStudio((state) => state.dismissResultNotice);
  if (!result) return null;
  return (
    <Panel
      title={
        <span title={result.fileName} data-testid="file-name">
          {result.fileName}
        </span>
      }
      aside={
        <Hint
          pressed
          text="All figures come from the bytes of the file, decoded and compared with the original. PSNR is over all decoded bands, with peak 1 after the 0.02 and 99.9 percentiles of the original become 0 and 1."
        >
          <button type="button" className="how">
            How measured
          </button>
        </Hint>
      }
    >
      <Headline result={result} />
      <div className="result__actions">
        <Button
          icon="save"
          data-testid="save"
          onClick={() => saveFile(result.fileName, result.file)}
        >
          Save .hsc
        </Button>
        <ExportReconstruction />
      </div>
      {notice && <NoticeBox onClose={dismiss}>{notice.message}</NoticeBox>}
      {result.reconstruction.lost && (
        <NoticeBox kind="question">
          <span data-testid="lost-tiles">
            {lostSentences(result.reconstruction)}
            {result.distortion && ' All figures leave the damaged tiles out.'}
          </span>
        </NoticeBox>
      )}
      {!result.distortion && (
        <p className="muted small">
          PSNR, SAM and errors need the original: they are not stored in the file.
        </p>
      )}
      <BytesBySection reconstruction={result.reconstruction} />
      <Figures result={result} />
      <Portability result={result} />
    </Panel>
  );
}
