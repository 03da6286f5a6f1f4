/**
 * Spoken language models: from a checkpoint folder to an answer. Start with {@link SpokenModels#open}, {@link
 * SpokenModel} and {@link sparrow.models.pool.Conversation}; a {@link Question} is spoken, encoded or typed, and an
 * {@link sparrow.models.pool.Answer} has text, tokens, speech and times. {@link PolicyFile} is an exit plan that was chosen for a model.
 *
 * <pre>{@code
 * try (ComputePool pool = new ComputePool(4);
 *         SpokenModel model = SpokenModels.open(folder, OpenOptions.NONE, Kernels.create(pool))) {
 *     ExitPlan plan = ExitPlan.speech(DepthPolicy.parse("even:36"));
 *     Conversation conversation =
 *             new Conversation(model, plan, model.defaultSampling(), Limits.newTokens(2000));
 *     Answer answer = conversation.ask(new Question.Spoken(WavFile.read(file)), ReplyListener.NONE);
 *     System.out.println(answer.text());
 * }
 * }</pre>
 *
 * <p>Several conversations with one model may run at the same time, each on its own thread. One conversation answers
 * one turn at a time and refuses a second one. The package knows families by their list alone ({@code Families}), and
 * no command line.
 */
package sparrow.models;
