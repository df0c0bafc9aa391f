import { gzipSync } from 'node:zlib';
import type { Browser, CDPSession, Page } from 'playwright';
import { peakRendererBytes } from './memory';

const PATIENCE_MS = 180_000;

/** Runs in the page before its own scripts: notes when the first picture stands on the screen. */
function watchFirstPicture() {
  const look = () => {
    const drawn = [...document.querySelectorAll('img, canvas')].some((one) => {
      const loaded = one instanceof HTMLImageElement ? one.complete && one.naturalWidth > 0 : true;
      const { width, top } = one.getBoundingClientRect();
      return loaded && width > 0 && top < innerHeight;
    });
    if (!drawn) requestAnimationFrame(look);
    // The frame that draws it ends before the next one begins.
    else requestAnimationFrame(() => performance.mark('first picture'));
  };
  requestAnimationFrame(look);
}

const firstPictureAt = (page: Page) =>
  page
    .waitForFunction(() => performance.getEntriesByName('first picture')[0]?.startTime, undefined, {
      timeout: PATIENCE_MS,
    })
    .then((handle) => handle.jsonValue());

export interface ColdLoad {
  readonly gzipBytes: number;
  readonly milliseconds: number;
}

/** Scripts fetched, those of workers included, and time until a picture is seen; nothing cached. */
export async function coldLoad(browser: Browser, url: string): Promise<ColdLoad> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  try {
    const page = await context.newPage();
    const scripts: Promise<number>[] = [];
    context.on('response', (response) => {
      if (!/\.m?js$/.test(new URL(response.url()).pathname)) return;
      scripts.push(
        response.body().then(
          (body) => gzipSync(body, { level: 9 }).length,
          () => 0,
        ),
      );
    });
    await page.addInitScript(watchFirstPicture);
    await page.goto(url);
    const milliseconds = (await firstPictureAt(page)) ?? Number.NaN;
    const sizes = await Promise.all([...scripts]);
    return { milliseconds, gzipBytes: sizes.reduce((sum, size) => sum + size, 0) };
  } finally {
    await context.close();
  }
}

/** The start page with its engine ready to encode. */
export async function openStudio(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.getByTestId('backend').filter({ hasText: ' on ' }).waitFor({ timeout: PATIENCE_MS });
}

/** Milliseconds of the longest task of the main thread over 50 ms while a whole scene is encoded; else 0. */
export async function longestTaskWhileEncoding(page: Page, url: string): Promise<number> {
  await openStudio(page, url);
  await page.getByTestId('sample-fields').click();
  await page.getByRole('combobox', { name: 'Patch size' }).click();
  await page.getByRole('option', { name: 'Whole scene' }).click();
  const encode = page.getByTestId('encode');
  await encode.click({ timeout: PATIENCE_MS, trial: true });
  await page.evaluate(() => {
    const tasks: number[] = [];
    Object.assign(window, { longTasks: tasks });
    new PerformanceObserver((list) =>
      tasks.push(...list.getEntries().map(({ duration }) => duration)),
    ).observe({ type: 'longtask' });
  });
  await encode.click();
  await page.getByTestId('psnr').waitFor({ timeout: PATIENCE_MS });
  await page.waitForTimeout(500);
  return page.evaluate(() =>
    Math.max(0, ...(window as unknown as { longTasks: number[] }).longTasks),
  );
}

async function mainThreadMs(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN);
}

const REPAINTS = 30;
/** Between steps of a drag: enough for each to be drawn. */
const STEP_MS = 60;
/** After it, until what waits for the slider's rest is done too. */
const REST_MS = 500;

/**
 * Main-thread milliseconds of a step of a band's slider that is moved on and on, every picture drawn
 * anew, and what follows once it rests.
 */
export async function bandRepaintMs(page: Page, files: string[]): Promise<number> {
  await page.getByTestId('file-input').setInputFiles(files);
  await page.getByTestId('scene-canvas').waitFor({ timeout: PATIENCE_MS });
  await page.waitForTimeout(1000);
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  await page.getByRole('slider', { name: 'Red band' }).focus();
  const idle = await workDuring(session, () => page.waitForTimeout(1000));
  const began = performance.now();
  const work = await workDuring(session, async () => {
    for (let i = 0; i < REPAINTS; i++) {
      await page.keyboard.press('ArrowRight');
      await page.waitForTimeout(STEP_MS);
    }
    await page.waitForTimeout(REST_MS);
  });
  const seconds = (performance.now() - began) / 1000;
  await session.detach();
  return (work - idle * seconds) / REPAINTS;
}

async function workDuring(session: CDPSession, during: () => Promise<void>): Promise<number> {
  const before = await mainThreadMs(session);
  await during();
  return (await mainThreadMs(session)) - before;
}

export interface LargeScene {
  readonly pictureMs: number;
  readonly patchMs: number;
  readonly bytes: number | undefined;
}

/** From the choice of the files to their picture; from the press of Encode to the patch's samples. */
export async function largeScene(page: Page, files: string[]): Promise<LargeScene> {
  let pictureMs = 0;
  let patchMs = 0;
  const bytes = await peakRendererBytes(async () => {
    await page.evaluate(() => {
      const input = document.querySelector('[data-testid="file-input"]');
      input?.addEventListener('change', () => performance.mark('chosen'), { capture: true });
      const look = () => {
        if (!document.querySelector('[data-testid="scene-canvas"]')) requestAnimationFrame(look);
        else requestAnimationFrame(() => performance.mark('shown'));
      };
      requestAnimationFrame(look);
    });
    await page.getByTestId('file-input').setInputFiles(files);
    await page.getByTestId('scene-canvas').waitFor({ timeout: PATIENCE_MS });
    pictureMs = await page
      .waitForFunction(() => performance.getEntriesByName('shown').length > 0)
      .then(() => page.evaluate(() => performance.measure('open', 'chosen', 'shown').duration));
    patchMs = await patchRead(page);
  });
  return { pictureMs, patchMs, bytes };
}

/** The job says what it does: the samples of the patch are there once it no longer reads them. */
async function patchRead(page: Page): Promise<number> {
  const encode = page.getByTestId('encode');
  await encode.click({ timeout: PATIENCE_MS, trial: true });
  const read = page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        let since = 0;
        document.querySelector('[data-testid="encode"]')?.addEventListener('click', () => {
          since = performance.now();
        });
        const look = () => {
          const label = document.querySelector('.job__text span')?.textContent;
          const reading = !label || /^(Starting|Reading the patch)$/.test(label);
          const ended = since > 0 && !label && document.querySelector('[data-testid="psnr"]');
          if (reading && !ended) requestAnimationFrame(look);
          else resolve(performance.now() - since);
        };
        requestAnimationFrame(look);
      }),
  );
  await encode.click();
  const milliseconds = await read;
  await page.getByTestId('psnr').waitFor({ timeout: PATIENCE_MS });
  return milliseconds;
}
