/**
 * Published figures, others' data on other images: they show where the field stands and are not
 * comparable with measured points sample by sample. PSNR in dB.
 */
export interface PublishedFigure {
  readonly id: string;
  readonly label: string;
  readonly psnr: number;
  /** Undefined where the source does not state it beside the PSNR. */
  readonly rate?: { readonly bpp: number; readonly bpppc: number };
  readonly source: string;
}

const BYJU =
  'Byju, Fuchs, Walda and Demir, “Generative Adversarial Networks for Spatio-Spectral Compression of Hyperspectral Images”, Table II, which states no rate';

export const PUBLISHED: readonly PublishedFigure[] = [
  {
    id: 'hyperprior-hyspecnet',
    label: 'Hyperprior on HySpecNet-11k',
    psnr: 38.99,
    rate: { bpp: 0.443, bpppc: 0.0022 },
    source: 'A hyperprior model on the data set HySpecNet-11k (Fuchs and Demir, 2023)',
  },
  {
    id: 'byju-se',
    label: 'HiFiC_SE, Byju et al.',
    psnr: 30.89,
    source: `HiFiC_SE (E and G, after norm): ${BYJU}`,
  },
  {
    id: 'byju-3d',
    label: 'HiFiC_3D, Byju et al.',
    psnr: 29.24,
    source: `HiFiC_3D (E initial, G final): ${BYJU}`,
  },
];
