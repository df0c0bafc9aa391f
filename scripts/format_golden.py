"""Golden files of the ENVI, MATLAB v5 and NumPy readers, made by GDAL, SciPy and NumPy.

    python3 scripts/format_golden.py [DATA]

needs Debian's python3-gdal and python3-scipy. It writes
  src/formats/envi/golden/*               small synthetic pairs in every layout, written by GDAL
  src/formats/matlab5/golden/*.mat        small synthetic files, written by SciPy
  src/formats/numpy/golden/*.np[yz]       small synthetic arrays, written by NumPy
  src/formats/{envi,matlab5,numpy}/golden/data.json
                                          what these libraries read from the files of DATA
DATA is HSI_DATA or ../shared/data. Of the data only shapes, types, first and last wavelengths
and SHA-256 sums of the samples, band-interleaved by pixel, are kept.
"""

import json
import os
import sys
from pathlib import Path

import numpy as np
import scipy.io
import scipy.sparse
from golden_summary import summary
from osgeo import gdal, osr

gdal.UseExceptions()

ROOT = Path(__file__).resolve().parent.parent
# Relative to ROOT: GDAL writes the path into the header.
ENVI = Path("src/formats/envi/golden")
MATLAB5 = Path("src/formats/matlab5/golden")
NUMPY = Path("src/formats/numpy/golden")

HEIGHT, WIDTH, BANDS = 5, 4, 7
WAVELENGTHS = [450.0 + 50 * band for band in range(BANDS)]

ENVI_TYPES = {
    "uint8": gdal.GDT_Byte,
    "int16": gdal.GDT_Int16,
    "int32": gdal.GDT_Int32,
    "float32": gdal.GDT_Float32,
    "float64": gdal.GDT_Float64,
    "uint16": gdal.GDT_UInt16,
    "uint32": gdal.GDT_UInt32,
}
TYPES = ["uint8", "int8", "uint16", "int16", "uint32", "int32", "float32", "float64"]

# file -> (variable, rows and columns where its pixels lie along one axis)
MATLAB_CUBES = {
    "matv5_2d_bands_x_pixels_samson.mat": ("V", (95, 95)),
    "matv5_3d_salinasA.mat": ("salinasA_corrected", None),
    "matv5_3d_with_mask_abu_beach2.mat": ("data", None),
}


def synthetic(dtype: str) -> np.ndarray:
    """height × width × bands; the tests compute the same values."""
    y, x, b = np.mgrid[0:HEIGHT, 0:WIDTH, 0:BANDS]
    value = 31 * y + 7 * x + 3 * b
    if dtype.startswith("float"):
        return ((value - 60) / 8).astype(dtype)
    return (value % 128 - (0 if dtype.startswith("u") else 60)).astype(dtype)


def write_envi() -> None:
    driver = gdal.GetDriverByName("ENVI")
    layouts = [(dtype, "bip") for dtype in ENVI_TYPES] + [("uint16", "bsq"), ("uint16", "bil")]
    for dtype, interleave in layouts:
        path = ENVI / f"{interleave}_{dtype}.img"
        options = [f"INTERLEAVE={interleave}"]
        dataset = driver.Create(str(path), WIDTH, HEIGHT, BANDS, ENVI_TYPES[dtype], options)
        cube = synthetic(dtype)
        for band in range(BANDS):
            dataset.GetRasterBand(band + 1).WriteArray(np.ascontiguousarray(cube[:, :, band]))
        dataset = None


def write_envi_georeferenced() -> None:
    """A rotated UTM grid: GDAL turns the transform into `map info`."""
    driver = gdal.GetDriverByName("ENVI")
    dataset = driver.Create(str(ENVI / "rotated.img"), WIDTH, HEIGHT, BANDS, gdal.GDT_Byte)
    system = osr.SpatialReference()
    system.ImportFromEPSG(32613)
    dataset.SetProjection(system.ExportToWkt())
    cos, sin = 3.1 * np.cos(np.radians(53)), 3.1 * np.sin(np.radians(53))
    dataset.SetGeoTransform([277811.628, cos, sin, 4483607.425, sin, -cos])
    dataset = None


def write_matlab() -> None:
    beside = {
        "wavelengths": np.array([WAVELENGTHS]),
        "map": synthetic("uint8")[:, :, 0],
        "parameters": {"gain": 2.0, "name": "made"},
        "names": np.array(["a", "bc"], dtype=object),
        "text": "a text",
        "sparse": scipy.sparse.eye(4, format="csc"),
        "phase": np.array([[1 + 2j, 3 - 4j]]),
        "flag": np.array([[True]]),
    }
    for name, compressed in (("plain", False), ("compressed", True)):
        content = {**beside, "cube": synthetic("int16")}
        scipy.io.savemat(MATLAB5 / f"{name}.mat", content, do_compression=compressed)
    types = {f"cube_{dtype}": synthetic(dtype) for dtype in [*TYPES, "int64", "uint64"]}
    scipy.io.savemat(MATLAB5 / "types.mat", types, do_compression=True)
    flat = synthetic("float64").transpose(2, 1, 0).reshape(BANDS, -1)
    sizes = {"nRow": HEIGHT, "nCol": WIDTH, "nBand": BANDS}
    scipy.io.savemat(MATLAB5 / "flat.mat", {**sizes, "V": flat}, do_compression=True)
    scipy.io.savemat(MATLAB5 / "version4.mat", {"flat": flat}, format="4")


def write_numpy() -> None:
    for dtype in [*TYPES, "float16", "int64", "uint64"]:
        np.save(NUMPY / f"c_{dtype}.npy", synthetic(dtype))
    np.save(NUMPY / "f_float32.npy", np.asfortranarray(synthetic("float32")))
    np.save(NUMPY / "big_int32.npy", synthetic("int32").astype(">i4"))
    np.save(NUMPY / "mask.npy", synthetic("uint8")[:, :, 0] > 20)
    np.save(NUMPY / "complex64.npy", synthetic("float32").astype("complex64"))
    np.save(NUMPY / "objects.npy", np.array([{}, []], dtype=object))
    np.save(NUMPY / "records.npy", np.zeros(3, dtype=[("a", "<f4"), ("b", "<i2")]))
    arrays = {
        "labels": synthetic("uint8")[:, :, 0],
        "cube": synthetic("uint16"),
        "wavelengths": np.array(WAVELENGTHS) / 1000,
        "names": np.array(["a", "bc"]),
    }
    np.savez(NUMPY / "stored.npz", **arrays)
    np.savez_compressed(NUMPY / "compressed.npz", **arrays)


def read_envi(path: Path) -> dict:
    """GDAL keeps the header's lists as text and leaves the unit to the reader."""
    dataset = gdal.Open(str(path))
    cube = np.moveaxis(np.atleast_3d(dataset.ReadAsArray()), 0, 2)
    fields = {key.lower(): value for key, value in dataset.GetMetadata("ENVI").items()}
    listed = fields.get("wavelength", "").strip("{} \n")
    wavelengths = [float(value) for value in listed.split(",") if value.strip()]
    scale = 1000 if wavelengths and max(wavelengths) < 100 else 1
    return summary(cube, [round(value * scale, 6) for value in wavelengths])


def read_matlab5(path: Path) -> dict:
    variable, size = MATLAB_CUBES[path.name]
    array = scipy.io.loadmat(path)[variable]
    return summary(array.T.reshape((*size, -1), order="F") if size else array, [])


def read_npz(path: Path) -> dict:
    sidecar = json.loads(path.with_suffix(".json").read_text())
    wavelengths = sidecar["wavelengths_nm"] or sidecar.get("wavelengths_nm_approx") or []
    return summary(np.load(path)["cube"], wavelengths)


def write_json(path: Path, content: dict) -> None:
    path.write_text(json.dumps(content, indent=2) + "\n")


def main() -> None:
    named = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("HSI_DATA")
    data = Path(named).resolve() if named else ROOT.parent / "shared/data"
    os.chdir(ROOT)
    for folder in (ENVI, MATLAB5, NUMPY):
        folder.mkdir(parents=True, exist_ok=True)
    write_envi()
    write_envi_georeferenced()
    write_matlab()
    write_numpy()
    files = sorted(path for path in (data / "formats").iterdir() if path.is_file())
    stems = {path.stem for path in files if path.suffix == ".hdr"}
    images = [
        path
        for path in files
        if path.suffix != ".hdr" and (path.stem in stems or path.name in stems)
    ]
    write_json(ENVI / "data.json", {path.name: read_envi(path) for path in images})
    matlab = [path for path in files if path.name in MATLAB_CUBES]
    write_json(MATLAB5 / "data.json", {path.name: read_matlab5(path) for path in matlab})
    archives = sorted((data / "cubes/test").glob("*.npz"))
    write_json(NUMPY / "data.json", {path.name: read_npz(path) for path in archives})


if __name__ == "__main__":
    main()
