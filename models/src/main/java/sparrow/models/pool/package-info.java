/**
 * Many conversations with one model at the same time. A {@link sparrow.models.pool.ConversationPool} has one thread
 * that owns the model and decodes all replies in a continuous batch, and vocoder threads that generate audio. Start
 * with {@link sparrow.models.pool.Conversation}: open it, ask with a listener, cancel, truncate, and close it.
 *
 * <p>A conversation stores a list of {@link sparrow.models.chat.ChatTurn}s, and asks each question with a
 * {@link sparrow.models.chat.ChatHistory} that is created from the list. Keys and values are only a cache of this list.
 * The next question keeps the prefix that it has in common with a {@link sparrow.models.pool.KvSlot}, and evicted
 * tokens are prefilled again. An interruption, a deleted message and insufficient memory are therefore handled in the
 * same way.
 *
 * <p>The classes, from the interface to the implementation:
 *
 * <ul>
 *   <li>Callers use a {@link sparrow.models.pool.Conversation}, with or without a pool, or a
 *       {@link sparrow.models.pool.KvSlot} if they store the chat history themselves. A slot accepts one question at a
 *       time.
 *   <li>{@code Scheduler.turn} is the loop of the batch. It runs the commands in a {@code ModelThreadQueue}, admits
 *       replies within {@code KvMemory} and {@code maxReplies}, and computes the pass that {@code BatchPlanner} plans
 *       with the times of a {@code CostModel}.
 *   <li>{@code PooledRequest} is a reply with its states, and {@code ReplySpeech} is its audio, which the threads of
 *       {@code VocoderPool} generate. A {@link sparrow.models.pool.ReplyListener} is notified of both.
 * </ul>
 */
package sparrow.models.pool;
