import { autoencoder } from '../autoencoders/coder';

export const CAE_1D = autoencoder(9, {
  id: 'cae-1d',
  label: '1D-CAE',
  description:
    'A convolutional autoencoder along the spectrum of every pixel by itself: a quarter as many latents as bands, ' +
    'rounded and coded without loss, at one rate. Kuester, Gross and Middelmann, ' +
    '“1D-Convolutional Autoencoder Based Hyperspectral Data Compression”, 2021.',
});
