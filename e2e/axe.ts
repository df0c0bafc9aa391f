import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** All that a theme can change: the rest of the page is the same. */
const OF_COLOUR = ['color-contrast', 'link-in-text-block'];

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

/** What axe finds on the page as it stands, in both themes: one line for each rule broken. */
export async function violationsOf(page: Page): Promise<readonly string[]> {
  const found: string[] = [];
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    await expect(page.locator('html')).toHaveAttribute('data-theme', colorScheme);
    await atRest(page);
    // The studio has no frames: one script in its own page sees all, in half the time.
    const axe = new AxeBuilder({ page }).setLegacyMode(true);
    const own = colorScheme === 'dark' ? axe.withTags(TAGS) : axe.withRules(OF_COLOUR);
    const { violations } = await own.analyze();
    for (const { id, nodes } of violations) {
      found.push(`${colorScheme}, ${id}, ${nodes.length} ×: ${nodes[0].html}`);
    }
  }
  return found;
}
