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

/**
 * SHA-256 of each encoding's rank file as OpenAI publishes it (tiktoken_ext/openai_public.py): the ranks that are
 * counted with are equal to it, token by token.
 */
export const RANKS_SHA256: Readonly<Record<EncodingName, string>> = {
  cl100k_base: '223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7',
  o200k_base: '446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d',
  p50k_base: '94b5ca7dff4d00767bc256fdd1b27e5b17361d7b8a5f968547f9f23eb70d2069',
  r50k_base: '306cd27f03c1a714eca7108e03d66b7dc042abe8c258b44c199a7ed9838dd930',
}
