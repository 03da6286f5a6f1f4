/**
 * The alternation of text and speech in a reply. {@link InterleaveFormat} contains the numbers of text and speech
 * tokens per cycle, {@link TokenSpace} defines the meaning of ids, and {@link InterleaveTracker} computes the expected
 * {@link Modality} of the next unit and its position in the chunk. Exit policies depend on this position (SPAR-K,
 * section 4.2.1). The package does not restrict choices: the model has learned the pattern, and the tracker follows the
 * decided units.
 *
 * <p>Positions are counted as follows. In GLM-4-Voice, 13 text positions are followed by 26 speech positions, then by
 * text again. A speech token at a text position means that the text has ended. It is token 1 of a chunk, and speech
 * continues in chunks of 26. A text token at a speech position starts a new text run. Step-Audio-2 has
 * {@link SpeechMarks} for the start and end of speech. Between the marks, every chunk of 4 speech tokens follows one
 * text slot; outside the marks, only text is expected. After the end of the text, the slot contains padding and the
 * {@linkplain InterleaveTracker#speechTail speech tail} begins.
 */
package sparrow.engine.interleave;
