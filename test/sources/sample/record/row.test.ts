import assert from 'node:assert/strict'
import { test } from 'node:test'
import { patchOf } from '../../../../sources/sample/record/row.ts'

test('a patch counts its files and its changed lines, not its headers', () => {
  const diff = `diff --git a/one b/one
--- a/one
+++ b/one
@@ -1,2 +1,2 @@
 same
--- was a comment
+++ is one
diff --git a/two b/two
new file mode 100644
--- /dev/null
+++ b/two
@@ -0,0 +1 @@
+text
`
  assert.deepEqual(patchOf(diff), { patch: diff, num_modified_files: 2, num_modified_lines: 3 })
})

test('no diff is no files and no lines', () => {
  assert.deepEqual(patchOf(''), { patch: '', num_modified_files: 0, num_modified_lines: 0 })
})
