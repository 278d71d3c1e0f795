import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'
import { describe, expect, test } from 'vitest'
import { bundledPackages, notices } from '../../notices.mjs'
import { temporaryFolder } from '../action/runner/installation.js'

const DIST = process.env.MAILSYNC_DIST as string

describe.each([
  ['the command', '', 'src/cli.ts', ['yargs', 'zod', 'node-forge', 'cloudflare', '@aws-sdk/client-route-53']],
  ['the action', 'action', 'src/action/index.ts', ['@actions/core', '@octokit/core', 'zod']],
])('the bundle of %s', (_, folder, entry, some) => {
  const text = readFile(join(DIST, folder, 'THIRD-PARTY-LICENSES'), 'utf8')

  test('has the name, version and licence of every package that is in it', async () => {
    const { metafile } = await build({
      entryPoints: [entry],
      bundle: true,
      // As the bundle itself: without it, more of a module that is loaded late stays in.
      splitting: true,
      outdir: 'unwritten',
      format: 'esm',
      platform: 'node',
      mainFields: ['module', 'main'],
      metafile: true,
      write: false,
    })
    const folders = bundledPackages(metafile)
    expect(folders).toEqual(expect.arrayContaining(some.map((name) => `node_modules/${name}`)))
    const lines = new Set((await text).split('\n'))
    for (const one of folders) {
      const { name, version, license } = JSON.parse(await readFile(join(one, 'package.json'), 'utf8'))
      const titles = String(license)
        .split(/[() ]+/)
        .map((id) => `${name} ${version} (${id})`)
      expect(
        titles.some((title) => lines.has(title)),
        `${name} ${version}`,
      ).toBe(true)
    }
  })

  test('has the texts of their licences', async () => {
    expect(await text).toContain('Apache License')
    expect(await text).toMatch(/Permission is hereby granted, free of charge/)
  })
})

test('a package whose licence asks for more than a notice stops the build', async () => {
  await expect(notices(['test/fixtures/copyleft'])).rejects.toThrow(
    'copyleft 1.0.0 may not be bundled: its licence is GPL-3.0-only',
  )
  await expect(notices(['test/fixtures/textless'])).rejects.toThrow(
    'textless 1.0.0 (MIT) may not be bundled: it has no text of its licence',
  )
})

describe('the text of a licence', () => {
  /** A folder with packages in it, each with its package.json and other files. */
  async function packages(all: Record<string, Record<string, string>>): Promise<string[]> {
    const root = await temporaryFolder()
    return Promise.all(
      Object.entries(all).map(async ([name, { repository, ...files }]) => {
        const folder = join(root, name)
        await mkdir(folder)
        const about = { name, version: '1.0.0', license: 'Apache-2.0', repository }
        await writeFile(join(folder, 'package.json'), JSON.stringify(about))
        for (const [file, text] of Object.entries(files)) await writeFile(join(folder, file), text)
        return folder
      }),
    )
  }

  test('is not what a NOTICE says, which goes with it', async () => {
    await expect(notices(await packages({ alone: { NOTICE: 'Copyright Alone' } }))).rejects.toThrow(
      'alone 1.0.0 (Apache-2.0) may not be bundled: it has no text of its licence',
    )
    const repository = 'github:acme/both'
    const both = await packages({
      full: { repository, LICENSE: 'The licence' },
      part: { repository, NOTICE: 'Copyright Part' },
    })
    expect(await notices(both)).toContain('part 1.0.0 (Apache-2.0)\n\nThe licence\n\nCopyright Part')
  })

  test('is not taken from a package that only has no repository either', async () => {
    const both = await packages({ full: { LICENSE: 'Copyright Full' }, without: {} })
    await expect(notices(both)).rejects.toThrow('without 1.0.0 (Apache-2.0) may not be bundled')
  })
})
