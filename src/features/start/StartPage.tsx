import { useRef } from 'react';
import { useStudio } from '../../state/react';
import { NoticeBox } from '../../ui/blocks';
import { Button } from '../../ui/controls';
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

/** Every browser has it and React's types do not. */
const FOLDER = { webkitdirectory: '' };

export function StartPage() {
  const openFiles = useStudio((state) => state.openFiles);
  const opening = useStudio((state) => state.opening);
  const notice = useStudio((state) => state.openNotice);
  const dismiss = useStudio((state) => state.dismissOpenNotice);
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const take = (input: HTMLInputElement) => {
    openFiles([...(input.files ?? [])]);
    input.value = '';
  };

  return (
    <main className="start">
      <div className="start__inner">
        <section className="drop" aria-labelledby="drop-title">
          <h1 id="drop-title" className="drop__title">
            Drop a hyperspectral file
          </h1>
          <p className="drop__text">
            A header and its data together, or a single file. It is read on this computer and never
            uploaded.
          </p>
          <div className="drop__actions">
            <Button
              variant="primary"
              large
              icon="file"
              disabled={opening !== undefined}
              onClick={() => files.current?.click()}
            >
              {opening ? `Opening ${opening}…` : 'Choose files'}
            </Button>
            <Button large icon="folder" onClick={() => folder.current?.click()}>
              Choose a folder
            </Button>
          </div>
          <input
            ref={files}
            className="visually-hidden"
            type="file"
            multiple
            tabIndex={-1}
            aria-label="Hyperspectral or .hsc files"
            data-testid="file-input"
            onChange={(event) => take(event.currentTarget)}
          />
          <input
            ref={folder}
            className="visually-hidden"
            type="file"
            {...FOLDER}
            tabIndex={-1}
            aria-label="Folder with a hyperspectral file"
            onChange={(event) => take(event.currentTarget)}
          />
          <dl className="formats">
            {FORMATS.map(([name, detail]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{detail}</dd>
              </div>
            ))}
          </dl>
        </section>
        {notice && <NoticeBox onClose={dismiss}>{notice.message}</NoticeBox>}
        <SampleGrid />
      </div>
    </main>
  );
}
