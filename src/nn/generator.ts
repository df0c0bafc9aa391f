import * as tf from '@tensorflow/tfjs-core';
import { attention, channelNorm, conv } from './layers';
import type { Network } from './network';
import { DETAIL_STAGE } from './parameters';
import type { RatePosition } from './rateGains';
import { spectralSynthesis, stackConv, stackUp } from './spectral';

const UP_STAGES = 4;

/** ChannelNorm, then SE where the variant has it. */
function normed(net: Network, norm: string, se: string, x: tf.Tensor4D): tf.Tensor4D {
  return attention(net, 'generator', se, channelNorm(net.weights, norm, x));
}

/** conv, norm, ReLU, conv, norm, + input. */
export function residualBlock(net: Network, name: string, input: tf.Tensor4D): tf.Tensor4D {
  let x = stackConv(net, `${name}.conv1`, input);
  x = tf.relu(normed(net, `${name}.norm1`, `${name}.se1`, x));
  x = stackConv(net, `${name}.conv2`, x);
  return tf.add(input, normed(net, `${name}.norm2`, `${name}.se2`, x));
}

/** A plane [n, h, w, 1] that holds the rate position. */
function positionPlane(position: RatePosition, [n, height, width]: number[]): tf.Tensor4D {
  const plane = (own: number, count: number) => tf.fill<tf.Rank.R4>([count, height, width, 1], own);
  if (typeof position === 'number') return plane(position, n);
  return tf.concat(
    position.map((own) => plane(own, 1)),
    0,
  );
}

/**
 * G's conv stack at the latents' resolution (Byju et al., Figure 1b–d): latents
 * [n, h/16, w/16, latents] → features [n, h/16, w/16, w4]. Beside a bypass the latents are asinh(ŝ),
 * in quantiser steps, and a last plane holds the rate position.
 */
export function generatorTrunk(
  net: Network,
  latents: tf.Tensor4D,
  position?: RatePosition,
): tf.Tensor4D {
  const { spec } = net;
  let x = normed(net, 'generator.norm_in', 'generator.se_in', latents);
  if (position !== undefined) x = tf.concat([x, positionPlane(position, latents.shape)], 3);
  x = stackConv(net, 'generator.conv_in', x);
  const head = normed(net, 'generator.norm_in2', 'generator.se_in2', x);
  x = head;
  for (let i = 0; i < spec.residualBlocks; i++) x = residualBlock(net, `generator.block${i}`, x);
  return tf.add(x, head);
}

/** What the trunk's features move the bypass' latents by, in quantiser steps. */
export function latentCorrection({ weights }: Network, features: tf.Tensor4D): tf.Tensor4D {
  return conv(weights, 'generator.correction', tf.relu(features));
}

/** What the components that the linear synthesis made, [n, h, w, k], add to features at half their size. */
function detail(net: Network, x: tf.Tensor4D, planes: tf.Tensor4D): tf.Tensor4D {
  const { weights } = net;
  const seen = tf.add<tf.Tensor4D>(
    conv(weights, 'generator.detail_features', x),
    conv(weights, 'generator.detail_planes', planes, { stride: 2 }),
  );
  const h = tf.relu(attention(net, 'generator', 'generator.detail_se', seen));
  return conv(weights, 'generator.detail_out', h);
}

/**
 * The rest of G's conv stack: features of the trunk → standardised image [n, h, w, bands]. Beside a
 * bypass it sees the components that the linear synthesis made, [n, h, w, k].
 */
export function generatorImage(
  net: Network,
  features: tf.Tensor4D,
  planes?: tf.Tensor4D,
): tf.Tensor4D {
  const { weights, spec } = net;
  let x = features;
  for (let i = 0; i < UP_STAGES; i++) {
    x = stackUp(net, `generator.up${i}`, x);
    x = tf.relu(normed(net, `generator.upnorm${i}`, `generator.upse${i}`, x));
    if (i === DETAIL_STAGE && planes) x = tf.add(x, detail(net, x, planes));
  }
  return spec.conv3d
    ? spectralSynthesis(weights, spec.conv3d, 'generator.out', x)
    : conv(weights, 'generator.out', x);
}
