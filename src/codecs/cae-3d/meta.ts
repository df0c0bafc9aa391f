import { autoencoder } from '../autoencoders/coder';

export const CAE_3D = autoencoder(11, {
  id: 'cae-3d',
  label: '3D-CAE',
  description:
    'A convolutional autoencoder over plane and spectrum at once, with residual blocks: 16 feature maps at an eighth ' +
    'of both sides and a quarter of the bands, rounded and coded without loss, at one rate. Chong, Chen and Pan, ' +
    '“End-to-End Joint Spectral–Spatial Compression and Reconstruction of Hyperspectral Images Using a 3D ' +
    'Convolutional Autoencoder”, 2021.',
});
