import { isBusy } from '../../state/batch';
import { useStudio } from '../../state/react';
import { Dialog, NoticeBox } from '../../ui/blocks';
import { droppedFiles } from '../../ui/dropped';
import { FilePicker } from '../../ui/FilePicker';
import { count } from '../../ui/format';
import { BatchChoices } from './BatchChoices';
import { BatchRunner } from './BatchRunner';
import { BatchTable } from './BatchTable';
import './batch.css';

/** Many cubes, one after the other, with the same settings. */
export default function BatchDialog() {
  const setOpen = useStudio((state) => state.setBatchOpen);
  const cubes = useStudio((state) => state.batchCubes);
  const setFiles = useStudio((state) => state.setBatchFiles);
  const busy = useStudio((state) => isBusy(state.batch));
  const notice = useStudio((state) => state.batchNotice);
  const dismiss = useStudio((state) => state.dismissBatchNotice);
  return (
    <Dialog wide open title="Batch" onOpenChange={setOpen}>
      <section
        className="batch"
        aria-label="Images to encode"
        onDragOver={(event) => event.preventDefault()}
        onDrop={(event) => {
          event.preventDefault();
          if (!busy) droppedFiles(event.dataTransfer).then(setFiles);
        }}
      >
        <div className="batch__pick">
          <FilePicker
            folder
            icon="folder"
            label="Folder of images"
            testId="batch-folder"
            disabled={busy}
            variant={cubes.length === 0 ? 'primary' : 'plain'}
            onFiles={setFiles}
          >
            Choose a folder
          </FilePicker>
          <FilePicker
            icon="file"
            label="Images for the batch"
            testId="batch-files"
            disabled={busy}
            onFiles={setFiles}
          >
            Choose files
          </FilePicker>
          <span className="muted" data-testid="batch-count">
            {cubes.length === 0
              ? 'Headers are joined with their data; or drop a folder here.'
              : `${count(cubes.length)} ${cubes.length === 1 ? 'image' : 'images'}`}
          </span>
        </div>
        <BatchChoices />
        {notice && <NoticeBox onClose={dismiss}>{notice.message}</NoticeBox>}
        <BatchTable />
        <BatchRunner />
      </section>
    </Dialog>
  );
}
