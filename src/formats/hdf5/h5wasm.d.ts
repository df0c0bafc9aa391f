/**
 * The function behind h5wasm that makes an instance of the HDF5 library. The package exports
 * one ready-made instance only; see `session.ts` for why that is not enough.
 */
declare module '*/h5wasm/dist/esm/hdf5_util.js' {
  type H5Module = typeof import('h5wasm').Module;
  const createModule: (options: {
    noInitialRun: boolean;
    print(line: string): void;
    printErr(line: string): void;
  }) => Promise<H5Module>;
  export default createModule;
}
