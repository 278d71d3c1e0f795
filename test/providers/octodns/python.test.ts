import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { never } from '../../../conformance/subject.js'
import { plugin } from '../../../providers/octodns/index.js'
import type { Provider } from '../../../providers/provider.js'
import { isOctodnsAvailable, missingOctodns, octodnsPython } from '../../servers/octodns.js'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mailsync-python-'))
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(folder, { recursive: true, force: true })
})

/** A program that says which one it is, as an interpreter that is none. */
async function speaking(path: string, word: string): Promise<void> {
  await program(path, `echo ${word}; exec sleep 100`)
}

async function program(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true })
  await writeFile(join(folder, path), `#!/bin/sh\n${text}\n`)
  await chmod(join(folder, path), 0o755)
}

const connect = (
  options: object = {},
  provider: object = { class: 'octodns_gandi.GandiProvider' },
): Promise<Provider> => plugin.connect(plugin.options({ provider, ...options }), { directory: folder, zones: [] })

const saidBy = (word: string): object => ({ message: `the bridge to octoDNS answered "${word}"` })

describe('where a spec names no interpreter', () => {
  beforeEach(async () => {
    await speaking('bin/python3', 'that-of-the-machine')
    vi.stubEnv('PATH', `${join(folder, 'bin')}${delimiter}${process.env.PATH}`)
  })

  test('it is .venv/bin/python beside the spec', async () => {
    await speaking('.venv/bin/python', 'that-beside-the-spec')
    await expect(connect()).rejects.toMatchObject(saidBy('that-beside-the-spec'))
  })

  test('it is python3 where there is none beside the spec', async () => {
    await expect(connect()).rejects.toMatchObject(saidBy('that-of-the-machine'))
  })

  test('it is python3 where what lies beside the spec cannot be run', async () => {
    await speaking('.venv/bin/python', 'that-beside-the-spec')
    await chmod(join(folder, '.venv/bin/python'), 0o644)
    await expect(connect()).rejects.toMatchObject(saidBy('that-of-the-machine'))
  })

  test('one that is named comes first', async () => {
    await speaking('.venv/bin/python', 'that-beside-the-spec')
    await speaking('own/python', 'that-of-the-spec')
    await expect(connect({ python: 'own/python' })).rejects.toMatchObject(saidBy('that-of-the-spec'))
    await expect(connect({ python: 'python3' })).rejects.toMatchObject(saidBy('that-of-the-machine'))
  })
})

test('where python3 has no octoDNS, the line makes the environment that is then found', async () => {
  await expect(connect()).rejects.toMatchObject({
    code: 'usage',
    message: expect.stringMatching(/^octoDNS is not installed for python3/),
    hint: `python3 -m venv ${folder}/.venv && ${folder}/.venv/bin/pip install 'octodns>=1.22' octodns-gandi`,
  })
})

if (isOctodnsAvailable)
  test('what was installed into .venv beside the spec is found there', async () => {
    vi.stubEnv('PYTHONPATH', resolve('test/providers/octodns/python'))
    await program('.venv/bin/python', `exec ${octodnsPython} "$@"`)
    await writeFile(join(folder, 'zones.json'), JSON.stringify({ 'example.com.': [] }))
    const provider = await connect({}, { class: 'mailsync_faulty.FaultyProvider', store: join(folder, 'zones.json') })
    expect(await provider.zones(never)).toEqual(['example.com.'])
    await provider.close?.()
  })
else test.skip(missingOctodns(), () => {})
