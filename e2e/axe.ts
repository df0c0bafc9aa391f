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

/** What axe finds on the page as it stands, in both themes: one line for each rule broken. */
export async function violationsOf(page: Page): Promise<readonly string[]> {
  const found: string[] = [];
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    await expect(page.locator('html')).toHaveAttribute('data-theme', colorScheme);
    await atRest(page);
    const rules = colorScheme === 'dark' ? TAGS : OF_COLOUR;
    const violations = await run(page, rules);
    for (const { id, nodes } of violations) {
      found.push(`${colorScheme}, ${id}, ${nodes.length} ×: ${nodes[0].html}`);
    }
  }
  return found;
}
