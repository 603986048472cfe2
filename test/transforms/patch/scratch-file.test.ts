import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isScratchFile } from '../../../transforms/patch/scratch-file.ts'

const leftBehind = `
  reproduce_issue.py  repro.js  reproduce.go  src/repro_bug.ts  bug_repro.rb  reproduction/repro.rs
  debug_x.py  test_fix.py  test.js  TestFix.java  simple_test.py  verify_fix.py  check_analyzer.py  apply_fix.py
  test_plot.png  demo.py  tmp_script.sh  test2.py
  src/x.py.orig  src/x.py.rej  a/b.bak  .x.swp  x~  tmp/x.py  temp/x.c  scratch/x.go
  patch.txt  fix.patch  changes.diff  output.txt  test_output.txt  run.log  nohup.out  a.out
  pkg/__pycache__/x.cpython-312.pyc  x.egg-info/PKG-INFO  node_modules/left-pad/index.js  build/lib/x.py
  FIX_SUMMARY.md  SOLUTION.md
`
const meant = `
  src/x.py  tests/test_fix.py  src/debug_toolbar.py  pkg/x_test.go  x_test.go  main_test.go
  test-requirements.txt  test.yml  conftest.py  tests/repro_123.py  setup.py  README.md  patches/x.patch
  src/template.py  src/temp/x.py  docs/summary.md  contest.py  build/x.gradle  src/validate.py  fixtures.py
`
const listed = (text: string) => text.trim().split(/\s+/)

describe('a scratch file', () => {
  it('is known by its name and place', () => {
    for (const path of listed(leftBehind)) assert.ok(isScratchFile(path), path)
  })

  it('is not a file that a repository could own', () => {
    for (const path of listed(meant)) assert.ok(!isScratchFile(path), path)
  })
})
