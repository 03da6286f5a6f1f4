/**
 * The alternation of text and speech in a reply. {@link InterleaveFormat} says how many of each make a chunk, {@link
 * TokenSpace} says what an id means, and {@link InterleaveTracker} follows a reply: which {@link Modality} is expected
 * next, and at which place of its chunk. Exit policies depend on that place (SPAR-K, section 4.2.1). The package knows
 * neither layers nor logits, and it forces nothing: the model has learned the pattern, and what it really decided
 * counts.
 *
 * <p>How positions are counted. In GLM-4-Voice, 26 speech positions follow after 13 text positions, then text again. A
 * speech token at a text position means that the text has ended. It counts as token 1 of a chunk, and speech continues in
 * chunks of 26. A text token at a speech position starts a new run of text. Step-Audio-2 has {@link SpeechMarks} for
 * the start and the end of speech. Between them every chunk of 4 speech tokens follows one text slot; outside of them
 * only text is expected. Once the text has ended, the slot holds padding, and the {@linkplain
 * InterleaveTracker#speechTail tail} of the speech begins.
 */
package sparrow.engine.interleave;
