// Draws the icons of the installed studio from public/icon.svg: `npm run icons`, after changing it.
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright';
import { ensureBrowser } from './browser.mjs';

/** Share of the side that the mark takes; a mask may cut off a fifth on each side. */
const ICONS = [
  { name: '192', side: 192, share: 1, background: 'transparent' },
  { name: '512', side: 512, share: 1, background: 'transparent' },
  { name: 'maskable', side: 512, share: 0.6, background: '#15181b' },
];

const publicFolder = join(import.meta.dirname, '..', 'public');
const svg = readFileSync(join(publicFolder, 'icon.svg')).toString('base64');
mkdirSync(join(publicFolder, 'icons'), { recursive: true });
const browser = await chromium.launch({
  executablePath: ensureBrowser(),
  args: ['--no-sandbox'],
});
for (const { name, side, share, background } of ICONS) {
  const page = await browser.newPage({ viewport: { width: side, height: side } });
  await page.setContent(
    `<body style="margin:0;height:100vh;display:grid;place-items:center;background:${background}">
      <img width="${share * side}" src="data:image/svg+xml;base64,${svg}">`,
  );
  const path = join(publicFolder, 'icons', `${name}.png`);
  await page.screenshot({ path, omitBackground: true });
  await page.close();
}
await browser.close();
