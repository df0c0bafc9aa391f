import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/** Axe finds nothing to complain of on the whole page as it is; `more`: tags of further rules. */
export async function expectAccessible(
  page: Page,
  where = 'the page',
  more: readonly string[] = [],
): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice', ...more])
    .analyze();
  expect(
    violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`),
    where,
  ).toEqual([]);
}
