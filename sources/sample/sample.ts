/**
 * The folder of the bundled sample: real runs on small bugs, recorded by `record/`, in the layout and the
 * physical form of nvidia/Open-SWE-Traces. It lies beside this module, in the clone as in the package.
 */
export const sampleDirectory: URL = new URL('./data/', import.meta.url)
