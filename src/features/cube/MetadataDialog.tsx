import { useState } from 'react';
import { messageOf } from '../../core/errors';
import type { OpenedCube } from '../../engine/api';
import { metaName, metaText, parseMeta } from '../../formats/meta';
import { useStudio } from '../../state/react';
import { Dialog, NoticeBox } from '../../ui/blocks';
import { Button } from '../../ui/controls';
import { saveFile } from '../../ui/download';
import { FilePicker } from '../../ui/FilePicker';
import { BandFields } from './BandFields';
import { type Draft, draftOf, readDraft } from './draft';
import { MeanSpectrum } from './MeanSpectrum';
import './metadata.css';
import { useBandStatistics } from './useBandStatistics';
import { WavelengthField } from './WavelengthField';

interface MetadataDialogProps {
  readonly cube: OpenedCube;
  onClose(): void;
}

/** What is known of the open cube besides its samples, to be seen and corrected. */
export default function MetadataDialog({ cube, onClose }: MetadataDialogProps) {
  const stated = cube.stated ?? cube.info;
  const reopen = useStudio((state) => state.reopen);
  const options = useStudio((state) => state.openOptions);
  const [draft, setDraft] = useState(() => draftOf(stated, cube.overrides));
  const [problem, setProblem] = useState<string>();
  const [applying, setApplying] = useState(false);
  const { statistics, fault } = useBandStatistics(cube.id);
  const reading = readDraft(draft, stated);
  const wrong = Object.keys(reading.faults).length > 0;
  const change = (part: Partial<Draft>) => setDraft((old) => ({ ...old, ...part }));
  const reset = () => setDraft(draftOf(stated));

  const apply = async () => {
    setApplying(true);
    await reopen({ ...options, overrides: reading.overrides });
    onClose();
  };
  const load = async ([file]: readonly File[]) => {
    try {
      setDraft(draftOf(stated, parseMeta(await file.text(), file.name)));
      setProblem(undefined);
    } catch (error) {
      setProblem(messageOf(error));
    }
  };
  const save = () => {
    const text = new TextEncoder().encode(metaText(reading.overrides));
    saveFile(metaName(stated.name), text);
  };

  return (
    <Dialog
      wide
      open
      title={`Metadata of ${stated.name}`}
      onOpenChange={(open) => !open && !applying && onClose()}
    >
      <div className="metadata">
        <MeanSpectrum
          statistics={statistics}
          fault={fault}
          bands={stated.bands}
          nm={reading.nm}
          bad={reading.bad}
        />
        <WavelengthField stated={stated} draft={draft} reading={reading} onChange={change} />
        <BandFields
          stated={stated}
          draft={draft}
          reading={reading}
          statistics={statistics}
          onChange={change}
        />
        {problem && <NoticeBox onClose={() => setProblem(undefined)}>{problem}</NoticeBox>}
        <div className="metadata__foot">
          <FilePicker icon="file" single label="Saved metadata, .hsc-meta.json" onFiles={load}>
            Load
          </FilePicker>
          <Button icon="save" disabled={wrong} data-testid="save-meta" onClick={save}>
            Save
          </Button>
          <Button variant="quiet" onClick={reset}>
            Reset to the file’s own
          </Button>
          <span className="metadata__gap" />
          <Button onClick={onClose} disabled={applying}>
            Cancel
          </Button>
          <Button
            variant="primary"
            disabled={wrong || applying}
            data-testid="apply-meta"
            onClick={apply}
          >
            {applying ? 'Applying…' : 'Apply'}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
