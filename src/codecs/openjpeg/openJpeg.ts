import type { OpenJpegModule } from '@cornerstonejs/codec-openjpeg/wasmjs';
import { HscError } from '../../core/errors';

/** One image component of up to 16 bits. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  /** Row by row, [height, width]. */
  readonly samples: Int16Array<ArrayBuffer> | Uint16Array<ArrayBuffer>;
}

export interface PlaneCoding {
  /** Bits of a sample, 9 … 16, the sign's among them. */
  readonly bits: number;
  /** Wavelet decompositions, 0 … 32; no more than log2 of the shorter side. */
  readonly levels: number;
  /** Most bytes of the code stream, headers among them; without it, reversible coding. */
  readonly maxBytes?: number;
}

/** The bytes of OpenJPEG's WebAssembly module. */
export type WasmSource = () => Promise<Uint8Array>;

/** Samples of one plane: more would not fit the 2 GiB that the module can address. */
export const MAX_PLANE_SAMPLES = 2 ** 26;

const LAYER_RESOLUTION_COMPONENT_POSITION = 0;

/**
 * OpenJPEG 2.5 (JPEG 2000 Part 1) for single components. Every call takes a fresh coder: a reused
 * decoder returns the previous image where it fails.
 */
export class OpenJpeg {
  private constructor(private readonly module: OpenJpegModule) {}

  /** Throws what `wasm` throws, and `device` where WebAssembly cannot run. */
  static async load(wasm: WasmSource): Promise<OpenJpeg> {
    const [{ default: createModule }, wasmBinary] = await Promise.all([
      import('@cornerstonejs/codec-openjpeg/wasmjs'),
      wasm(),
    ]);
    const silent = () => {};
    try {
      return new OpenJpeg(await createModule({ wasmBinary, print: silent, printErr: silent }));
    } catch (cause) {
      throw new HscError(
        'device',
        'JPEG 2000 could not be started: WebAssembly does not run here.',
        {
          cause,
        },
      );
    }
  }

  /** The library's version, e.g. `2.5.4`. */
  get version(): string {
    return this.module.getVersion();
  }

  /** A code stream of one quality layer. Throws `limit` for too large a plane. */
  encode({ width, height, samples }: Plane, { bits, levels, maxBytes }: PlaneCoding): Uint8Array {
    if (samples.length > MAX_PLANE_SAMPLES) {
      throw new HscError(
        'limit',
        'The image is too large for JPEG 2000 in one piece: choose a smaller patch.',
      );
    }
    const encoder = new this.module.J2KEncoder();
    try {
      const frame = {
        width,
        height,
        bitsPerSample: bits,
        componentCount: 1,
        isSigned: samples instanceof Int16Array,
      };
      encoder
        .getDecodedBuffer(frame)
        .set(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength));
      encoder.setDecompositions(levels);
      encoder.setProgressionOrder(LAYER_RESOLUTION_COMPONENT_POSITION);
      // The order matters: the layers exist only after `setQuality`.
      encoder.setQuality(maxBytes === undefined, 1);
      const ratio = maxBytes === undefined ? 0 : (samples.length * bits) / 8 / maxBytes;
      encoder.setCompressionRatio(0, ratio);
      encoder.encode();
      return encoder.getEncodedBuffer().slice();
    } catch (cause) {
      throw new HscError('limit', 'JPEG 2000 could not encode the image: choose a smaller patch.', {
        cause: sayable(cause),
      });
    } finally {
      encoder.delete();
    }
  }

  /**
   * The samples of a code stream that is known to hold a plane of that size and type.
   * Throws `bitstream` where it does not.
   */
  decode(
    codestream: Uint8Array,
    expected: { width: number; height: number; signed: true },
  ): Int16Array<ArrayBuffer>;
  decode(
    codestream: Uint8Array,
    expected: { width: number; height: number; signed: false },
  ): Uint16Array<ArrayBuffer>;
  decode(
    codestream: Uint8Array,
    expected: { width: number; height: number; signed: boolean },
  ): Int16Array<ArrayBuffer> | Uint16Array<ArrayBuffer> {
    const decoder = new this.module.J2KDecoder();
    try {
      decoder.getEncodedBuffer(codestream.length).set(codestream);
      decoder.decode();
      const frame = decoder.getFrameInfo();
      const { buffer } = decoder.getDecodedBuffer();
      const size = expected.width * expected.height;
      if (
        frame.width !== expected.width ||
        frame.height !== expected.height ||
        frame.isSigned !== expected.signed ||
        frame.componentCount !== 1 ||
        buffer.byteLength !== 2 * size
      ) {
        throw new Error('the decoded image has another shape');
      }
      return expected.signed ? new Int16Array(buffer) : new Uint16Array(buffer);
    } catch (cause) {
      throw new HscError('bitstream', 'The .hsc file holds a damaged JPEG 2000 code stream.', {
        cause: sayable(cause),
      });
    } finally {
      decoder.delete();
    }
  }
}

/** The module throws C++ exceptions as numbers. */
function sayable(cause: unknown): unknown {
  return typeof cause === 'number' ? new Error(`OpenJPEG exception ${cause}`) : cause;
}
