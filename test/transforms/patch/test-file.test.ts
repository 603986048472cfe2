import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isTestFile } from '../../../transforms/patch/test-file.ts'

const tests = `
  tests/data/x.json  test/x.py  pkg/tests/__init__.py  src/test/java/App.java  src/androidTest/x.xml
  test_x.py  pkg/x_test.py  conftest.py  pkg/tests.py
  pkg/x_test.go  pkg/testdata/in.txt
  src/x.test.ts  src/x.spec.tsx  src/x.test.mjs  src/__tests__/x.js  src/x-test.js  spec/x.js  e2e/x.ts
  src/__snapshots__/x.snap  cypress/x.js  src/x.cy.ts  types.test-d.ts
  crates/x/tests/it.rs  src/tests.rs  src/x_test.rs
  FooTest.java  FooTests.java  TestFoo.java  FooTestCase.java  FooIT.java
  src/FooTest.php  spec/FooSpec.php  x/FooSpec.php  x/y.phpt
  x_test.c  test-x.c  x_unittest.cc  FooTest.cpp  unit-tests/x.cpp  unit_tests/x.h
`
const others = `
  src/x.py  src/latest.py  src/contest.go  src/attestation.rs  src/testing.py  src/x.ts  src/App.java
  src/protest/x.js  docs/specs.md  src/spec.go  docs/test-plan.md  src/HIT.java  src/UNIT.java  src/fastest/x.c
  attest/x.py  README.md
`
const listed = (text: string) => text.trim().split(/\s+/)

describe('a test file', () => {
  it('is known by its name or its directory', () => {
    for (const path of listed(tests)) assert.ok(isTestFile(path), path)
  })

  it('is not every file with test in its name', () => {
    for (const path of listed(others)) assert.ok(!isTestFile(path), path)
  })
})
