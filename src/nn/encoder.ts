import * as tf from '@tensorflow/tfjs-core';
import { attention, channelNorm, conv } from './layers';
import type { Network } from './network';
import { spectralAnalysis, stackConv } from './spectral';

/**
 * Conv stack of the analysis transform E (Byju et al., Figure 1b–d): standardised image
 * [n, h, w, bands], sides multiples of 16, → [n, h/16, w/16, latents].
 */
export function encoder(net: Network, image: tf.Tensor4D): tf.Tensor4D {
  const { weights, spec } = net;
  let x = attention(net, 'input', 'encoder.se_input', image);
  for (let i = 0; i < spec.widths.length; i++) {
    const name = `encoder.conv${i}`;
    if (i > 0) x = stackConv(net, name, x, 2);
    else if (spec.conv3d) x = spectralAnalysis(weights, spec.conv3d, name, x);
    else x = conv(weights, name, x);
    x = channelNorm(weights, `encoder.norm${i}`, x);
    x = tf.relu(attention(net, 'encoder', `encoder.se${i}`, x));
  }
  return stackConv(net, 'encoder.out', x);
}
