/**
 * Spoken language models. {@link SpokenModels#open} opens a checkpoint folder as a {@link SpokenModel}, with which a
 * {@link sparrow.models.pool.Conversation} is held. A {@link Question} is spoken, encoded or typed, and an
 * {@link sparrow.models.pool.Answer} contains text, tokens, speech and times. A {@link PolicyFile} contains an exit
 * plan that was chosen for a model.
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
 * <p>Several conversations with one model may run at the same time, each on its own thread. A conversation answers one
 * question at a time and throws an exception if another question is asked meanwhile. Exceptions for invalid input have
 * a one-line message.
 */
package sparrow.models;
