// AssemblyScript. Pointers are byte addresses in the heap of tfjs.

/** Outputs of a tile along a side, and its inputs. */
const TILE: usize = 4;
const SEEN: usize = 6;
const POINTS: usize = SEEN * SEEN;
/** Output channels that are made at a time. */
const LANES: usize = 8;

/** Tiles that are transformed before they are multiplied. */
const CHUNK: usize = 24;
const VECTOR: usize = 16;
/** Bytes between equal points of tiles beyond what they need: 4096 bytes apart they would evict each other. */
const SKEW: usize = 64;

/** Bytes that the transformed inputs of a tile take at one point. */
function rowBytes(inputs: usize): usize {
  return ((inputs + 3) & ~3) * 4;
}

function planeBytes(inputs: usize): usize {
  return CHUNK * rowBytes(inputs) + SKEW;
}

/** Bytes that `convolve` needs to work in. */
export function scratchBytes(inputs: usize): usize {
  const products = POINTS * CHUNK * LANES * 4;
  return POINTS * (planeBytes(inputs) + rowBytes(inputs) + VECTOR) + products;
}

function times(x: v128, factor: f32): v128 {
  return f32x4.mul(x, f32x4.splat(factor));
}

/** One dimension of Bᵀ d B: six vectors `from` apart to six `to` apart. */
function transformInputs(source: usize, from: usize, target: usize, to: usize): void {
  const d0 = v128.load(source);
  const d1 = v128.load(source + from);
  const d2 = v128.load(source + 2 * from);
  const d3 = v128.load(source + 3 * from);
  const d4 = v128.load(source + 4 * from);
  const d5 = v128.load(source + 5 * from);
  const even = f32x4.sub(d4, times(d2, 4));
  const odd = f32x4.sub(d3, times(d1, 4));
  const near = f32x4.sub(d4, d2);
  const far = times(f32x4.sub(d3, d1), 2);
  v128.store(target, f32x4.add(f32x4.sub(times(d0, 4), times(d2, 5)), d4));
  v128.store(target + to, f32x4.add(even, odd));
  v128.store(target + 2 * to, f32x4.sub(even, odd));
  v128.store(target + 3 * to, f32x4.add(near, far));
  v128.store(target + 4 * to, f32x4.sub(near, far));
  v128.store(target + 5 * to, f32x4.add(f32x4.sub(times(d1, 4), times(d3, 5)), d5));
}

/** Transforms a tile: pixels of it are `step` bytes apart, rows `line`; `inputs` a multiple of four. */
function transformTile(
  source: usize,
  line: usize,
  step: usize,
  row: usize,
  target: usize,
  plane: usize,
  between: usize,
): void {
  const end = source + row;
  while (source < end) {
    for (let x: usize = 0; x < SEEN; x++) {
      transformInputs(source + x * step, line, between + x * VECTOR, SEEN * VECTOR);
    }
    for (let y: usize = 0; y < SEEN; y++) {
      transformInputs(between + y * SEEN * VECTOR, VECTOR, target + y * SEEN * plane, plane);
    }
    source += VECTOR;
    target += VECTOR;
  }
}

/** Copies the inputs of a tile to `patch`, with zeros where there is no image. */
function copyTile(
  x: usize,
  height: i32,
  width: i32,
  pixel: usize,
  inputs: usize,
  top: i32,
  left: i32,
  patch: usize,
): void {
  const row = rowBytes(inputs);
  memory.fill(patch, 0, POINTS * row);
  for (let y: i32 = max(0, -top); y < min<i32>(SEEN, height - top); y++) {
    for (let column: i32 = max(0, -left); column < min<i32>(SEEN, width - left); column++) {
      const from = x + (((top + y) * width + left + column) as usize) * pixel;
      memory.copy(patch + ((y * SEEN + column) as usize) * row, from, inputs * 4);
    }
  }
}

/** Four tiles times eight columns: m[t, 0…8] = Σ v[t, c] · u[c, 0…8]. */
function multiply(v: usize, row: usize, u: usize, m: usize): void {
  let a0 = f32x4.splat(0),
    a1 = f32x4.splat(0),
    b0 = f32x4.splat(0),
    b1 = f32x4.splat(0);
  let c0 = f32x4.splat(0),
    c1 = f32x4.splat(0),
    d0 = f32x4.splat(0),
    d1 = f32x4.splat(0);
  const end = v + row;
  const v1 = row;
  const v2 = 2 * row;
  const v3 = 3 * row;
  while (v < end) {
    const w0 = v128.load(u);
    const w1 = v128.load(u, 16);
    const a = v128.load32_splat(v);
    a0 = f32x4.add(a0, f32x4.mul(a, w0));
    a1 = f32x4.add(a1, f32x4.mul(a, w1));
    const b = v128.load32_splat(v + v1);
    b0 = f32x4.add(b0, f32x4.mul(b, w0));
    b1 = f32x4.add(b1, f32x4.mul(b, w1));
    const c = v128.load32_splat(v + v2);
    c0 = f32x4.add(c0, f32x4.mul(c, w0));
    c1 = f32x4.add(c1, f32x4.mul(c, w1));
    const d = v128.load32_splat(v + v3);
    d0 = f32x4.add(d0, f32x4.mul(d, w0));
    d1 = f32x4.add(d1, f32x4.mul(d, w1));
    v += 4;
    u += LANES * 4;
  }
  v128.store(m, a0);
  v128.store(m, a1, 16);
  v128.store(m, b0, 32);
  v128.store(m, b1, 48);
  v128.store(m, c0, 64);
  v128.store(m, c1, 80);
  v128.store(m, d0, 96);
  v128.store(m, d1, 112);
}

/** One dimension of Aᵀ m A: six vectors `from` apart to four 16 bytes apart at `target`. */
function transformOutputs(source: usize, from: usize, target: usize): void {
  const m0 = v128.load(source);
  const m1 = v128.load(source + from);
  const m2 = v128.load(source + 2 * from);
  const m3 = v128.load(source + 3 * from);
  const m4 = v128.load(source + 4 * from);
  const m5 = v128.load(source + 5 * from);
  const near = f32x4.add(m1, m2);
  const across = f32x4.sub(m1, m2);
  const far = f32x4.add(m3, m4);
  const beyond = f32x4.sub(m3, m4);
  v128.store(target, f32x4.add(f32x4.add(m0, near), far));
  v128.store(target, f32x4.add(across, times(beyond, 2)), 16);
  v128.store(target, f32x4.add(near, times(far, 4)), 32);
  v128.store(target, f32x4.add(f32x4.add(across, times(beyond, 8)), m5), 48);
}

/** Writes what a tile gives, `count` channels of it, where there is an image. */
function writeTile(
  m: usize,
  between: usize,
  bias: usize,
  relu: bool,
  out: usize,
  line: usize,
  pixel: usize,
  rows: usize,
  columns: usize,
  count: usize,
): void {
  const plane = CHUNK * LANES * 4;
  for (let x: usize = 0; x < SEEN; x++) {
    transformOutputs(m + x * plane, SEEN * plane, between + x * TILE * VECTOR);
  }
  const own = v128.load(bias);
  const zero = f32x4.splat(0);
  for (let y: usize = 0; y < rows; y++) {
    const ends = between + SEEN * TILE * VECTOR;
    transformOutputs(between + y * VECTOR, TILE * VECTOR, ends);
    for (let x: usize = 0; x < columns; x++) {
      let value = f32x4.add(v128.load(ends + x * VECTOR), own);
      if (relu) value = f32x4.max(value, zero);
      const at = out + y * line + x * pixel;
      if (count >= 4) v128.store(at, value);
      else storePart(at, value, count);
    }
  }
}

function storePart(at: usize, value: v128, count: usize): void {
  store<f32>(at, f32x4.extract_lane(value, 0));
  if (count > 1) store<f32>(at, f32x4.extract_lane(value, 1), 4);
  if (count > 2) store<f32>(at, f32x4.extract_lane(value, 2), 8);
}

/**
 * Convolution 3 × 3, stride 1, zeros around, with bias, as Winograd's F(4 × 4, 3 × 3): 36 products
 * where a direct one takes 144. Source: Lavin and Gray, "Fast algorithms for convolutional neural
 * networks", CVPR 2016.
 *
 * x, out: first of `inputs` / `outputs` neighbouring channels of the first pixel; pixels lie
 * `pixel` / `outPixel` bytes apart. u: [outputs / 8, 36, inputs, 8], zero beyond; bias likewise.
 */
export function convolve(
  x: usize,
  height: usize,
  width: usize,
  pixel: usize,
  inputs: usize,
  u: usize,
  bias: usize,
  out: usize,
  outPixel: usize,
  outputs: usize,
  relu: bool,
  scratch: usize,
): void {
  const row = rowBytes(inputs);
  const plane = planeBytes(inputs);
  const across = (width + TILE - 1) / TILE;
  const tiles = across * ((height + TILE - 1) / TILE);
  const products = scratch + POINTS * plane;
  const patch = products + POINTS * CHUNK * LANES * 4;
  const between = patch + POINTS * row;
  const whole = (inputs & 3) === 0;
  for (let first: usize = 0; first < tiles; first += CHUNK) {
    const count = min(CHUNK, tiles - first);
    for (let t: usize = 0; t < count; t++) {
      const top = ((first + t) / across) * TILE;
      const left = ((first + t) % across) * TILE;
      const inside = top > 0 && left > 0 && top + TILE < height && left + TILE < width;
      if (inside && whole) {
        const source = x + ((top - 1) * width + left - 1) * pixel;
        transformTile(source, width * pixel, pixel, row, scratch + t * row, plane, between);
      } else {
        copyTile(
          x,
          height as i32,
          width as i32,
          pixel,
          inputs,
          (top as i32) - 1,
          (left as i32) - 1,
          patch,
        );
        transformTile(patch, SEEN * row, row, row, scratch + t * row, plane, between);
      }
    }
    for (let lane: usize = 0; lane < outputs; lane += LANES) {
      const block = u + (lane / LANES) * POINTS * row * LANES;
      for (let point: usize = 0; point < POINTS; point++) {
        for (let t: usize = 0; t < count; t += 4) {
          multiply(
            scratch + point * plane + t * row,
            row,
            block + point * row * LANES,
            products + (point * CHUNK + t) * LANES * 4,
          );
        }
      }
      for (let t: usize = 0; t < count; t++) {
        const top = ((first + t) / across) * TILE;
        const left = ((first + t) % across) * TILE;
        const at = out + (top * width + left) * outPixel + lane * 4;
        for (let half: usize = 0; half < LANES && lane + half < outputs; half += 4) {
          writeTile(
            products + (t * LANES + half) * 4,
            between,
            bias + (lane + half) * 4,
            relu,
            at + half * 4,
            width * outPixel,
            outPixel,
            min(TILE, height - top),
            min(TILE, width - left),
            outputs - lane - half,
          );
        }
      }
    }
  }
}
