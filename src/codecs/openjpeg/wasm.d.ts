declare module '@cornerstonejs/codec-openjpeg/wasmjs' {
  interface FrameInfo {
    readonly width: number;
    readonly height: number;
    readonly bitsPerSample: number;
    readonly componentCount: number;
    readonly isSigned: boolean;
  }

  interface J2KEncoder {
    /** Memory of the module that takes the samples; invalid once that memory grows. */
    getDecodedBuffer(frame: FrameInfo): Uint8Array;
    getEncodedBuffer(): Uint8Array;
    setDecompositions(count: number): void;
    setProgressionOrder(order: number): void;
    setQuality(lossless: boolean, layers: number): void;
    setCompressionRatio(layer: number, ratio: number): void;
    encode(): void;
    delete(): void;
  }

  interface J2KDecoder {
    getEncodedBuffer(bytes: number): Uint8Array;
    getDecodedBuffer(): Uint8ClampedArray<ArrayBuffer>;
    getFrameInfo(): FrameInfo;
    decode(): void;
    delete(): void;
  }

  export interface OpenJpegModule {
    readonly J2KEncoder: new () => J2KEncoder;
    readonly J2KDecoder: new () => J2KDecoder;
    getVersion(): string;
  }

  interface Options {
    readonly wasmBinary: Uint8Array;
    readonly print: (line: string) => void;
    readonly printErr: (line: string) => void;
  }

  export default function createModule(options: Options): Promise<OpenJpegModule>;
}
