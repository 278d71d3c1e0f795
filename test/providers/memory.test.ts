import { describe } from 'vitest'
import { certify } from '../conformance/certify.js'
import { inMemory } from '../conformance/in-memory.js'

describe('memory', () => {
  certify({ on: 'a Map', kind: 'memory' }, inMemory())
})
