import { describe, test } from 'vitest'
import { conformanceCases } from '../../conformance/index.js'
import { inMemory } from '../conformance/in-memory.js'

describe('memory', () => {
  for (const { title, run } of conformanceCases(inMemory())) test(title, run)
})
