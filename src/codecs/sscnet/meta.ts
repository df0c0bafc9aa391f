import { autoencoder } from '../autoencoders/coder';

export const SSCNET = autoencoder(10, {
  id: 'sscnet',
  label: 'SSCNet',
  description:
    'A convolutional autoencoder in the plane of the image, to which bands are feature maps: 512 latents for every ' +
    '8 × 8 pixels, rounded and coded without loss, at one rate. La Grassa, Re, Cremonese and Gallo, ' +
    '“Hyperspectral Data Compression Using Fully Convolutional Autoencoder”, 2022.',
});
