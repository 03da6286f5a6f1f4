/**
 * Exits of positions, and the heads that predict there. An {@link ExitPolicy} is a rule for one modality, an {@link
 * ExitPlan} has one for text and one for speech, and an {@link Exit} is one layer at which a position may leave. An
 * {@link ExitHead} predicts a token from the hidden state after its layer; {@link ExitHeads} are those of a model, read
 * from a file. {@link SkippedKv} says what happens to the layers above. Policies are values: they print as the notation
 * that they are parsed from.
 *
 * <pre>{@code
 * ExitPlan plan = ExitPlan.speech(ExitPolicy.parse("even:36"));    // SPAR-K: full depth and layer 36 in turn
 * plan.exits(Modality.SPEECH, 2, 40);                              // place 2 of a chunk: leaves after layer 36
 * ExitPolicy.parse("conf:20,28,36:0.5");                           // leaves where the entropy is below 0.5 nats
 * }</pre>
 *
 * <p>Schedules and the rules that they are compared with are those of SPAR-K, section 4; a head with a translator is a
 * tuned lens (arXiv 2303.08112). A {@link DraftHead} predicts further tokens from the state after the last layer. A file
 * of heads may name the fingerprint of its model, and another model then refuses it. The package does not decode: who
 * asks which head, and when, is decided in {@code sparrow.engine.decode}.
 *
 * <p>Policies, plans and heads do not change and are safe for several threads; each thread needs a {@link
 * sparrow.engine.transformer.Scorer}
 * of its own.
 */
package sparrow.engine.exit;
