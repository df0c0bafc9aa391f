/**
 * Whether what JSON told nests no deeper than that. What goes through arrays in arrays recursively
 * (JSON.stringify, structured cloning) runs out of stack on thousands of them; reading JSON does not.
 */
export function isNestedAtMost(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.values(value).every((own) => isNestedAtMost(own, depth - 1));
}
