import type { EncodeOptions } from '../codecs/types';
import type { PixelWindow } from '../core/cube/types';
import type { AblationFacts } from '../training/ablation';
import type {
  AblationCheck,
  AblationSettings,
  AblationStep,
  Lineage,
  TuningSettings,
  TuningStep,
  Validation,
} from '../training/types';
import type { BackendName, BackendReport, CubeId } from './api';

export {
  type AblationCheck,
  type AblationSettings,
  type AblationStep,
  type Lineage,
  OBJECTIVES,
  type Objective,
  PLACEMENTS,
  type Placement,
  TUNED_PARTS,
  type TunedPart,
  type TuningSettings,
  type TuningStep,
  type Validation,
  type ValidationPoint,
} from '../training/types';

/** Names a fine-tuning run and its checkpoint; the page chooses it. */
export type RunId = string;

/** A cube to train on and the part of it that is never trained on. */
export interface TuningScene {
  readonly cube: CubeId;
  readonly heldBack: PixelWindow;
}

export interface TuningRequest {
  readonly run: RunId;
  /** What the tuned weights are to be called, e.g. the scene's name. */
  readonly name: string;
  /** The codec whose weights are the start: shipped ones or tuned ones. */
  readonly codec: string;
  /** All on the same spectral grid. */
  readonly scenes: readonly TuningScene[];
  readonly settings: TuningSettings;
  readonly bandPolicy: EncodeOptions['bandPolicy'];
}

/** What a run is told while it goes on. */
export type TuningOrder = 'pause' | 'resume' | 'step' | 'stop';

/** Why a run is not going on. */
export type TuningEnd = 'finished' | 'stopped' | 'budget';

/** What a run tells while it goes on. */
export type TuningEvent =
  | {
      readonly kind: 'prepared';
      readonly side: number;
      /** Different crops that there are. */
      readonly places: number;
      /** Numbers that learn, of all that the network has. */
      readonly trained: number;
      readonly parameters: number;
      readonly backend: BackendName;
      /** False on a CPU or an emulated GPU, where training is slow. */
      readonly gpu: boolean;
      /** Steps that a checkpoint had done already. */
      readonly step: number;
    }
  | { readonly kind: 'progress'; readonly done: number; readonly label: string }
  | ({ readonly kind: 'step' } & TuningStep)
  | ({ readonly kind: 'validation' } & Validation)
  /** All steps so far are safe. */
  | { readonly kind: 'checkpoint'; readonly step: number }
  | { readonly kind: 'paused'; readonly step: number };

export type TuningListener = (event: TuningEvent) => void;

/** How a run came out. */
export interface TuningOutcome {
  readonly end: TuningEnd;
  readonly step: number;
  /** Weights of the last step; none where no step was made. */
  readonly last?: TunedWeights;
  /** Those of the validation with the highest gain; none where none gained anything. */
  readonly best?: TunedWeights;
}

/** Weights that were tuned here or imported, kept on this machine. */
export interface TunedWeights {
  /** As a codec, e.g. `hific-se@1a2b3c4d`. */
  readonly codec: string;
  readonly digest: string;
  readonly name: string;
  /** The codec that they would be of if they had shipped, e.g. `hific-se-gan`. */
  readonly like: string;
  readonly grid: string;
  readonly bytes: number;
  /** None for weights that say nothing of it. */
  readonly lineage?: Lineage;
}

/** A run that was interrupted and can go on. */
export interface InterruptedRun {
  readonly request: TuningRequest;
  readonly step: number;
  /** Validations so far. */
  readonly validations: readonly Validation[];
  readonly steps: readonly TuningStep[];
}

/** The paper's ablation on one scene: networks of several placements, trained side by side. */
export interface AblationRequest {
  readonly run: RunId;
  readonly scene: TuningScene;
  readonly settings: AblationSettings;
  readonly bandPolicy: EncodeOptions['bandPolicy'];
}

/** What an ablation tells while it goes on. */
export type AblationEvent =
  | ({
      readonly kind: 'prepared';
      readonly backend: BackendName;
      /** False on a CPU or an emulated GPU, where training is slow. */
      readonly gpu: boolean;
    } & AblationFacts)
  | { readonly kind: 'progress'; readonly done: number; readonly label: string }
  | ({ readonly kind: 'step' } & AblationStep)
  | ({ readonly kind: 'check' } & AblationCheck)
  | { readonly kind: 'paused'; readonly step: number };

export type AblationListener = (event: AblationEvent) => void;

export interface AblationOutcome {
  readonly end: 'finished' | 'stopped';
  /** Steps that every network has made. */
  readonly step: number;
}

/** Whether a backend runs on a real graphics processor. */
export function isGpu(report: BackendReport | undefined): boolean {
  return report !== undefined && !report.software && /^web(gpu|gl)$/.test(report.name);
}

/** Fine-tuning, as the worker offers it. */
export interface TuningApi {
  /** A part of the cube to hold back. Throws `bad-argument` for a cube too small to be split. */
  suggestHeldBack(cube: CubeId): Promise<PixelWindow>;
  /**
   * Runs until its steps are done, its budget is spent, or it is stopped; goes on from the
   * checkpoint where the run has one. Throws `aborted` where it is cancelled, `device` where the
   * device fails: what the last checkpoint holds is safe then.
   */
  tune(request: TuningRequest, onEvent: TuningListener): Promise<TuningOutcome>;
  /**
   * Trains networks of several placements side by side until their steps are done or they are stopped. Nothing of
   * them is kept. Throws `aborted`, `device`, and as `AblationRun.prepare`.
   */
  ablate(request: AblationRequest, onEvent: AblationListener): Promise<AblationOutcome>;
  /** Takes effect after the current step. */
  steer(run: RunId, order: TuningOrder): Promise<void>;
  /** Ends a run where it is; its last checkpoint stays. */
  leaveRun(run: RunId): Promise<void>;
  /** Runs with a checkpoint, newest first, the one in progress left out. */
  interruptedRuns(): Promise<InterruptedRun[]>;
  forgetRun(run: RunId): Promise<void>;
  tunedWeights(): Promise<TunedWeights[]>;
  /** The file of tuned weights, `.safetensors` with their specification and lineage. */
  exportWeights(codec: string): Promise<Uint8Array<ArrayBuffer>>;
  /** Throws `bad-file`, `unsupported` for what is no weights file of the studio. */
  importWeights(file: Uint8Array<ArrayBuffer>, name: string): Promise<TunedWeights>;
  renameWeights(codec: string, name: string): Promise<TunedWeights>;
  removeWeights(codec: string): Promise<void>;
}
