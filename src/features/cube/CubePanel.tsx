import type { CubeInfo } from '../../core/cube/types';
import { useStudio } from '../../state/react';
import { CubeList } from './CubeList';
import './cube.css';
import { NoticeBox, Panel } from '../../ui/blocks';
import { IconButton, Select } from '../../ui/controls';
import { count, fixed } from '../../ui/format';
import { EditMetadata, MoreFacts } from './EditMetadata';

const AXES = [
  { value: 'guess', label: 'Axes as guessed' },
  { value: 'yxb', label: 'rows, columns, bands' },
  { value: 'xyb', label: 'columns, rows, bands' },
  { value: 'byx', label: 'bands, rows, columns' },
  { value: 'bxy', label: 'bands, columns, rows' },
  { value: 'ybx', label: 'rows, bands, columns' },
  { value: 'xby', label: 'columns, bands, rows' },
] as const;

function spectralRange({ wavelengthsNm }: CubeInfo): string {
  if (!wavelengthsNm?.length) return 'No wavelengths';
  const [low, high] = [Math.min(...wavelengthsNm), Math.max(...wavelengthsNm)];
  return `${fixed(low, 0)}–${fixed(high, 0)} nm`;
}

function Choices() {
  const cube = useStudio((state) => state.cube);
  const options = useStudio((state) => state.openOptions);
  const reopen = useStudio((state) => state.reopen);
  const fromFiles = useStudio((state) => state.cubeOrigin?.kind === 'files');
  if (!cube || !fromFiles) return null;
  const chosen = cube.candidates.find(({ id }) => id === cube.chosen);
  const arranged = chosen?.shape.length === 3 && /mat|hdf|netcdf|numpy|npy|npz/i.test(cube.format);
  return (
    <>
      {cube.candidates.length > 1 && (
        <Select
          label="Variable of the file"
          value={cube.chosen}
          choices={cube.candidates.map(({ id, label, sampleType }) => ({
            value: id,
            label,
            detail: sampleType,
          }))}
          onChange={(candidate) => reopen({ candidate })}
        />
      )}
      {arranged && (
        <Select
          label="Order of the axes"
          value={(options.axes ?? 'guess') as (typeof AXES)[number]['value']}
          choices={AXES}
          onChange={(axes) =>
            reopen({ candidate: cube.chosen, axes: axes === 'guess' ? undefined : axes })
          }
        />
      )}
    </>
  );
}

/** What the open cube is, and the choices its file leaves open. */
export function CubePanel() {
  const cube = useStudio((state) => state.cube);
  const closeCube = useStudio((state) => state.closeCube);
  const notice = useStudio((state) => state.openNotice);
  const dismiss = useStudio((state) => state.dismissOpenNotice);
  return (
    <Panel
      title="Original"
      aside={
        cube && <IconButton icon="close" label="Close this image" onClick={() => closeCube()} />
      }
    >
      {notice && <NoticeBox onClose={dismiss}>{notice.message}</NoticeBox>}
      <CubeList />
      {cube ? (
        <>
          <div>
            <div className="truncate strong" title={cube.info.name}>
              {cube.info.name}
            </div>
            <div className="muted small">
              {count(cube.info.width)} × {count(cube.info.height)} pixels, {count(cube.info.bands)}{' '}
              {cube.info.bands === 1 ? 'band' : 'bands'}
            </div>
          </div>
          <Choices />
          <dl className="figures">
            <dt>Spectrum</dt>
            <dd data-testid="spectral-range">{spectralRange(cube.info)}</dd>
            <MoreFacts cube={cube} />
            <dt>Stored as</dt>
            <dd>
              {cube.info.sampleType}
              {cube.info.units ? `, ${cube.info.units}` : ''}
            </dd>
            <dt>Format</dt>
            <dd>{cube.format}</dd>
            {cube.info.sensor && (
              <>
                <dt>Sensor</dt>
                <dd>{cube.info.sensor}</dd>
              </>
            )}
          </dl>
          <EditMetadata cube={cube} />
          {cube.info.notes && cube.info.notes.length > 0 && (
            <details className="small">
              <summary>How the file was read</summary>
              <ul className="notes">
                {cube.info.notes.map((note) => (
                  <li key={note}>{note}</li>
                ))}
              </ul>
            </details>
          )}
        </>
      ) : (
        <p className="muted">
          Not open. Drop it here to compare the decoded image with it, or look at the decoded image
          alone.
        </p>
      )}
    </Panel>
  );
}
