import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'

const ROOT = resolve(import.meta.dirname, '..')
const BUNDLES: Readonly<Record<string, string>> = {
  'the package': process.env.MAILSYNC_DIST as string,
  'the action': join(process.env.MAILSYNC_DIST as string, 'action'),
}

/** The folders of packages that esbuild's own comments name in a bundle, one above each module: `// node_modules/…`. */
function bundledPackages(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /^(?!action).*\.js$/.test(file),
  )
  const text = files.map((file) => readFileSync(join(folder, file), 'utf8')).join('\n')
  const found = text.matchAll(/^ *\/\/ (\S*node_modules\/(?:@[^/\s]+\/)?[^/\s]+)\//gm)
  return [...new Set([...found].map(([, path = '']) => path))].sort()
}

const sectionsOf = (text: string): { names: string[]; text: string }[] =>
  text
    .split(/^={80}\n/m)
    .slice(1)
    .flatMap((part, index, parts) =>
      index % 2 === 0 ? [{ names: part.trim().split('\n'), text: (parts[index + 1] ?? '').trim() }] : [],
    )

describe.each(Object.entries(BUNDLES))('THIRD-PARTY-LICENSES of %s', (_, folder) => {
  const sections = sectionsOf(readFileSync(join(folder, 'THIRD-PARTY-LICENSES'), 'utf8'))

  test('names every package that is in the bundle, with its version, once', () => {
    const expected = bundledPackages(folder).map((path) => {
      const { name, version, license } = JSON.parse(readFileSync(join(ROOT, path, 'package.json'), 'utf8')) as Manifest
      return `${name} ${version} (${license})`
    })
    expect(expected.length).toBeGreaterThan(10)
    expect(sections.flatMap(({ names }) => names).sort()).toEqual([...new Set(expected)].sort())
  })

  test('has each text once, and each is the text of a license', () => {
    const texts = sections.map(({ text }) => text)
    expect(new Set(texts).size).toBe(texts.length)
    for (const text of texts) expect(text).toMatch(/licen[cs]e|permission to use/i)
  })
})

interface Manifest {
  readonly name: string
  readonly version: string
  readonly license: string
}

test('npm pack takes it along', () => {
  const { files } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { files: string[] }
  expect(files).toContain('dist')
  expect(files.filter((file) => file.startsWith('!'))).toEqual(['!dist/action'])
})

test('a package without the text of its license is not bundled at all', async () => {
  const { writeLicenses } = (await import(join(ROOT, 'third-party-licenses.mjs'))) as LicenseWriter
  const folder = mkdtempSync(join(tmpdir(), 'mailsync-licenses-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const bare = join(folder, 'node_modules/@scope/bare')
  mkdirSync(bare, { recursive: true })
  writeFileSync(join(bare, 'package.json'), '{ "name": "@scope/bare", "version": "1.0.0", "license": "MIT" }')
  const metafile = { outputs: { 'a.js': { inputs: { [join(bare, 'index.js')]: { bytesInOutput: 1 } } } } }
  await expect(writeLicenses(metafile, folder)).rejects.toThrow('@scope/bare has no text of its license')
  writeFileSync(join(bare, 'LICENSE.md'), 'MIT License\n')
  writeFileSync(join(bare, 'NOTICE'), 'Made by somebody.\n')
  await writeLicenses(metafile, folder)
  const [section] = sectionsOf(readFileSync(join(folder, 'THIRD-PARTY-LICENSES'), 'utf8'))
  expect(section).toEqual({ names: ['@scope/bare 1.0.0 (MIT)'], text: 'MIT License\n\nMade by somebody.' })
})

interface LicenseWriter {
  writeLicenses(metafile: object, folder: string): Promise<void>
}
