import { useStudio } from '../../state/react';
import { NoticeBox } from '../../ui/blocks';
import { Button } from '../../ui/controls';
import { FilePicker } from '../../ui/FilePicker';
import { Landmark } from '../../ui/landmark';
import { ExampleCard } from './ExampleCard';
import { useFirstVisit } from './firstVisit';
import { SampleGrid } from './SampleGrid';
import './start.css';

const FORMATS = [
  ['ENVI', '.hdr with BSQ, BIL or BIP data'],
  ['GeoTIFF', '.tif, tiled, compressed, BigTIFF'],
  ['MATLAB', '.mat, version 5 and 7.3'],
  ['HDF5, NetCDF4', '.h5, .he5, .nc'],
  ['NumPy', '.npy, .npz'],
  ['Compressed', '.hsc, made by this studio'],
] as const;

/** Where nothing is open: drop, pick, or take a shipped sample. */
export function StartPage() {
  const openFiles = useStudio((state) => state.openFiles);
  const opening = useStudio((state) => state.opening);
  const notice = useStudio((state) => state.openNotice);
  const dismiss = useStudio((state) => state.dismissOpenNotice);
  const first = useFirstVisit();

  return (
    <Landmark as="main" className="start">
      <div className="start__inner">
        <div className={first ? 'start__pair' : undefined}>
          <section className="drop" aria-labelledby="drop-title">
            <h1 id="drop-title" className="drop__title">
              Drop a hyperspectral file
            </h1>
            <p className="drop__text">
              A header and its data together, or a single file. It is read on this computer and
              never uploaded.
            </p>
            <div className="drop__actions">
              <FilePicker
                variant="primary"
                large
                icon="file"
                label="Hyperspectral or .hsc files"
                testId="file-input"
                disabled={opening !== undefined}
                onFiles={openFiles}
              >
                {opening ? `Opening ${opening}…` : 'Choose files'}
              </FilePicker>
              <FilePicker
                folder
                large
                icon="folder"
                label="Folder with a hyperspectral file"
                disabled={opening !== undefined}
                onFiles={openFiles}
              >
                Choose a folder
              </FilePicker>
            </div>
            <dl className="formats">
              {FORMATS.map(([name, detail]) => (
                <div key={name}>
                  <dt>{name}</dt>
                  <dd>{detail}</dd>
                </div>
              ))}
            </dl>
          </section>
          {first && <ExampleCard />}
        </div>
        <Recent />
        {notice && <NoticeBox onClose={dismiss}>{notice.message}</NoticeBox>}
        <SampleGrid />
      </div>
    </Landmark>
  );
}

/** The work of the last visit. */
function Recent() {
  const recent = useStudio((state) => state.recent);
  const opening = useStudio((state) => state.opening !== undefined);
  const go = useStudio((state) => state.continueRecent);
  if (!recent) return null;
  const { name, panes, savedAt, cubes } = recent.about;
  const when = new Date(savedAt).toLocaleString('en-GB', {
    dateStyle: 'medium',
    timeStyle: 'short',
  });
  return (
    <section className="recent" aria-label="Last visit">
      <div className="recent__text">
        <span className="strong truncate">{name}</span>
        <span className="muted small">
          {when}, {panes === 1 ? '1 file' : `${panes} files`} made
          {cubes > 1 && `; ${cubes} images open`}
        </span>
      </div>
      <Button disabled={opening} data-testid="continue" onClick={go}>
        Continue
      </Button>
    </section>
  );
}
