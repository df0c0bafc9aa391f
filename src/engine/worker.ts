import * as Comlink from 'comlink';
import { tellOfLife } from './life';
import { EngineService } from './service';
import { installErrorTransfer } from './wire';
import { workerToolbox } from './worker-toolbox';

installErrorTransfer();

/** The service with its large buffers handed over instead of copied. */
class TransferringService extends EngineService {
  override async picture(...args: Parameters<EngineService['picture']>) {
    const picture = await super.picture(...args);
    return Comlink.transfer(picture, [picture.rgba.buffer]);
  }

  override async measure(...args: Parameters<EngineService['measure']>) {
    const measured = await super.measure(...args);
    return Comlink.transfer(measured, [measured.file.buffer, measured.picture.rgba.buffer]);
  }

  override async tuning() {
    return Comlink.proxy(await super.tuning());
  }

  override async exportCube(...args: Parameters<EngineService['exportCube']>) {
    const files = await super.exportCube(...args);
    const buffers = files.flatMap(({ bytes }) => (bytes instanceof Blob ? [] : bytes.buffer));
    return Comlink.transfer(files, [...new Set(buffers)]);
  }
}

tellOfLife(self as unknown as Parameters<typeof tellOfLife>[0]);
Comlink.expose(new TransferringService(workerToolbox()));
