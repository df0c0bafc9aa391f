import { expect, type Page } from '@playwright/test';
import axe, { type RunOptions } from 'axe-core';

const TAGS: RunOptions['runOnly'] = {
  type: 'tag',
  values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
};
/** All that a theme can change: the rest of the page is the same. */
const OF_COLOUR: RunOptions['runOnly'] = {
  type: 'rule',
  values: ['color-contrast', 'link-in-text-block'],
};

/** Changes of colour and opacity take a moment; between two colours no contrast holds. */
async function atRest(page: Page): Promise<void> {
  await page.evaluate(() =>
    Promise.allSettled(
      document
        .getAnimations()
        .filter(({ effect }) => effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY)
        .map(({ finished }) => finished),
    ),
  );
}

/** axe's violations; its script stays in the page. The studio has no frames. */
async function run(page: Page, runOnly: RunOptions['runOnly']) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source);
  return page.evaluate(async (only) => {
    const { axe: inPage } = window as unknown as { axe: typeof axe };
    const { violations } = await inPage.run(document, {
      runOnly: only,
      resultTypes: ['violations'],
    });
    return violations;
  }, runOnly);
}

/** What one theme breaks: one line for each rule. */
async function brokenIn(page: Page, rules: RunOptions['runOnly']): Promise<readonly string[]> {
  await atRest(page);
  const violations = await run(page, rules);
  return violations.map(({ id, nodes }) => `${id}, ${nodes.length} ×: ${nodes[0].html}`);
}

/**
 * Expects that axe finds nothing on the page as it stands, in both themes. What it finds while the
 * page changes (a picture arrives, a button comes alive) counts where it stays.
 */
export async function expectNoViolations(page: Page, at: string): Promise<void> {
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    await expect(page.locator('html')).toHaveAttribute('data-theme', colorScheme);
    const rules = colorScheme === 'dark' ? TAGS : OF_COLOUR;
    await expect
      .soft(async () => expect(await brokenIn(page, rules), `${at}, ${colorScheme}`).toEqual([]))
      .toPass({ timeout: 5_000 });
  }
}
