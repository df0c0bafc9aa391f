import type { CubeId } from '../engine/api';
import type {
  Attention,
  AttentionEdits,
  AttentionRequest,
  BlockGates,
  EditedAttention,
} from '../engine/attention';
import type { AttentionPopulation, SurveyCount } from './attentionSurvey';
import type { BandQuestion } from './encoding';
import type { Notice } from './notice';

export type { AttentionEdits, BlockGates };

/** Gates that were read, and of what. */
export interface ReadAttention extends Attention {
  readonly of: AttentionRequest;
  readonly cubeName: string;
  /** The reconstruction of the unedited file. */
  readonly reconstruction: CubeId;
}

/** The patch that was read, coded with edits. */
export interface AppliedEdits extends EditedAttention {
  readonly edits: AttentionEdits;
  readonly edited: CubeId;
  readonly difference: CubeId;
}

export interface AttentionJob {
  readonly label: string;
  /** 0..1 */
  readonly done: number;
  readonly cancelling: boolean;
}

/** The gates of the patch (B), those held (A), B − A, or mean and spread over many patches. */
export type AttentionShown = 'patch' | 'held' | 'difference' | 'mean' | 'spread';

export interface AttentionView {
  readonly shown: AttentionShown;
  readonly sort: 'index' | 'value';
  /** Colours over all that gates can be, or over what occurs. */
  readonly scale: 'whole' | 'stretch';
  /** Gates below it count as closed. */
  readonly threshold: number;
  /** Weights of the input bands, or spectra of a pixel. */
  readonly plot: 'bands' | 'pixel';
}

/** One channel of a block. */
export interface GateCell {
  readonly block: string;
  readonly channel: number;
}

export const NO_EDITS: AttentionEdits = { gates: [], bands: [] };

export interface AttentionSlice {
  /** Undefined: the first codec that has channel attention. */
  readonly attentionCodecId: string | undefined;
  /** Target rate in bpp. */
  readonly attentionRate: number;
  readonly attention: ReadAttention | undefined;
  readonly attentionHeld: ReadAttention | undefined;
  readonly attentionPopulation: AttentionPopulation | undefined;
  /** What the user asks for; {@link attentionApplied} follows. */
  readonly attentionEdits: AttentionEdits;
  readonly attentionApplied: AppliedEdits | undefined;
  readonly attentionJob: AttentionJob | undefined;
  readonly attentionNotice: Notice | undefined;
  readonly attentionQuestion: BandQuestion | undefined;
  readonly attentionView: AttentionView;
  readonly attentionCell: GateCell | undefined;
  setAttentionView(view: Partial<AttentionView>): void;
  setAttentionCodec(id: string): void;
  setAttentionRate(rate: number): void;
  chooseCell(cell: GateCell | undefined): void;
  /** Reads and edits until what is shown is what is asked for, one step at a time. */
  settleAttention(): Promise<void>;
  /** Settles again after a cancel or a failure. */
  retryAttention(): Promise<void>;
  /** Keeps the gates that are shown as A. */
  holdAttention(): void;
  releaseHeld(): void;
  /** Reads the gates of that many patches spread over the scene. */
  surveyAttention(patches: SurveyCount): Promise<void>;
  /** A factor of 1 takes the edit away. */
  scaleGate(cell: GateCell, factor: number): void;
  /** The same for several channels of a block. */
  scaleGates(block: string, channels: readonly number[], factor: number): void;
  scaleBand(band: number, factor: number): void;
  resetEdits(): void;
  /** Cancels what runs, reading first; false where nothing does. */
  cancelAttention(): boolean;
  answerAttentionBands(answer: 'covered' | 'cancel'): Promise<void>;
  dismissAttentionNotice(): void;
  /** Forgets what belongs to a cube that is closed; A stays, to be compared with. */
  leaveAttention(): void;
}
