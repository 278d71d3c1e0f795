import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { DkimAlgorithm, DkimKeyRequest } from '../../../records/families/dkim/dkim-key.js'
import type { Name } from '../../../records/rr/name.js'
import { generateKeys } from '../../../src/dkim/keystore/generate-keys.js'

/** 2026-11-22, noon. */
export const NOW = 1_795_348_800

/** A keys directory that does not exist yet, in a folder that goes when the test ends. */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mailsync-keys-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return join(folder, 'keys')
}

export function wanted(domain: string, selector: string, algorithm: DkimAlgorithm = 'ed25519'): DkimKeyRequest {
  return { domain: domain as Name, selector, algorithm }
}

export function generate(directory: string, ...requests: DkimKeyRequest[]) {
  return generateKeys(directory, requests, { now: NOW, signal: new AbortController().signal })
}
