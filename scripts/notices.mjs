// Writes THIRD_PARTY_NOTICES.md: every package that ships in the app or the command line, with
// its licence text. Run after changing dependencies.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const paths = execFileSync('npm', ['ls', '--omit=dev', '--all', '--parseable'], {
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'ignore'],
})
  .split('\n')
  .filter((path) => path.includes('node_modules'));

function licenceText(folder) {
  const file = readdirSync(folder).find((name) => /^(licen[cs]e|copying)(\.|$)/i.test(name));
  return file ? readFileSync(join(folder, file), 'utf8').trim() : undefined;
}

const packages = paths
  .map((folder) => ({
    ...JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')),
    text: licenceText(folder),
  }))
  .filter((entry) => !entry.name.startsWith('@types/'))
  .sort((a, b) => a.name.localeCompare(b.name));

// Most packages share a few texts word for word but for the copyright line; the full text of
// each distinct licence file is given once.
const groups = new Map();
for (const entry of packages) {
  const text = entry.text ?? `Licence: ${entry.license} (the package carries no text).`;
  groups.set(text, [...(groups.get(text) ?? []), entry]);
}

const sections = [...groups].map(([text, entries]) => {
  const names = entries.map((e) => `- ${e.name} ${e.version} (${e.license})`).join('\n');
  return `${names}\n\n\`\`\`text\n${text}\n\`\`\`\n`;
});
writeFileSync(
  'THIRD_PARTY_NOTICES.md',
  `# Third-party notices\n\nThe studio and its command line use the packages below. Made by \`npm run notices\`.\n\n${sections.join('\n')}`,
);
console.log(`${packages.length} packages, ${groups.size} licence texts`);
