import h5wasm, { type Dataset, type File } from 'h5wasm';

type Numbers = Float32Array | Float64Array | Uint16Array | Int16Array | Int32Array | Uint8Array;

let made = 0;

/** A small HDF5 file in memory, written by h5wasm. */
export async function makeFile(build: (file: File) => void): Promise<Uint8Array> {
  const { FS } = await h5wasm.ready;
  const path = `made${made++}.h5`;
  const file = new h5wasm.File(path, 'w');
  build(file);
  file.close();
  const bytes = new Uint8Array(FS.readFile(path));
  FS.unlink(path);
  return bytes;
}

/** Creates the groups of `path` and the dataset at its end. */
export function put(
  file: File,
  path: string,
  data: Numbers | readonly string[],
  shape?: readonly number[],
  storage: { chunks?: number[]; compression?: 'gzip' } = {},
): Dataset {
  const parts = path.split('/').filter((part) => part !== '');
  const name = parts.pop()!;
  let group = '';
  for (const part of parts) {
    group += `/${part}`;
    if (!file.get(group)) file.create_group(group.slice(1));
  }
  const parent = group ? file.get(group) : file;
  if (!parent || !('create_dataset' in parent)) throw new Error(`${group} is no group`);
  const content = Array.isArray(data) ? [...data] : (data as Numbers);
  return parent.create_dataset({ name, data: content, shape: shape && [...shape], ...storage });
}

export const SHAPE = { height: 6, width: 5, bands: 4 } as const;

/** Sample of row y, column x, band b of every made cube. */
export function sampleAt(y: number, x: number, b: number): number {
  return 100 * b + 10 * y + x;
}

/** The samples in the order that `axes` names, slowest first, e.g. `ybx`. */
export function samplesIn(axes: string, bands: number = SHAPE.bands): number[] {
  const lengths: Record<string, number> = { y: SHAPE.height, x: SHAPE.width, b: bands };
  const [p, q, r] = axes;
  const samples: number[] = [];
  const at: Record<string, number> = {};
  for (at[p] = 0; at[p] < lengths[p]; at[p]++) {
    for (at[q] = 0; at[q] < lengths[q]; at[q]++) {
      for (at[r] = 0; at[r] < lengths[r]; at[r]++) samples.push(sampleAt(at.y, at.x, at.b));
    }
  }
  return samples;
}

export function shapeIn(axes: string, bands: number = SHAPE.bands): number[] {
  const lengths: Record<string, number> = { y: SHAPE.height, x: SHAPE.width, b: bands };
  return [...axes].map((letter) => lengths[letter]);
}

/** PRISMA level 1: rows × bands × columns, wavelengths falling, the last two unused. */
export function makePrisma(): Promise<Uint8Array> {
  return makeFile((file) => {
    const fields = '/HDFEOS/SWATHS/PRS_L1_HCO/Data Fields';
    const shape = shapeIn('ybx');
    const swir = [SHAPE.height, 9, SHAPE.width];
    put(file, `${fields}/VNIR_Cube`, Uint16Array.from(samplesIn('ybx')), shape, {
      chunks: [2, 2, 5],
      compression: 'gzip',
    });
    put(file, `${fields}/SWIR_Cube`, new Uint16Array(6 * 9 * 5), swir);
    put(file, `${fields}/VNIR_PIXEL_SAT_ERR_MATRIX`, new Uint8Array(120), shape);
    file.create_attribute('List_Cw_Vnir', Float32Array.of(900, 700, 0, 500));
    file.create_attribute('List_Fwhm_Vnir', Float32Array.of(12, 11, 0, 10));
    file.create_attribute(
      'List_Cw_Swir',
      Float32Array.from({ length: 9 }, (_, i) => 2400 - 100 * i),
    );
    file.create_attribute('List_Fwhm_Swir', new Float32Array(9).fill(9));
    file.create_attribute('ScaleFactor_Vnir', 100);
    file.create_attribute('Offset_Vnir', 0);
  });
}

/** EMIT level 2A: NetCDF4 with named dimensions and a group of band parameters. */
export function makeEmit(): Promise<Uint8Array> {
  return makeFile((file) => {
    const cube = put(file, '/reflectance', Float32Array.from(samplesIn('yxb')), shapeIn('yxb'), {
      chunks: [4, 4, 4],
      compression: 'gzip',
    });
    cube.create_attribute('_FillValue', Float32Array.of(-9999));
    cube.create_attribute('units', 'unitless');
    for (const [axis, name] of ['downtrack', 'crosstrack', 'bands'].entries()) {
      put(file, `/${name}`, new Float32Array(shapeIn('yxb')[axis])).make_scale(name);
      cube.attach_scale(axis, `/${name}`);
    }
    const group = '/sensor_band_parameters';
    const wavelengths = put(file, `${group}/wavelengths`, Float32Array.of(400, 600, 1400, 2400));
    wavelengths.create_attribute('units', 'nm');
    put(file, `${group}/fwhm`, Float32Array.of(8, 8.5, 8.5, 9));
    put(file, `${group}/good_wavelengths`, Float32Array.of(1, 1, 0, 1));
    file.create_attribute('instrument', 'EMIT');
    file.create_attribute('_NCProperties', 'version=2,netcdf=4.7.4');
  });
}

/** NEON AOP, with a bad-band window and an image beside the cube. */
export function makeNeon(): Promise<Uint8Array> {
  return makeFile((file) => {
    const root = '/SITE/Reflectance';
    const cube = put(
      file,
      `${root}/Reflectance_Data`,
      Int16Array.from(samplesIn('yxb')),
      shapeIn('yxb'),
    );
    cube.create_attribute('Scale_Factor', 10_000);
    cube.create_attribute('Data_Ignore_Value', -9999);
    cube.create_attribute('Band_Window_1_Nanometers', Int32Array.of(1340, 1445));
    put(file, `${root}/Metadata/Spectral_Data/Wavelength`, Float32Array.of(400, 600, 1400, 2400));
    put(file, `${root}/Metadata/Spectral_Data/FWHM`, Float32Array.of(5, 6, 6, 7));
    put(file, `${root}/Metadata/Ancillary_Imagery/Slope`, new Float32Array(30), [6, 5]);
    put(file, `${root}/Metadata/Coordinate_System/Map_Info`, [
      'UTM,  1.000,  1.000,  257000.00,  4112000.0,  1.0,  1.0,  11,  North,  WGS-84,  units=Meters, 0',
    ]);
    put(file, `${root}/Metadata/Coordinate_System/EPSG Code`, ['32611']);
  });
}
