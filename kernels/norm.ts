/** Vectors of a pixel, summed: the sum of its four lanes. */
function lanes(x: v128): f32 {
  return (
    f32x4.extract_lane(x, 0) +
    f32x4.extract_lane(x, 1) +
    (f32x4.extract_lane(x, 2) + f32x4.extract_lane(x, 3))
  );
}

/**
 * HiFiC's ChannelNorm (Mentzer et al. 2020): each of `pixels` normalised over its `channels`, a multiple
 * of four, by the variance over N − 1, with gain and bias. `out` may be `x`.
 */
export function channelNorm(
  x: usize,
  pixels: usize,
  channels: usize,
  epsilon: f32,
  gain: usize,
  bias: usize,
  out: usize,
): void {
  const bytes = channels * 4;
  const end = x + pixels * bytes;
  while (x < end) {
    let sum = f32x4.splat(0);
    for (let c: usize = 0; c < bytes; c += 16) sum = f32x4.add(sum, v128.load(x + c));
    const mean = f32x4.splat(lanes(sum) / (channels as f32));
    let squares = f32x4.splat(0);
    for (let c: usize = 0; c < bytes; c += 16) {
      const centred = f32x4.sub(v128.load(x + c), mean);
      squares = f32x4.add(squares, f32x4.mul(centred, centred));
    }
    const variance = lanes(squares) / ((channels - 1) as f32);
    const scale = f32x4.splat(1 / Mathf.sqrt(variance + epsilon));
    for (let c: usize = 0; c < bytes; c += 16) {
      const centred = f32x4.sub(v128.load(x + c), mean);
      const normed = f32x4.mul(f32x4.mul(centred, scale), v128.load(gain + c));
      v128.store(out + c, f32x4.add(normed, v128.load(bias + c)));
    }
    x += bytes;
    out += bytes;
  }
}
