/**
 * Spoken language models. {@link SpokenModels#open} opens a checkpoint folder as a {@link SpokenModel}, with which a
 * {@link sparrow.models.pool.Conversation} is held. A {@link Question} is spoken, encoded or typed, and an
 * {@link sparrow.models.pool.Answer} contains text, tokens, speech and times. A {@link PolicyFile} contains an exit
 * plan that was chosen for a model.
 *
 * <pre>{@code
 * try (SpokenModel model = SpokenModels.open(folder);
 *         Conversation conversation = new Conversation(model)) {
 *     Answer answer = conversation.ask(new Question.Spoken(WavFile.read(file)));
 *     System.out.println(answer.text());
 * }
 * }</pre>
 *
 * <p>Several conversations with one model may run at the same time, each on its own thread. A conversation answers one
 * question at a time and throws an exception if another question is asked meanwhile. Exceptions for invalid input have
 * a one-line message.
 */
package sparrow.models;
