/**
 * Published figures, others' data on other images: they show where the field stands and are not
 * comparable with measured points sample by sample. PSNR in dB.
 */
export interface PublishedFigure {
  readonly id: string;
  /** Beside its mark in the chart. */
  readonly label: string;
  readonly model: string;
  readonly psnr: number;
  /** Undefined where the source does not state it beside the PSNR. */
  readonly rate?: { readonly bpp: number; readonly bpppc: number };
}

export interface Publication {
  readonly citation: string;
  readonly figures: readonly PublishedFigure[];
}

export const PUBLICATIONS: readonly Publication[] = [
  {
    citation: 'data set by Fuchs and Demir, IGARSS 2023',
    figures: [
      {
        id: 'hyperprior-hyspecnet',
        label: 'Hyperprior on HySpecNet-11k',
        model: 'Hyperprior model on HySpecNet-11k',
        psnr: 38.99,
        rate: { bpp: 0.443, bpppc: 0.0022 },
      },
    ],
  },
  {
    citation:
      'Byju, Fuchs, Walda and Demir, “Generative Adversarial Networks for Spatio-Spectral Compression of Hyperspectral Images”, Table II, which states no rate',
    figures: [
      {
        id: 'byju-se',
        label: 'HiFiC SE, Byju et al.',
        model: 'HiFiC SE (E and G, after norm)',
        psnr: 30.89,
      },
      {
        id: 'byju-3d',
        label: 'HiFiC 3D, Byju et al.',
        model: 'HiFiC 3D (E initial, G final)',
        psnr: 29.24,
      },
    ],
  },
];
