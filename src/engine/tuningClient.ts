import * as Comlink from 'comlink';
import type { PixelWindow } from '../core/cube/types';
import type { CubeId } from './api';
import { OutlivingEngine } from './outlivingEngine';
import type {
  AblationListener,
  AblationOutcome,
  AblationRequest,
  InterruptedRun,
  RunId,
  TunedWeights,
  TuningApi,
  TuningListener,
  TuningOrder,
  TuningOutcome,
  TuningRequest,
} from './tuningTypes';

/** The page's side of fine-tuning. */
export abstract class TuningClient extends OutlivingEngine implements TuningApi {
  suggestHeldBack(cube: CubeId): Promise<PixelWindow> {
    return this.atDesk((desk) => desk.suggestHeldBack(cube), [cube]);
  }

  tune(request: TuningRequest, onEvent: TuningListener): Promise<TuningOutcome> {
    const cubes = request.scenes.map(({ cube }) => cube);
    return this.atDesk((desk) => desk.tune(request, Comlink.proxy(onEvent)), cubes);
  }

  ablate(request: AblationRequest, onEvent: AblationListener): Promise<AblationOutcome> {
    return this.atDesk(
      (desk) => desk.ablate(request, Comlink.proxy(onEvent)),
      [request.scene.cube],
    );
  }

  steer(run: RunId, order: TuningOrder): Promise<void> {
    return this.atDesk((desk) => desk.steer(run, order));
  }

  leaveRun(run: RunId): Promise<void> {
    return this.atDesk((desk) => desk.leaveRun(run));
  }

  interruptedRuns(): Promise<InterruptedRun[]> {
    return this.atDesk((desk) => desk.interruptedRuns());
  }

  forgetRun(run: RunId): Promise<void> {
    return this.atDesk((desk) => desk.forgetRun(run));
  }

  tunedWeights(): Promise<TunedWeights[]> {
    return this.atDesk((desk) => desk.tunedWeights());
  }

  exportWeights(codec: string): Promise<Uint8Array<ArrayBuffer>> {
    return this.atDesk((desk) => desk.exportWeights(codec));
  }

  importWeights(file: Uint8Array<ArrayBuffer>, name: string): Promise<TunedWeights> {
    return this.atDesk((desk) => desk.importWeights(file, name));
  }

  renameWeights(codec: string, name: string): Promise<TunedWeights> {
    return this.atDesk((desk) => desk.renameWeights(codec, name));
  }

  removeWeights(codec: string): Promise<void> {
    return this.atDesk((desk) => desk.removeWeights(codec));
  }
}
