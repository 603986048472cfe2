/** How an encoding cuts text into pieces before it merges bytes inside each piece. */
export type PieceRule = 'gpt2' | 'cl100k' | 'o200k'

/** The encodings that can be counted, by tiktoken's names. */
export type EncodingName = 'cl100k_base' | 'o200k_base' | 'p50k_base' | 'r50k_base'

/** The piece rule of each encoding (tiktoken_ext/openai_public.py, release 0.14.0). */
export const PIECE_RULES: Readonly<Record<EncodingName, PieceRule>> = {
  cl100k_base: 'cl100k',
  o200k_base: 'o200k',
  p50k_base: 'gpt2',
  r50k_base: 'gpt2',
}

/** Every encoding name, in a fixed order. */
export const ENCODING_NAMES = Object.keys(PIECE_RULES) as readonly EncodingName[]
