"""Golden files of the GeoTIFF and HDF5 readers, made by GDAL and h5py.

    python3 scripts/format_golden_gdal.py [DATA]

needs Debian's python3-gdal and python3-h5py. It writes
  src/formats/geotiff/golden/*.tif       small synthetic images in every layout, written by GDAL
  src/formats/geotiff/golden/data.json   what GDAL reads from the GeoTIFF files of DATA/formats
  src/formats/hdf5/golden/data.json      what h5py reads from the HDF5 files of DATA/formats
DATA is HSI_DATA or ../shared/data. Of the data only shapes, types, first and last wavelengths
and SHA-256 sums of the samples, band-interleaved by pixel, are kept.
"""

import json
import os
import sys
from pathlib import Path

import h5py
import numpy as np
from golden_summary import summary
from osgeo import gdal, osr

gdal.UseExceptions()

ROOT = Path(__file__).resolve().parent.parent
GEOTIFF = ROOT / "src/formats/geotiff/golden"
HDF5 = ROOT / "src/formats/hdf5/golden"

WIDTH, HEIGHT, BANDS = 19, 11, 3
TYPES = {
    "uint8": gdal.GDT_Byte,
    "uint16": gdal.GDT_UInt16,
    "int16": gdal.GDT_Int16,
    "uint32": gdal.GDT_UInt32,
    "int32": gdal.GDT_Int32,
    "int64": gdal.GDT_Int64,
    "float32": gdal.GDT_Float32,
    "float64": gdal.GDT_Float64,
}
TILES = ["TILED=YES", "BLOCKXSIZE=16", "BLOCKYSIZE=16"]
BIG_ENDIAN = ["ENDIANNESS=BIG"]

# name -> (sample type, creation options); the tests read type and layout from the name.
LAYOUTS = {
    "pixel_uint16": ("uint16", ["INTERLEAVE=PIXEL"]),
    "band_float32": ("float32", ["INTERLEAVE=BAND"]),
    "band_float64_strips": ("float64", ["INTERLEAVE=BAND", "BLOCKYSIZE=4"]),
    "pixel_uint8_lzw": ("uint8", ["INTERLEAVE=PIXEL", "COMPRESS=LZW", "BLOCKYSIZE=4"]),
    "band_int16_deflate_p2": ("int16", ["INTERLEAVE=BAND", "COMPRESS=DEFLATE", "PREDICTOR=2"]),
    "pixel_float32_deflate_p3": ("float32", ["COMPRESS=DEFLATE", "PREDICTOR=3"]),
    "band_float64_lzw_p3": ("float64", ["INTERLEAVE=BAND", "COMPRESS=LZW", "PREDICTOR=3"]),
    "pixel_uint32_zstd_p2": ("uint32", ["COMPRESS=ZSTD", "PREDICTOR=2"]),
    "pixel_int32_packbits": ("int32", ["COMPRESS=PACKBITS"]),
    "pixel_float64_deflate_p2": ("float64", ["COMPRESS=DEFLATE", "PREDICTOR=2"]),
    "tiled_pixel_uint16_lzw_p2": ("uint16", [*TILES, "COMPRESS=LZW", "PREDICTOR=2"]),
    "tiled_band_float32_deflate_p3": (
        "float32",
        [*TILES, "INTERLEAVE=BAND", "COMPRESS=DEFLATE", "PREDICTOR=3"],
    ),
    "tiled_pixel_float32_lerc": ("float32", [*TILES, "COMPRESS=LERC", "MAX_Z_ERROR=0"]),
    "tiled_band_int16": ("int16", [*TILES, "INTERLEAVE=BAND"]),
    "pixel_int64_deflate": ("int64", ["COMPRESS=DEFLATE"]),
    "pixel_float16": ("float32", ["NBITS=16"]),
    "big_pixel_uint16_lzw_p2": ("uint16", [*BIG_ENDIAN, "COMPRESS=LZW", "PREDICTOR=2"]),
    # Not with predictor 3: what GDAL 3.6 writes so, it does not read back itself.
    "big_band_float32_deflate_p2": (
        "float32",
        [*BIG_ENDIAN, "INTERLEAVE=BAND", "COMPRESS=DEFLATE", "PREDICTOR=2"],
    ),
    "big_tiled_int32": ("int32", [*BIG_ENDIAN, *TILES]),
    "big_band_float64_strips": ("float64", [*BIG_ENDIAN, "INTERLEAVE=BAND", "BLOCKYSIZE=1"]),
    "bigtiff_pixel_uint16_deflate": ("uint16", ["BIGTIFF=YES", "COMPRESS=DEFLATE"]),
    "bigtiff_big_tiled_band_float32": (
        "float32",
        ["BIGTIFF=YES", *BIG_ENDIAN, *TILES, "INTERLEAVE=BAND"],
    ),
}


def synthetic(dtype: str) -> np.ndarray:
    """height × width × bands; the tests compute the same values."""
    y, x, b = np.mgrid[0:HEIGHT, 0:WIDTH, 0:BANDS]
    value = (7 * x + 31 * y + 101 * b) % 251
    if dtype == "uint8":
        return value.astype(dtype)
    if dtype.startswith("float"):
        return ((value - 120) / 8).astype(dtype)
    return ((value - (0 if dtype.startswith("u") else 120)) * 250).astype(dtype)


def create(path: Path, dtype: str, options: list[str], bands: int = BANDS) -> gdal.Dataset:
    path.unlink(missing_ok=True)
    driver = gdal.GetDriverByName("GTiff")
    return driver.Create(str(path), WIDTH, HEIGHT, bands, TYPES[dtype], options)


def fill(dataset: gdal.Dataset, cube: np.ndarray) -> None:
    for band in range(cube.shape[2]):
        dataset.GetRasterBand(band + 1).WriteArray(np.ascontiguousarray(cube[:, :, band]))


def write_layouts() -> None:
    for name, (dtype, options) in LAYOUTS.items():
        dataset = create(GEOTIFF / f"{name}.tif", dtype, options)
        fill(dataset, synthetic(dtype))
        dataset = None


def write_georeferenced() -> None:
    """EPSG, tie points at pixel centres, band metadata, no-data value, scaling."""
    dataset = create(GEOTIFF / "described.tif", "float32", ["COMPRESS=DEFLATE"])
    system = osr.SpatialReference()
    system.ImportFromEPSG(32633)
    dataset.SetProjection(system.ExportToWkt())
    dataset.SetGeoTransform([365000.0, 30.0, 0.0, 5807000.0, 0.0, -30.0])
    dataset.SetMetadataItem("AREA_OR_POINT", "Point")
    fill(dataset, synthetic("float32"))
    for index, centre in enumerate([0.45, 0.55, 0.65]):
        band = dataset.GetRasterBand(index + 1)
        band.SetNoDataValue(-3.4e38)
        band.SetScale(0.0001)
        band.SetMetadataItem("wavelength", str(centre))
        band.SetMetadataItem("wavelength_units", "Micrometers")
        band.SetMetadataItem("fwhm", "0.01")
        band.SetMetadataItem("bbl", "0" if index == 1 else "1")
        band.SetDescription(f"band <{index + 1}> & co")
    dataset = None


def write_rotated() -> None:
    dataset = create(GEOTIFF / "rotated.tif", "uint8", ["COMPRESS=DEFLATE"])
    system = osr.SpatialReference()
    system.ImportFromEPSG(4326)
    dataset.SetProjection(system.ExportToWkt())
    dataset.SetGeoTransform([13.0, 0.001, 0.0002, 52.0, 0.0003, -0.001])
    fill(dataset, synthetic("uint8"))
    dataset = None


def write_pages() -> None:
    """One band a page, then a page of another size."""
    path = GEOTIFF / "pages.tif"
    path.unlink(missing_ok=True)
    cube = synthetic("uint16")
    memory = gdal.GetDriverByName("MEM")
    driver = gdal.GetDriverByName("GTiff")
    for band in range(BANDS):
        page = memory.Create("", WIDTH, HEIGHT, 1, gdal.GDT_UInt16)
        page.GetRasterBand(1).WriteArray(np.ascontiguousarray(cube[:, :, band]))
        page.GetRasterBand(1).SetMetadataItem("wavelength", str(450 + 100 * band))
        append = ["APPEND_SUBDATASET=YES"] if band else []
        driver.CreateCopy(str(path), page, options=[*append, "COMPRESS=LZW"])
    thumbnail = memory.Create("", 4, 3, 1, gdal.GDT_UInt16)
    driver.CreateCopy(str(path), thumbnail, options=["APPEND_SUBDATASET=YES"])


def write_overviews() -> None:
    """An overview and strips that were never written."""
    path = GEOTIFF / "sparse_overview.tif"
    options = ["SPARSE_OK=TRUE", "BLOCKYSIZE=4", "INTERLEAVE=BAND", "COMPRESS=LZW"]
    dataset = create(path, "int16", options)
    for band in range(BANDS):
        dataset.GetRasterBand(band + 1).SetNoDataValue(-5)
    dataset.GetRasterBand(2).WriteArray(np.ascontiguousarray(synthetic("int16")[:, :, 1]))
    dataset.BuildOverviews("NEAREST", [2])
    dataset = None


def read_with_gdal(path: Path) -> dict:
    dataset = gdal.Open(str(path))
    cube = np.moveaxis(np.atleast_3d(dataset.ReadAsArray()), 0, 2)
    bands = [dataset.GetRasterBand(i + 1) for i in range(dataset.RasterCount)]
    stated = [band.GetMetadataItem("wavelength") for band in bands]
    return summary(cube, [float(value) for value in stated if value])


def read_neon(path: Path) -> dict:
    with h5py.File(path) as file:
        site = file[next(iter(file))]["Reflectance"]
        wavelengths = site["Metadata/Spectral_Data/Wavelength"][:]
        return summary(site["Reflectance_Data"][:], [float(value) for value in wavelengths])


def read_matlab73(path: Path, variable: str) -> dict:
    """MATLAB's order of axes, which h5py shows reversed."""
    with h5py.File(path) as file:
        return summary(np.transpose(file[variable][:]), [])


def write_json(path: Path, content: dict) -> None:
    path.write_text(json.dumps(content, indent=2) + "\n")


def main() -> None:
    data = Path(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("HSI_DATA", "../shared/data"))
    for folder in (GEOTIFF, HDF5):
        folder.mkdir(parents=True, exist_ok=True)
    write_layouts()
    write_georeferenced()
    write_rotated()
    write_pages()
    write_overviews()
    tiffs = sorted(p for p in (data / "formats").iterdir() if p.suffix.lower() == ".tif")
    write_json(GEOTIFF / "data.json", {path.name: read_with_gdal(path) for path in tiffs})
    neon = data / "formats/hdf5_neon_aop_sjer_30x30x426.h5"
    hydice = data / "formats/matv73_hdf5_hydice_162x100x80.mat"
    write_json(
        HDF5 / "data.json",
        {neon.name: read_neon(neon), hydice.name: read_matlab73(hydice, "image")},
    )


if __name__ == "__main__":
    main()
